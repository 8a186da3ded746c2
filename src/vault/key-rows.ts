/**
 * SQL of the keys: wrapped data keys and the names of the key-encryption keys that wrapped them. A data key's row holds a
 * foreign key to that name, so of an insert and a removal at the same moment the database lets only one happen.
 */
import { type Instant, instant } from '../base/clock.ts';
import type { DataKeyPurpose, WrappedKey } from './key-encryption.ts';
import type { Query } from './query.ts';

export interface DataKeyRow extends WrappedKey {
  readonly keyId: string;
  readonly purpose: DataKeyPurpose;
  readonly createdAt: Instant;
}

export interface RootKeyRow {
  readonly rootKeyId: string;
  readonly registeredAt: Instant;
}

export interface KeyRows {
  newestDataKey(purpose: DataKeyPurpose): Promise<DataKeyRow | null>;
  dataKey(keyId: string): Promise<DataKeyRow | null>;
  /** All of them, oldest first. */
  dataKeys(): Promise<readonly DataKeyRow[]>;
  addDataKey(row: DataKeyRow): Promise<void>;
  /** Replaces the wrapping, unless somebody else did since `from` was read; then false. */
  rewrapDataKey(keyId: string, from: string, to: WrappedKey): Promise<boolean>;
  rootKeys(): Promise<readonly RootKeyRow[]>;
  /** Registering what is registered changes nothing. */
  registerRootKey(row: RootKeyRow): Promise<void>;
  /** False when it was not registered. @throws the database's refusal while a data key is wrapped by it. */
  unregisterRootKey(rootKeyId: string): Promise<boolean>;
  /** How many cards each data key has sealed. */
  cardsByDataKey(): Promise<ReadonlyMap<string, number>>;
}

const COLUMNS = 'key_id as "keyId", purpose, root_key_id as "rootKeyId", wrapped, created_at as "createdAt"';
const NEWEST = `select ${COLUMNS} from vault.data_keys where purpose = $1 order by created_at desc, key_id desc limit 1`;
const ONE = `select ${COLUMNS} from vault.data_keys where key_id = $1`;
const ALL = `select ${COLUMNS} from vault.data_keys order by created_at, key_id`;
const INSERT = `
  insert into vault.data_keys (key_id, purpose, root_key_id, wrapped, created_at) values ($1, $2, $3, $4, $5)`;
const REWRAP = `
  update vault.data_keys set root_key_id = $3, wrapped = $4 where key_id = $1 and root_key_id = $2`;
const ROOT_KEYS = `
  select root_key_id as "rootKeyId", registered_at as "registeredAt" from vault.root_keys order by registered_at, root_key_id`;
const REGISTER = `
  insert into vault.root_keys (root_key_id, registered_at) values ($1, $2) on conflict (root_key_id) do nothing`;
const UNREGISTER = 'delete from vault.root_keys where root_key_id = $1';
const CARDS = 'select key_id as "keyId", count(*)::int as cards from vault.cards group by key_id';

export function keyRows(query: Query): KeyRows {
  return {
    newestDataKey: async (purpose) => (await query(NEWEST, [purpose])).rows.map(toDataKey)[0] ?? null,
    dataKey: async (keyId) => (await query(ONE, [keyId])).rows.map(toDataKey)[0] ?? null,
    dataKeys: async () => (await query(ALL, [])).rows.map(toDataKey),
    addDataKey: async ({ keyId, purpose, rootKeyId, wrapped, createdAt }) =>
      void (await query(INSERT, [keyId, purpose, rootKeyId, wrapped, createdAt])),
    rewrapDataKey: async (keyId, from, to) =>
      (await query(REWRAP, [keyId, from, to.rootKeyId, to.wrapped])).rowCount === 1,
    rootKeys: async () =>
      (await query(ROOT_KEYS, [])).rows.map((row) => ({
        rootKeyId: String(row.rootKeyId),
        registeredAt: instantOf(row.registeredAt),
      })),
    registerRootKey: async ({ rootKeyId, registeredAt }) => void (await query(REGISTER, [rootKeyId, registeredAt])),
    unregisterRootKey: async (rootKeyId) => (await query(UNREGISTER, [rootKeyId])).rowCount === 1,
    cardsByDataKey: async () =>
      new Map((await query(CARDS, [])).rows.map((row) => [String(row.keyId), Number(row.cards)])),
  };
}

// The cast trusts the column list above, which names exactly the fields of the row type.
const toDataKey = (row: Readonly<Record<string, unknown>>): DataKeyRow => ({
  ...(row as unknown as DataKeyRow),
  createdAt: instantOf(row.createdAt),
});

/** The driver reads timestamps as Date. */
export const instantOf = (value: unknown): Instant => instant((value as Date).getTime());
