/**
 * The vault's database: schema `vault`, the role causeway_vault, a small pool of its own; the SQL is in card-rows.ts and
 * key-rows.ts. Errors of the driver may quote row values: who logs one logs its code only.
 */
import pg from 'pg';
import { type CardRows, cardRows } from './card-rows.ts';
import { type KeyRows, keyRows } from './key-rows.ts';
import type { Query } from './query.ts';

export type { CardOwner, CardRow, Claim } from './card-rows.ts';
export { isKnownTo } from './card-rows.ts';
export type { DataKeyRow } from './key-rows.ts';

export interface VaultStore extends CardRows, KeyRows {
  /**
   * Runs `change` while no other process of this installation is inside this function; what it writes through `locked`
   * commits together. The lock is the database's, so a process that is killed holds it no longer.
   */
  exclusively<Value>(change: (locked: KeyRows) => Promise<Value>): Promise<Value>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

// Readers and the foreign key's check go on; a second holder of this lock waits.
const LOCK_KEYS = 'lock table vault.root_keys in share row exclusive mode';

/** The store on PostgreSQL. `onFault` hears of connections that broke while idle; the pool replaces them. */
export function openVaultStore(databaseUrl: string, onFault: (cause: unknown) => void): VaultStore {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 8,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    application_name: 'causeway-vault',
    // Plans are made once a connection. Every look is by a key, but without statistics of a young table a plan would be
    // made to read all of it, and kept.
    options: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off',
  });
  pool.on('error', onFault);
  const query = queryOf(pool);
  return {
    ...cardRows(query),
    ...keyRows(query),
    exclusively: (change) => exclusively(pool, change),
    ping: async () => void (await query('select 1', [])),
    close: () => pool.end(),
  };
}

/** Statements are constants of this folder, so that their names stay few. */
const queryOf =
  (connection: pg.Pool | pg.PoolClient): Query =>
  (text, values) =>
    connection.query({ name: nameOf(text), text, values: [...values] });

const names = new Map<string, string>();

/** A name for a statement, by which a connection finds what it has parsed and planned before. */
function nameOf(text: string): string {
  const name = names.get(text) ?? `vault-${names.size}`;
  names.set(text, name);
  return name;
}

async function exclusively<Value>(pool: pg.Pool, change: (locked: KeyRows) => Promise<Value>): Promise<Value> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(LOCK_KEYS);
    const value = await change(keyRows(queryOf(client)));
    await client.query('commit');
    client.release();
    return value;
  } catch (error) {
    // Closing the connection ends the transaction, also when the connection is what failed.
    client.release(true);
    throw error;
  }
}
