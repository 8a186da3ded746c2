/**
 * All SQL of the vault: schema `vault`, the role causeway_vault, a small pool of its own. Rows never hold a number in the
 * clear or a verification value. Errors of the driver may quote row values: who logs one logs its code only.
 */
import pg from 'pg';
import { type Instant, instant } from '../base/clock.ts';

export interface CardRow {
  readonly token: string;
  readonly marketplace: string;
  readonly ciphertext: Buffer;
  readonly nonce: Buffer;
  readonly keyId: string;
  readonly brand: string;
  /** First six digits. */
  readonly bin: string;
  readonly last4: string;
  readonly expiryMonth: number;
  readonly expiryYear: number;
  readonly fingerprint: Buffer;
  readonly singleUse: boolean;
  /** The operation that used a single-use token. */
  readonly usedBy: string | null;
  /** Wall clock: until when a first use may begin. */
  readonly expiresAt: Instant;
  readonly createdAt: Instant;
}

export interface DataKeyRow {
  readonly keyId: string;
  readonly wrapped: Buffer;
  readonly createdAt: Instant;
}

export type Claim =
  | { readonly outcome: 'claimed'; readonly card: CardRow }
  | { readonly outcome: 'unknown_token' | 'token_used' | 'token_expired' };

export interface VaultStore {
  addCard(card: CardRow): Promise<void>;
  card(token: string): Promise<CardRow | null>;
  /** Marks the token as used by the operation, durable on return. The same operation may claim again, at any time. */
  claim(token: string, operation: string, now: Instant): Promise<Claim>;
  newestDataKey(): Promise<DataKeyRow | null>;
  dataKey(keyId: string): Promise<DataKeyRow | null>;
  addDataKey(row: DataKeyRow): Promise<void>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const CARD_COLUMNS = `token, marketplace, ciphertext, nonce, key_id as "keyId", brand, bin, last4,
  expiry_month as "expiryMonth", expiry_year as "expiryYear", fingerprint, single_use as "singleUse",
  used_by as "usedBy", expires_at as "expiresAt", created_at as "createdAt"`;

const INSERT_CARD = `
  insert into vault.cards (token, marketplace, ciphertext, nonce, key_id, brand, bin, last4, expiry_month, expiry_year,
                           fingerprint, single_use, used_by, expires_at, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`;

const SELECT_CARD = `select ${CARD_COLUMNS} from vault.cards where token = $1`;

// One statement decides and marks: of two operations at once, the row lock lets exactly one find used_by null.
const CLAIM_CARD = `
  update vault.cards
     set used_by = case when single_use then $2 else used_by end
   where token = $1 and ((single_use and used_by = $2) or ((not single_use or used_by is null) and expires_at > $3))
  returning ${CARD_COLUMNS}`;

const DATA_KEY_COLUMNS = 'key_id as "keyId", wrapped, created_at as "createdAt"';
const NEWEST_DATA_KEY = `select ${DATA_KEY_COLUMNS} from vault.data_keys order by created_at desc, key_id desc limit 1`;
const SELECT_DATA_KEY = `select ${DATA_KEY_COLUMNS} from vault.data_keys where key_id = $1`;
const INSERT_DATA_KEY = 'insert into vault.data_keys (key_id, wrapped, created_at) values ($1, $2, $3)';

/** The store on PostgreSQL. `onFault` hears of connections that broke while idle; the pool replaces them. */
export function openVaultStore(databaseUrl: string, onFault: (cause: unknown) => void): VaultStore {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 8,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    application_name: 'causeway-vault',
  });
  pool.on('error', onFault);
  const one = async (sql: string, values: readonly unknown[]): Promise<unknown> =>
    (await pool.query(sql, [...values])).rows[0];
  const card = async (token: string): Promise<CardRow | null> => toCard(await one(SELECT_CARD, [token]));

  return {
    card,
    addCard: async (row) => void (await pool.query(INSERT_CARD, cardValues(row))),
    claim: async (token, operation, now) => {
      const claimed = toCard(await one(CLAIM_CARD, [token, operation, now]));
      return claimed === null ? whyNot(await card(token)) : { outcome: 'claimed', card: claimed };
    },
    newestDataKey: async () => toDataKey(await one(NEWEST_DATA_KEY, [])),
    dataKey: async (keyId) => toDataKey(await one(SELECT_DATA_KEY, [keyId])),
    addDataKey: async (row) => void (await pool.query(INSERT_DATA_KEY, [row.keyId, row.wrapped, row.createdAt])),
    ping: async () => void (await pool.query('select 1')),
    close: () => pool.end(),
  };
}

/** Why a claim was refused, in this order: unknown, used, expired. */
export function whyNot(card: CardRow | null): Claim {
  if (card === null) return { outcome: 'unknown_token' };
  return { outcome: card.usedBy === null ? 'token_expired' : 'token_used' };
}

function cardValues(row: CardRow): unknown[] {
  return [
    row.token,
    row.marketplace,
    row.ciphertext,
    row.nonce,
    row.keyId,
    row.brand,
    row.bin,
    row.last4,
    row.expiryMonth,
    row.expiryYear,
    row.fingerprint,
    row.singleUse,
    row.usedBy,
    row.expiresAt,
    row.createdAt,
  ];
}

// The two casts below trust the column lists above, which name exactly the fields of the row types.
function toCard(row: unknown): CardRow | null {
  if (row === undefined) return null;
  const card = row as Omit<CardRow, 'expiresAt' | 'createdAt'> & { readonly expiresAt: Date; readonly createdAt: Date };
  return { ...card, expiresAt: instant(card.expiresAt.getTime()), createdAt: instant(card.createdAt.getTime()) };
}

function toDataKey(row: unknown): DataKeyRow | null {
  if (row === undefined) return null;
  const key = row as Omit<DataKeyRow, 'createdAt'> & { readonly createdAt: Date };
  return { ...key, createdAt: instant(key.createdAt.getTime()) };
}
