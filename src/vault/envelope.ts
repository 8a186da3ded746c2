/**
 * Envelope encryption of card numbers. A data key (DEK) encrypts numbers; the key-encryption key (KEK) of the sealed key
 * file wraps data keys. Both use AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D §8.2.2: below 2^32 messages per
 * key). Invariant: a number opens only with the token, marketplace and key it was sealed for, because the three are the
 * additional authenticated data; swapped or edited rows fail instead of yielding another buyer's card.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
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

/** A data key wrapped by the KEK: nonce, ciphertext and tag in one piece, bound to its id. */
export function wrapDataKey(kek: Buffer, keyId: string, dataKey: Buffer): Buffer {
  const { nonce, ciphertext } = encrypt(kek, dataKeyContext(keyId), dataKey);
  return Buffer.concat([nonce, ciphertext]);
}

/** The data key. @throws Fault `cannot_open` when it was wrapped by another KEK or for another id. */
export function unwrapDataKey(kek: Buffer, keyId: string, wrapped: Buffer): Buffer {
  const sealed = { nonce: wrapped.subarray(0, NONCE_BYTES), ciphertext: wrapped.subarray(NONCE_BYTES) };
  return decrypt(kek, dataKeyContext(keyId), sealed);
}

/** A keyed fingerprint: equal for equal numbers, useless without its key (PCI DSS 3.5.1.1: a keyed hash of the whole). */
export function fingerprintOf(fingerprintKey: Buffer, number: string): Buffer {
  return createHmac('sha256', fingerprintKey).update(number, 'ascii').digest();
}

const cardContext = ({ token, marketplace, keyId }: CardBinding): Buffer =>
  Buffer.from(`${token}|${marketplace}|${keyId}`, 'utf8');

const dataKeyContext = (keyId: string): Buffer => Buffer.from(`data-key|${keyId}`, 'utf8');

function encrypt(key: Buffer, context: Buffer, plain: Buffer): SealedNumber {
  assert(key.length === KEY_BYTES, 'a vault key has 32 bytes');
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(context);
  return { nonce, ciphertext: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
}

function decrypt(key: Buffer, context: Buffer, { nonce, ciphertext }: SealedNumber): Buffer {
  try {
    const body = ciphertext.subarray(0, -TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(context);
    decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch (cause) {
    throw new Fault('cannot_open', 'sealed bytes do not open with this key and context', { retryable: false, cause });
  }
}
