/**
 * The public keys of whoever signs messages, by version: both of two keys are good while their owner goes over from one to
 * the other. A version stands for one key for ever, and the last active key is not withdrawn.
 */
import type { Instant } from '../base/clock.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { readPublicKey } from './signature.ts';

export interface KeptKey {
  /** As the signature header names it. */
  readonly version: string;
  /** RSA, base64 of its SubjectPublicKeyInfo. */
  readonly publicKey: string;
  readonly state: 'active' | 'withdrawn';
  readonly addedAt: Instant;
}

export type KeyRefusal = Refusal<'invalid_public_key' | 'key_version_taken' | 'unknown_key_version' | 'last_key'>;

const BITS_MIN = 2048;

/** The keys with one more. */
export function addKey(
  keys: readonly KeptKey[],
  added: { readonly version: string; readonly publicKey: string; readonly at: Instant },
): Result<readonly KeptKey[], KeyRefusal> {
  const { version, publicKey: given, at } = added;
  if (keys.some((key) => key.version === version))
    return refuse('key_version_taken', 'this version is another key already', { pointer: '/version' });
  const publicKey = canonicalKey(given);
  return publicKey === null
    ? refuse('invalid_public_key', 'must be an RSA public key of 2048 bits or more, base64 of its SPKI or PEM', {
        pointer: '/publicKey',
      })
    : ok([...keys, { version, publicKey, state: 'active', addedAt: at }]);
}

/** The keys with one of them withdrawn: what is signed with it is refused from then on. */
export function withdrawKey(keys: readonly KeptKey[], version: string): Result<readonly KeptKey[], KeyRefusal> {
  const active = keys.filter(({ state }) => state === 'active');
  if (!active.some((key) => key.version === version))
    return refuse('unknown_key_version', 'no active key has this version', { pointer: '/version' });
  if (active.length === 1) return refuse('last_key', 'add the next key before this one is withdrawn');
  return ok(keys.map((key) => (key.version === version ? { ...key, state: 'withdrawn' } : key)));
}

/** Base64 of the SubjectPublicKeyInfo; null when it is no RSA key or a short one. */
function canonicalKey(text: string): string | null {
  try {
    const key = readPublicKey(text);
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < BITS_MIN) return null;
    return key.export({ type: 'spki', format: 'der' }).toString('base64');
  } catch {
    return null;
  }
}
