/**
 * Rotation (PCI DSS 3.7.4): of the data key, so that new cards are sealed with a fresh one, and of the key-encryption key,
 * after which every data key is wrapped by the new one. Old data keys stay, for the cards they sealed. Old key-encryption
 * keys stay too until somebody removes them (3.7.5): a backup of the database from before the rotation needs them.
 *
 * Killed in the middle, a rotation of the key-encryption key leaves some data keys under the old key and some under the
 * new, and both keys in their place, so that everything opens. Asking again goes on where it stopped and makes no other key.
 */
import { assert } from '../base/assert.ts';
import { instant, wallNow } from '../base/clock.ts';
import { type RootKeys, wrapContext } from './key-encryption.ts';
import type { DataKeyRow } from './key-rows.ts';
import { addDataKey, type Keyring, unwrapRow } from './keyring.ts';
import type { VaultStore } from './store.ts';

export interface KeyDeps {
  readonly store: VaultStore;
  readonly keyring: Keyring;
  readonly rootKeys: RootKeys;
}

/** Makes a fresh data key, which seals every card from now on. Its id. */
export async function rotateDataKey({ store, keyring, rootKeys }: KeyDeps): Promise<string> {
  const { keyId } = await addDataKey(rootKeys, store, { purpose: 'card', first: false });
  await keyring.refresh();
  return keyId;
}

export interface RootRotation {
  readonly rootKeyId: string;
  /** Data keys that this call wrapped anew. */
  readonly rewrapped: number;
  /** True when an earlier rotation was found unfinished, and finished instead of making another key. */
  readonly resumed: boolean;
}

/**
 * Wraps every data key by the newest key-encryption key. A fresh one is made first, unless an earlier rotation is unfinished
 * or a KMS keeps the keys: a KMS rotates by its own schedule, and this call follows it.
 */
export async function rotateRootKey(deps: KeyDeps): Promise<RootRotation> {
  const { store, rootKeys } = deps;
  const { rootKeyId, resumed } = await store.exclusively(async (locked) => {
    const newest = await rootKeys.current.currentKeyId();
    const unfinished = (await locked.dataKeys()).some((row) => row.rootKeyId !== newest);
    const own = rootKeys.provider === 'file' ? rootKeys.file : null;
    const next = unfinished || own === null ? newest : await own.addKey();
    await locked.registerRootKey({ rootKeyId: next, registeredAt: instant(wallNow()) });
    return { rootKeyId: next, resumed: unfinished };
  });
  let rewrapped = 0;
  for (const row of await store.dataKeys()) {
    if (row.rootKeyId !== rootKeyId && (await rewrap(deps, row))) rewrapped += 1;
  }
  return { rootKeyId, rewrapped, resumed };
}

/** True when this call replaced the wrapping; false when another rotation did at the same time. */
async function rewrap({ store, rootKeys }: KeyDeps, row: DataKeyRow): Promise<boolean> {
  const { key } = await unwrapRow(rootKeys, row);
  const sealed = await rootKeys.current.wrap(key, wrapContext(row.purpose, row.keyId));
  // The old wrapping is gone after the next statement, so the new one is tried first.
  const opened = await unwrapRow(rootKeys, { ...row, ...sealed });
  assert(opened.key.equals(key), 'a key unwraps to itself');
  return store.rewrapDataKey(row.keyId, row.rootKeyId, sealed);
}

/**
 * Throws an old key-encryption key away. Refused for the current one and while a data key is wrapped by it. A key of a KMS is
 * only forgotten here; the KMS throws it away itself.
 */
export async function removeRootKey(
  { store, rootKeys }: KeyDeps,
  rootKeyId: string,
): Promise<'removed' | 'key_in_use' | 'unknown_key'> {
  return store.exclusively(async (locked) => {
    const inUse = (await locked.dataKeys()).some((row) => row.rootKeyId === rootKeyId);
    if (inUse || rootKeyId === (await rootKeys.current.currentKeyId())) return 'key_in_use';
    const registered = await locked.unregisterRootKey(rootKeyId);
    const inFile = (await rootKeys.file?.keyIds())?.includes(rootKeyId) ?? false;
    // The last key of a file that a KMS has replaced is removed with the file, by the operator.
    if (inFile && rootKeyId !== (await rootKeys.file?.currentKeyId())) await rootKeys.file?.removeKey(rootKeyId);
    return registered || inFile ? 'removed' : 'unknown_key';
  });
}

/** What GET /v1/keys shows: ids, ages and counts, never a key. */
export async function describeKeys({ store, keyring, rootKeys }: KeyDeps): Promise<Readonly<Record<string, unknown>>> {
  const current = await rootKeys.current.currentKeyId();
  const dataKeys = await store.dataKeys();
  const cards = await store.cardsByDataKey();
  const registered = new Map((await store.rootKeys()).map((row) => [row.rootKeyId, row.registeredAt]));
  const inFile = (await rootKeys.file?.keyIds()) ?? [];
  return {
    provider: rootKeys.provider,
    rootKeys: [...new Set([...registered.keys(), ...inFile, current])].map((id) => ({
      id,
      current: id === current,
      inKeyFile: inFile.includes(id),
      wraps: dataKeys.filter((row) => row.rootKeyId === id).length,
      registeredAt: registered.get(id) ?? null,
    })),
    dataKeys: dataKeys.map(({ keyId, purpose, rootKeyId, createdAt }) => ({
      id: keyId,
      purpose,
      current: keyId === keyring.current.keyId,
      rootKey: rootKeyId,
      cards: cards.get(keyId) ?? 0,
      createdAt,
    })),
    // Above zero: a rotation of the key-encryption key has begun and not finished.
    toRewrap: dataKeys.filter((row) => row.rootKeyId !== current).length,
  };
}
