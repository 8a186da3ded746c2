/** The checksum at the end of an EMVCo code: CRC-16 with polynomial x^16 + x^12 + x^5 + 1, start FFFF, four capital hex digits. */
export function emvChecksum(bytes: Buffer): string {
  let crc = 0xffff;
  for (const byte of bytes) {
    let folded = ((crc >> 8) ^ byte) & 0xff;
    folded ^= folded >> 4;
    crc = ((crc << 8) ^ (folded << 12) ^ (folded << 5) ^ folded) & 0xffff;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
}
