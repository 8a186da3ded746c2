/**
 * What wraps the vault's data keys. Two keep this port: the sealed key file (key-file.ts) and a key management system over
 * HTTP (kms.ts). Each wrapped key says which key-encryption key wrapped it, so that several can be at work while one
 * follows another, and an installation can move from the file to a KMS by one rotation.
 */

/** What a wrapped key is for: sealing numbers, or keying their fingerprints. */
export type DataKeyPurpose = 'card' | 'fingerprint';

export interface WrappedKey {
  /** The key-encryption key that wrapped it: 1–200 of A–Z a–z 0–9 _ . : / -. */
  readonly rootKeyId: string;
  readonly wrapped: Buffer;
}

export interface KeyEncryption {
  /** The key that wraps from now on. @throws Fault, as all of these do. */
  currentKeyId(): Promise<string>;
  wrap(key: Buffer, context: string): Promise<WrappedKey>;
  /** The key. @throws Fault `cannot_open` when bytes, context or key-encryption key are not those of the wrapping. */
  unwrap(sealed: WrappedKey, context: string): Promise<Buffer>;
}

/** Key-encryption keys that the vault itself makes and throws away. */
export interface OwnKeys extends KeyEncryption {
  keyIds(): Promise<readonly string[]>;
  /** Makes a fresh key, current from now on and durable on return. */
  addKey(): Promise<string>;
  /** Throws a key away for good. @throws AssertionFailure for the current one. */
  removeKey(rootKeyId: string): Promise<void>;
  /** The fingerprint key, which key files of version 1 held; null in others. */
  inheritedFingerprintKey(): Promise<Buffer | null>;
}

export interface RootKeys {
  readonly provider: 'file' | 'kms';
  /** Wraps from now on. */
  readonly current: KeyEncryption;
  /** The sealed key file: the provider, or left from before the KMS; null when there is none. */
  readonly file: OwnKeys | null;
}

/** Opens with whoever holds the key: the file knows its own ids, every other id is the KMS's. */
export async function unwrapBy({ current, file }: RootKeys, sealed: WrappedKey, context: string): Promise<Buffer> {
  const ofFile = file !== null && (await file.keyIds()).includes(sealed.rootKeyId);
  return (ofFile ? file : current).unwrap(sealed, context);
}

/** What a wrapped key is bound to. Purposes differ, so that no row can stand in for one of another purpose. */
export const wrapContext = (purpose: DataKeyPurpose, keyId: string): string =>
  `${purpose === 'card' ? 'data-key' : 'fingerprint-key'}|${keyId}`;
