/**
 * A fresh idempotency key: a random UUID (RFC 9562, version 4). `crypto.randomUUID` exists only on https and localhost;
 * a console opened by address over plain http in a sandbox needs keys as well, and `getRandomValues` is always there.
 */
export function mintKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
