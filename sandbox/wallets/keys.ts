/** The keys of both sides: a wallet's own, made when first needed, and the hub's public ones, by version. */
import type { KeyObject } from 'node:crypto';
import type { Store } from '../base/store.ts';
import { type KeyTexts, makeKeys, privateKeyOf, publicKeyOf } from './message-signature.ts';

export interface WalletKey {
  readonly version: string;
  readonly key: KeyObject;
  /** SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
}

interface KeyRow {
  readonly version: bigint;
  readonly private_key: string;
  readonly public_key: string;
}

const LATEST = 'select * from wallet_key where wallet_id = ? order by version desc limit 1';
const read = new Map<string, WalletKey>();
const making = new Map<string, Promise<WalletKey>>();

/** The latest key of a wallet. */
export function walletKey(store: Store, walletId: string): Promise<WalletKey> {
  const row = store.first<KeyRow>(LATEST, walletId);
  if (row !== null) return Promise.resolve(readKey(row));
  const begun = making.get(walletId) ?? rotateKey(store, walletId).finally(() => making.delete(walletId));
  making.set(walletId, begun);
  return begun;
}

/** Makes the next version, which the wallet signs with from now on. */
export async function rotateKey(store: Store, walletId: string): Promise<WalletKey> {
  const made = await makeKeys();
  return store.transaction(() => {
    const version = (store.first<KeyRow>(LATEST, walletId)?.version ?? 0n) + 1n;
    const insert = 'insert into wallet_key (wallet_id, version, private_key, public_key) values (?, ?, ?, ?)';
    store.run(insert, walletId, version, made.privateKey, made.publicKey);
    return readKey({ version, private_key: made.privateKey, public_key: made.publicKey });
  });
}

function readKey({ version, private_key, public_key }: KeyRow): WalletKey {
  const known = read.get(private_key);
  if (known !== undefined) return known;
  const key = { version: String(version), key: privateKeyOf(private_key), publicKey: public_key };
  read.set(private_key, key);
  return key;
}

export interface HubDetails extends Pick<KeyTexts, 'publicKey'> {
  readonly url: string;
  readonly keyVersion: string;
}

/** A url alone is taken too: the hub's key may come later. */
export function setHub(store: Store, { url, publicKey, keyVersion }: Partial<HubDetails>): void {
  store.transaction(() => {
    if (url !== undefined)
      store.run(
        'insert into hub values (1, ?) on conflict (only) do update set url = excluded.url',
        url.replace(/\/+$/, ''),
      );
    if (publicKey !== undefined)
      store.run(
        'insert into hub_key values (?, ?) on conflict (version) do update set public_key = excluded.public_key',
        keyVersion ?? '1',
        publicKey,
      );
  });
}

export const hubUrl = (store: Store): string | null => store.first<{ url: string }>('select url from hub')?.url ?? null;

export function hubKey(store: Store, version: string): KeyObject | null {
  const row = store.first<{ public_key: string }>('select public_key from hub_key where version = ?', version);
  return row === null ? null : publicKeyOf(row.public_key);
}

export const hasHubKey = (store: Store): boolean => store.first('select version from hub_key limit 1') !== null;
