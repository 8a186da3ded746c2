/**
 * A self-signed X.509 v3 certificate (RFC 5280) for a server of this machine, which Node reads but does not write: DER by
 * hand, a few tags of X.690. It is its own authority, so that a client can be told to trust exactly it.
 */
import { createPublicKey, hash, type KeyObject, sign } from 'node:crypto';
import { type Instant, instant, msOf } from '../base/clock.ts';
import { randomBytes } from '../base/random.ts';

export interface SelfSigned {
  /** RSA, private. */
  readonly key: KeyObject;
  /** Host names; the first is also the subject. */
  readonly names: readonly string[];
  /** IPv4. */
  readonly addresses: readonly string[];
  readonly from: Instant;
  readonly years: number;
}

/** The certificate in PEM. */
export function selfSigned({ key, names, addresses, from, years }: SelfSigned): string {
  const name = sequence(set(sequence(oid('2.5.4.3'), text(UTF8_STRING, names[0] ?? 'localhost'))));
  const until = instant(msOf(from) + years * 365 * 86_400_000);
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    SHA256_RSA,
    name,
    sequence(time(from), time(until)),
    name,
    spki,
    tagged(0xa3, sequence(...extensions({ names, addresses, spki }))),
  );
  const der = sequence(body, SHA256_RSA, bits(sign('sha256', body, key)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function extensions({ names, addresses, spki }: Pick<SelfSigned, 'names' | 'addresses'> & { readonly spki: Buffer }) {
  const alternatives = sequence(
    ...names.map((name) => text(0x82, name)),
    ...addresses.map((address) => tagged(0x87, Buffer.from(address.split('.').map(Number)))),
  );
  return [
    extension('2.5.29.17', alternatives),
    extension('2.5.29.19', sequence(TRUE), true), // basicConstraints: an authority, of itself
    extension('2.5.29.15', tagged(0x03, Buffer.from([2, 0xa4])), true), // digitalSignature, keyEncipherment, keyCertSign
    extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))), // serverAuth
    extension('2.5.29.14', octets(hash('sha1', spki, 'buffer'))),
  ];
}

const UTF8_STRING = 0x0c;

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

/** X.690 8.1.3: one byte below 128, otherwise their number and the bytes. */
function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const set = (...parts: readonly Buffer[]): Buffer => tagged(0x31, ...parts);
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes);
const octets = (bytes: Buffer): Buffer => tagged(0x04, bytes);
const bits = (bytes: Buffer): Buffer => tagged(0x03, Buffer.from([0]), bytes);
const text = (tag: number, value: string): Buffer => tagged(tag, Buffer.from(value, 'utf8'));
const TRUE = tagged(0x01, Buffer.from([0xff]));

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [TRUE] : []), octets(value));

/** GeneralizedTime from 2050 on, UTCTime before (RFC 5280, 4.1.2.5). */
function time(at: Instant): Buffer {
  const digits = `${at.slice(0, 19).replace(/\D/g, '')}Z`;
  return at < '2050' ? text(0x17, digits.slice(2)) : text(0x18, digits);
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): readonly number[] {
  const low = value & 0x7f;
  const high: number[] = [];
  for (let left = value >>> 7; left > 0; left >>>= 7) high.unshift((left & 0x7f) | 0x80);
  return [...high, low];
}

const SHA256_RSA = sequence(oid('1.2.840.113549.1.1.11'), tagged(0x05));
