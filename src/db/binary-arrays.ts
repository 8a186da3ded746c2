/**
 * PostgreSQL's binary array format for parameters (array_send in arrayfuncs.c): header (dimensions, null flag, element
 * type, length, lower bound), then per element a length and its bytes. `pg` sends a Buffer parameter in binary, so a
 * batch of thousands of units costs no text formatting or parsing on either side. No nulls inside: every column is
 * filled. An array without elements is null itself, which costs the server nothing.
 */
const OID = { bool: 16, bytea: 17, int8: 20, int4: 23, text: 25, timestamptz: 1184, uuid: 2950 } as const;
const HEADER_BYTES = 20;
/** PostgreSQL counts microseconds from 2000-01-01T00:00:00Z. */
const EPOCH_MS = 946_684_800_000;
const TWO_32 = 2 ** 32;

export const int4Array = (values: readonly number[]): Buffer | null =>
  fixed(OID.int4, 4, values, (buffer, value, at) => buffer.writeInt32BE(value, at));

export const int8Array = (values: readonly bigint[]): Buffer | null =>
  fixed(OID.int8, 8, values, (buffer, value, at) => buffer.writeBigInt64BE(value, at));

export const boolArray = (values: readonly boolean[]): Buffer | null =>
  fixed(OID.bool, 1, values, (buffer, value, at) => buffer.writeUInt8(value ? 1 : 0, at));

/** From 32 hex digits each. */
export const uuidArray = (hexValues: readonly string[]): Buffer | null =>
  fixed(OID.uuid, 16, hexValues, (buffer, value, at) => buffer.write(value, at, 16, 'hex'));

/** From milliseconds since 1970 (UTC), whole ones. */
export const timestampArray = (values: readonly number[]): Buffer | null =>
  fixed(OID.timestamptz, 8, values, (buffer, value, at) => {
    const micros = (value - EPOCH_MS) * 1000;
    buffer.writeInt32BE(Math.floor(micros / TWO_32), at);
    buffer.writeInt32BE(micros | 0, at + 4);
  });

export function textArray(values: readonly string[]): Buffer | null {
  if (values.length === 0) return null;
  let bytes = HEADER_BYTES;
  for (const value of values) bytes += 4 + Buffer.byteLength(value);
  const buffer = Buffer.allocUnsafe(bytes);
  let at = header(buffer, OID.text, values.length);
  for (const value of values) {
    const written = buffer.write(value, at + 4);
    buffer.writeInt32BE(written, at);
    at += 4 + written;
  }
  return buffer.subarray(0, at);
}

export function byteaArray(values: readonly Uint8Array[]): Buffer | null {
  if (values.length === 0) return null;
  const bytes = values.reduce((total, value) => total + 4 + value.length, HEADER_BYTES);
  const buffer = Buffer.allocUnsafe(bytes);
  let at = header(buffer, OID.bytea, values.length);
  for (const value of values) {
    buffer.writeInt32BE(value.length, at);
    buffer.set(value, at + 4);
    at += 4 + value.length;
  }
  return buffer.subarray(0, at);
}

function fixed<Value>(
  oid: number,
  size: number,
  values: readonly Value[],
  write: (buffer: Buffer, value: Value, at: number) => void,
): Buffer | null {
  if (values.length === 0) return null;
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * (4 + size));
  let at = header(buffer, oid, values.length);
  for (const value of values) {
    buffer.writeInt32BE(size, at);
    write(buffer, value, at + 4);
    at += 4 + size;
  }
  return buffer.subarray(0, at);
}

function header(buffer: Buffer, oid: number, length: number): number {
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return HEADER_BYTES;
}
