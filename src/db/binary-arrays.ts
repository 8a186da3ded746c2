/**
 * PostgreSQL's binary array format for parameters (array_send in arrayfuncs.c): header (dimensions, null flag, element
 * type, length, lower bound), then per element a length and its bytes. `pg` sends a Buffer parameter in binary, so a
 * batch of thousands of units costs no text formatting or parsing on either side. No nulls: every column is filled.
 */
const OID = { bool: 16, bytea: 17, int8: 20, int4: 23, text: 25, uuid: 2950 } as const;
const HEADER_BYTES = 20;

export const int4Array = (values: readonly number[]): Buffer =>
  fixed(OID.int4, 4, values, (buffer, value, at) => buffer.writeInt32BE(value, at));

export const int8Array = (values: readonly bigint[]): Buffer =>
  fixed(OID.int8, 8, values, (buffer, value, at) => buffer.writeBigInt64BE(value, at));

export const boolArray = (values: readonly boolean[]): Buffer =>
  fixed(OID.bool, 1, values, (buffer, value, at) => buffer.writeUInt8(value ? 1 : 0, at));

/** From 32 hex digits each. */
export const uuidArray = (hexValues: readonly string[]): Buffer =>
  fixed(OID.uuid, 16, hexValues, (buffer, value, at) => buffer.write(value, at, 16, 'hex'));

export const textArray = (values: readonly string[]): Buffer =>
  variable(
    OID.text,
    values.map((value) => Buffer.from(value, 'utf8')),
  );

export const byteaArray = (values: readonly Uint8Array[]): Buffer => variable(OID.bytea, values);

function fixed<Value>(
  oid: number,
  size: number,
  values: readonly Value[],
  write: (buffer: Buffer, value: Value, at: number) => void,
): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + values.length * (4 + size));
  let at = header(buffer, oid, values.length);
  for (const value of values) {
    buffer.writeInt32BE(size, at);
    write(buffer, value, at + 4);
    at += 4 + size;
  }
  return buffer.subarray(0, at);
}

function variable(oid: number, values: readonly Uint8Array[]): Buffer {
  const bytes = values.reduce((total, value) => total + 4 + value.length, HEADER_BYTES);
  const buffer = Buffer.allocUnsafe(bytes);
  let at = header(buffer, oid, values.length);
  for (const value of values) {
    buffer.writeInt32BE(value.length, at);
    buffer.set(value, at + 4);
    at += 4 + value.length;
  }
  return buffer.subarray(0, at);
}

/** An empty array has no dimensions: 12 bytes instead of 20. */
function header(buffer: Buffer, oid: number, length: number): number {
  buffer.writeInt32BE(length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(oid, 8);
  if (length === 0) return 12;
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return HEADER_BYTES;
}
