/**
 * Envelope encryption of card numbers. A data key (DEK) encrypts numbers; a key-encryption key (KEK, key-encryption.ts)
 * wraps data keys. Both use AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D §8.2.2: below 2^32 messages per
 * key). Invariant: a number opens only with the token, marketplace, key and, for a stored card, buyer it was sealed for,
 * because they are the additional authenticated data; swapped or edited rows fail instead of yielding another's card.
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { assert } from '../base/assert.ts';
import { Fault } from '../base/fault.ts';
import { randomBytes } from '../base/random.ts';

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What a sealed number is bound to. */
export interface CardBinding {
  readonly token: string;
  readonly marketplace: string;
  readonly keyId: string;
  /** Of a stored card; null for a single-use token. */
  readonly buyer: string | null;
}

export interface SealedNumber {
  /** Ciphertext followed by the 16-byte tag. */
  readonly ciphertext: Buffer;
  readonly nonce: Buffer;
}

/** Encrypts a card number for one token. */
export function sealNumber(dataKey: Buffer, binding: CardBinding, number: string): SealedNumber {
  return encrypt(dataKey, cardContext(binding), Buffer.from(number, 'ascii'));
}

/** The card number. @throws Fault `cannot_open` when key, token, marketplace, key id or bytes are not those sealed. */
export function openNumber(dataKey: Buffer, binding: CardBinding, sealed: SealedNumber): string {
  return decrypt(dataKey, cardContext(binding), sealed).toString('ascii');
}

/** A key wrapped by a KEK: nonce, ciphertext and tag in one piece, bound to its context. */
export function wrapKey(kek: Buffer, context: string, key: Buffer): Buffer {
  const { nonce, ciphertext } = encrypt(kek, Buffer.from(context, 'utf8'), key);
  return Buffer.concat([nonce, ciphertext]);
}

/** The key. @throws Fault `cannot_open` when it was wrapped by another KEK or for another context. */
export function unwrapKey(kek: Buffer, context: string, wrapped: Buffer): Buffer {
  const sealed = { nonce: wrapped.subarray(0, NONCE_BYTES), ciphertext: wrapped.subarray(NONCE_BYTES) };
  return decrypt(kek, Buffer.from(context, 'utf8'), sealed);
}

/** A keyed fingerprint: equal for equal numbers, useless without its key (PCI DSS 3.5.1.1: a keyed hash of the whole). */
export function fingerprintOf(fingerprintKey: Buffer, number: string): Buffer {
  return createHmac('sha256', handleOf(fingerprintKey)).update(number, 'ascii').digest();
}

/**
 * One card within a marketplace, under a name that shows neither number nor fingerprint: equal for equal numbers of one
 * marketplace, different between marketplaces, so that two of them cannot find out which buyers they share.
 */
export function fingerprintId(fingerprintKey: Buffer, marketplace: string, fingerprint: Buffer): string {
  const digest = createHmac('sha256', handleOf(fingerprintKey))
    .update(`${marketplace}|`, 'utf8')
    .update(fingerprint)
    .digest('hex');
  return `fp_${digest.slice(0, 32)}`;
}

const cardContext = ({ token, marketplace, keyId, buyer }: CardBinding): Buffer =>
  Buffer.from([token, marketplace, keyId, ...(buyer === null ? [] : [buyer])].join('|'), 'utf8');

function encrypt(key: Buffer, context: Buffer, plain: Buffer): SealedNumber {
  assert(key.length === KEY_BYTES, 'a vault key has 32 bytes');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', handleOf(key), nonce, { authTagLength: TAG_BYTES }).setAAD(context);
  return { nonce, ciphertext: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
}

function decrypt(key: Buffer, context: Buffer, { nonce, ciphertext }: SealedNumber): Buffer {
  try {
    const body = ciphertext.subarray(0, -TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', handleOf(key), nonce, { authTagLength: TAG_BYTES }).setAAD(
      context,
    );
    decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (cause) {
    throw new Fault('cannot_open', 'sealed bytes do not open with this key and context', { retryable: false, cause });
  }
}

const handles = new WeakMap<Buffer, KeyObject>();

/** The key as the cipher wants it: made once a key, which costs three times what sealing a number does. */
function handleOf(key: Buffer): KeyObject {
  const known = handles.get(key);
  if (known !== undefined) return known;
  const made = createSecretKey(key);
  handles.set(key, made);
  return made;
}
