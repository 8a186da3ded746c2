/**
 * Keys of both sides of signed exchanges with the hub: a participant's own, made when it is first needed and kept by version, and
 * the hub's public ones, by version. A network signs with its latest; an old key of the hub goes on being good.
 */
import type { KeyObject } from 'node:crypto';
import { type KeyTexts, makeKeys, privateKeyOf, publicKeyOf } from './message-signature.ts';
import type { Store } from './store.ts';

/** The table of a network's own keys; `owner` is the column that says whose a key is. */
export interface KeyTable {
  readonly table: string;
  readonly owner: string;
}

export interface OwnKey {
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

/** What a network's schema needs for its exchanges. */
export const exchangeSchema = ({ table, owner }: KeyTable): string => `
  create table if not exists hub (only integer primary key check (only = 1), url text not null) strict;
  create table if not exists hub_key (version text primary key, public_key text not null) strict;
  create table if not exists ${table} (
    ${owner} text not null, version integer not null, private_key text not null, public_key text not null,
    primary key (${owner}, version)) strict;`;

const read = new Map<string, OwnKey>();
const making = new Map<string, Promise<OwnKey>>();

/** The latest key of an owner. */
export function latestKey(store: Store, of: KeyTable, owner: string): Promise<OwnKey> {
  const row = latestRow(store, of, owner);
  if (row !== null) return Promise.resolve(readKey(row));
  const begun = making.get(owner) ?? nextKey(store, of, owner).finally(() => making.delete(owner));
  making.set(owner, begun);
  return begun;
}

/** Makes the next version, which the owner signs with from now on. */
export async function nextKey(store: Store, of: KeyTable, owner: string): Promise<OwnKey> {
  const made = await makeKeys();
  return store.transaction(() => {
    const version = (latestRow(store, of, owner)?.version ?? 0n) + 1n;
    const insert = `insert into ${of.table} (${of.owner}, version, private_key, public_key) values (?, ?, ?, ?)`;
    store.run(insert, owner, version, made.privateKey, made.publicKey);
    return readKey({ version, private_key: made.privateKey, public_key: made.publicKey });
  });
}

const latestRow = (store: Store, { table, owner }: KeyTable, of: string): KeyRow | null =>
  store.first<KeyRow>(`select * from ${table} where ${owner} = ? order by version desc limit 1`, of);

function readKey({ version, private_key, public_key }: KeyRow): OwnKey {
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

/** What a network was started with: HUB_URL and HUB_PUBLIC_KEY, each of them or neither. */
export function setHubFrom(store: Store, { HUB_URL: url, HUB_PUBLIC_KEY: publicKey }: NodeJS.ProcessEnv): void {
  if (publicKey !== undefined && publicKeyOf(publicKey) === null) throw new Error('HUB_PUBLIC_KEY is no RSA key');
  setHub(store, { ...(url === undefined ? {} : { url }), ...(publicKey === undefined ? {} : { publicKey }) });
}

export const hubUrl = (store: Store): string | null => store.first<{ url: string }>('select url from hub')?.url ?? null;

export function hubKey(store: Store, version: string): KeyObject | null {
  const row = store.first<{ public_key: string }>('select public_key from hub_key where version = ?', version);
  return row === null ? null : publicKeyOf(row.public_key);
}

export const hasHubKey = (store: Store): boolean => store.first('select version from hub_key limit 1') !== null;
