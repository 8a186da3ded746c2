/**
 * The keys at work: the root keys, the data key that new cards are sealed with, and those of older cards on demand.
 * Invariant: a vault whose key file does not open the stored data keys does not start; it must not go on with fresh keys
 * beside cards that nobody can open any more.
 */
import { instant, wallNow } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { newId } from '../base/ids.ts';
import { randomBytes } from '../base/random.ts';
import { fingerprintOf, KEY_BYTES, unwrapDataKey, wrapDataKey } from './envelope.ts';
import { createKeyFile, type RootKeys, readKeyFile } from './key-file.ts';
import type { DataKeyRow, VaultStore } from './store.ts';

export interface DataKey {
  readonly keyId: string;
  readonly key: Buffer;
}

export interface Keyring {
  /** Seals new cards. */
  readonly current: DataKey;
  /** The data key of that id. @throws Fault when it is unknown or was wrapped by another KEK. */
  dataKey(keyId: string): Promise<Buffer>;
  fingerprint(number: string): Buffer;
}

/** Opens the keys, creating the key file and the first data key on a fresh installation. */
export async function openKeyring(keyFile: string, store: VaultStore): Promise<Keyring> {
  const newest = await store.newestDataKey();
  const root = await rootKeys(keyFile, newest !== null);
  const current = newest === null ? await createDataKey(root, store) : unwrap(root, newest);
  const known = new Map([[current.keyId, current.key]]);
  return {
    current,
    fingerprint: (number) => fingerprintOf(root.fingerprintKey, number),
    dataKey: async (keyId) => {
      const cached = known.get(keyId);
      if (cached !== undefined) return cached;
      const row = await store.dataKey(keyId);
      if (row === null) throw new Fault('unknown_data_key', `no data key ${keyId}`, { retryable: false });
      const { key } = unwrap(root, row);
      known.set(keyId, key);
      return key;
    },
  };
}

async function rootKeys(keyFile: string, cardsMayExist: boolean): Promise<RootKeys> {
  const keys = await readKeyFile(keyFile);
  if (keys !== null) return keys;
  if (!cardsMayExist) return createKeyFile(keyFile);
  throw new Fault('key_file', `stored cards exist, but their key file ${keyFile} is missing`, { retryable: false });
}

async function createDataKey(root: RootKeys, store: VaultStore): Promise<DataKey> {
  const keyId = newId('key');
  const key = randomBytes(KEY_BYTES);
  await store.addDataKey({ keyId, wrapped: wrapDataKey(root.kek, keyId, key), createdAt: instant(wallNow()) });
  return { keyId, key };
}

const unwrap = (root: RootKeys, { keyId, wrapped }: DataKeyRow): DataKey => ({
  keyId,
  key: unwrapDataKey(root.kek, keyId, wrapped),
});
