/**
 * The keys at work: the data key that new cards are sealed with, those of older cards on demand, and the fingerprint key.
 * All are stored wrapped (key-encryption.ts) and unwrapped into memory once.
 *
 * Invariant: a vault whose key-encryption keys do not open the stored data keys does not start; it must not go on with
 * fresh keys beside cards that nobody can open any more.
 */
import { instant, wallNow } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { newId } from '../base/ids.ts';
import { randomBytes } from '../base/random.ts';
import { fingerprintId, fingerprintOf, KEY_BYTES } from './envelope.ts';
import { type DataKeyPurpose, type RootKeys, unwrapBy, wrapContext } from './key-encryption.ts';
import { createKeyFile, openKeyFile } from './key-file.ts';
import type { DataKeyRow, KeyRows } from './key-rows.ts';
import { type KmsSettings, kmsKeys } from './kms.ts';
import type { VaultStore } from './store.ts';

export interface DataKey {
  readonly keyId: string;
  readonly key: Buffer;
}

export interface Keyring {
  /** Seals new cards; another one after a rotation. */
  readonly current: DataKey;
  /** The data key of that id. @throws Fault when it is unknown or does not unwrap. */
  dataKey(keyId: string): Promise<Buffer>;
  /** Equal for equal numbers; never leaves the vault. */
  fingerprint(number: string): Buffer;
  /** The same for one marketplace, to be shown. */
  fingerprintId(marketplace: string, fingerprint: Buffer): string;
  /** Takes up a data key that another process made current. */
  refresh(): Promise<void>;
}

/** The key-encryption keys: a KMS when there is one, otherwise the key file, created on a fresh installation. */
export async function openRootKeys(keyFile: string, kms: KmsSettings | null, store: VaultStore): Promise<RootKeys> {
  const file = await openKeyFile(keyFile);
  if (kms !== null) return { provider: 'kms', current: kmsKeys(kms), file };
  if (file !== null) return { provider: 'file', current: file, file };
  if ((await store.newestDataKey('card')) !== null) {
    // Two vaults that start together: the other one may have made the file and its first key since we looked.
    const late = await openKeyFile(keyFile);
    if (late !== null) return { provider: 'file', current: late, file: late };
    throw new Fault('key_file', `stored cards exist, but their key file ${keyFile} is missing`, { retryable: false });
  }
  const created = await createKeyFile(keyFile);
  return { provider: 'file', current: created, file: created };
}

/** Unwraps the keys, creating the first ones on a fresh installation. */
export async function openKeyring(root: RootKeys, store: VaultStore): Promise<Keyring> {
  const newest = async (): Promise<DataKey> => {
    const row = await store.newestDataKey('card');
    return row === null ? addDataKey(root, store, { purpose: 'card', first: true }) : unwrapRow(root, row);
  };
  const fingerprintKey = await openFingerprintKey(root, store);
  let current = await newest();
  const known = new Map([[current.keyId, current.key]]);
  return {
    get current() {
      return current;
    },
    fingerprint: (number) => fingerprintOf(fingerprintKey, number),
    fingerprintId: (marketplace, fingerprint) => fingerprintId(fingerprintKey, marketplace, fingerprint),
    dataKey: async (keyId) => {
      const cached = known.get(keyId);
      if (cached !== undefined) return cached;
      const row = await store.dataKey(keyId);
      if (row?.purpose !== 'card') throw new Fault('unknown_data_key', `no data key ${keyId}`, { retryable: false });
      const { key } = await unwrapRow(root, row);
      known.set(keyId, key);
      return key;
    },
    refresh: async () => {
      if ((await store.newestDataKey('card'))?.keyId === current.keyId) return;
      current = await newest();
      known.set(current.keyId, current.key);
    },
  };
}

interface NewDataKey {
  readonly purpose: DataKeyPurpose;
  /** Make none when there is one by now: two processes may start at once. */
  readonly first: boolean;
  /** Take this one instead of a fresh one. */
  readonly key?: Buffer | null;
}

/**
 * A data key, wrapped and stored. Wrapping and storing are one exclusive step, so that the key-encryption key cannot be
 * thrown away in between; with a KMS that means a few milliseconds of network inside a transaction, some times a year.
 */
export async function addDataKey(root: RootKeys, store: VaultStore, wanted: NewDataKey): Promise<DataKey> {
  const { purpose, first } = wanted;
  const made = await store.exclusively(async (locked: KeyRows) => {
    if (first && (await locked.newestDataKey(purpose)) !== null) return null;
    const keyId = newId('key');
    const key = wanted.key ?? randomBytes(KEY_BYTES);
    const now = instant(wallNow());
    const sealed = await root.current.wrap(key, wrapContext(purpose, keyId));
    await locked.registerRootKey({ rootKeyId: sealed.rootKeyId, registeredAt: now });
    await locked.addDataKey({ keyId, purpose, ...sealed, createdAt: now });
    return { keyId, key };
  });
  return made ?? unwrapRow(root, await storedKey(store, purpose));
}

async function openFingerprintKey(root: RootKeys, store: VaultStore): Promise<Buffer> {
  const row = await store.newestDataKey('fingerprint');
  if (row !== null) return (await unwrapRow(root, row)).key;
  const inherited = (await root.file?.inheritedFingerprintKey()) ?? null;
  return (await addDataKey(root, store, { purpose: 'fingerprint', first: true, key: inherited })).key;
}

async function storedKey(store: VaultStore, purpose: DataKeyPurpose): Promise<DataKeyRow> {
  const row = await store.newestDataKey(purpose);
  if (row === null) throw new Fault('unknown_data_key', `no key for ${purpose}`, { retryable: false });
  return row;
}

export const unwrapRow = async (root: RootKeys, row: DataKeyRow): Promise<DataKey> => ({
  keyId: row.keyId,
  key: await unwrapBy(root, row, wrapContext(row.purpose, row.keyId)),
});
