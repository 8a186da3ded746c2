/**
 * SQL of the cards. A row never holds a number in the clear or a verification value. Whether a token may be used is decided
 * and marked by one statement, so that of two operations at once exactly one gets a single-use token.
 */
import type { Instant } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { instantOf } from './key-rows.ts';
import type { Query } from './query.ts';

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
  /** Wall clock: until when a first use may begin. Null for a stored card, which lasts until it is deleted. */
  readonly expiresAt: Instant | null;
  readonly createdAt: Instant;
  /** Whose stored card it is, and the agreement it is kept under; null for a single-use token. */
  readonly buyer: string | null;
  readonly agreement: string | null;
  /** The single-use token a stored card was made of, unless it was stored at once. */
  readonly madeFrom: string | null;
}

/** Who a stored card belongs to: both, or it is nobody's. */
export interface CardOwner {
  readonly marketplace: string;
  readonly buyer: string;
}

export type Claim =
  | { readonly outcome: 'claimed'; readonly card: CardRow }
  | { readonly outcome: 'unknown_token' | 'token_used' | 'token_expired' };

export interface CardRows {
  addCard(card: CardRow): Promise<void>;
  /** Adds a stored card unless its single-use token has made one already; that one is the answer then. */
  addStoredCard(card: CardRow): Promise<CardRow>;
  card(token: string): Promise<CardRow | null>;
  /** Marks the token as used by the operation, durable on return. The same operation may claim again, at any time. */
  claim(token: string, operation: string, now: Instant): Promise<Claim>;
  /** A buyer's stored cards, newest first; at most 100. */
  storedCards(owner: CardOwner): Promise<readonly CardRow[]>;
  /** False when the owner has no such stored card. */
  deleteStoredCard(token: string, owner: CardOwner): Promise<boolean>;
  /** Deletes single-use tokens that expired before; how many they were. */
  purge(before: Instant): Promise<number>;
}

const COLUMNS = `token, marketplace, ciphertext, nonce, key_id as "keyId", brand, bin, last4,
  expiry_month as "expiryMonth", expiry_year as "expiryYear", fingerprint, single_use as "singleUse",
  used_by as "usedBy", expires_at as "expiresAt", created_at as "createdAt", buyer, agreement, made_from as "madeFrom"`;

const INSERT = `
  insert into vault.cards (token, marketplace, ciphertext, nonce, key_id, brand, bin, last4, expiry_month, expiry_year,
                           fingerprint, single_use, used_by, expires_at, created_at, buyer, agreement, made_from)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`;
const INSERT_ONCE = `${INSERT} on conflict (made_from) where made_from is not null do nothing`;

const ONE = `select ${COLUMNS} from vault.cards where token = $1`;
const MADE_FROM = `select ${COLUMNS} from vault.cards where made_from = $1`;

// One statement decides and marks: of two operations at once, the row lock lets exactly one find used_by null.
const CLAIM = `
  update vault.cards
     set used_by = case when single_use then $2 else used_by end
   where token = $1
     and ((single_use and used_by = $2)
          or ((not single_use or used_by is null) and (expires_at is null or expires_at > $3)))
  returning ${COLUMNS}`;

const STORED = `
  select ${COLUMNS} from vault.cards where buyer = $1 and marketplace = $2 order by created_at desc, token desc limit 100`;
const DELETE = 'delete from vault.cards where token = $1 and buyer = $2 and marketplace = $3';
// In portions: one statement must not hold locks on a day's cards.
const PURGE = `
  delete from vault.cards
   where token in (select token from vault.cards where single_use and expires_at < $1 order by expires_at limit 1000)`;

export function cardRows(query: Query): CardRows {
  const one = async (sql: string, values: readonly unknown[]): Promise<CardRow | null> =>
    (await query(sql, values)).rows.map(toCard)[0] ?? null;
  const card = (token: string): Promise<CardRow | null> => one(ONE, [token]);

  return {
    card,
    addCard: async (row) => void (await query(INSERT, valuesOf(row))),
    addStoredCard: async (row) => {
      const { rowCount } = await query(INSERT_ONCE, valuesOf(row));
      const there = rowCount === 1 ? row : await one(MADE_FROM, [row.madeFrom]);
      if (there !== null) return there;
      throw new Fault('stored_card_gone', 'the card made of this token was deleted just now', { retryable: true });
    },
    claim: async (token, operation, now) => {
      const claimed = await one(CLAIM, [token, operation, now]);
      return claimed === null ? whyNot(await card(token)) : { outcome: 'claimed', card: claimed };
    },
    storedCards: async ({ buyer, marketplace }) => (await query(STORED, [buyer, marketplace])).rows.map(toCard),
    deleteStoredCard: async (token, { buyer, marketplace }) =>
      (await query(DELETE, [token, buyer, marketplace])).rowCount === 1,
    purge: async (before) => (await query(PURGE, [before])).rowCount ?? 0,
  };
}

/** Why a claim was refused, in this order: unknown, used, expired. */
export function whyNot(card: CardRow | null): Claim {
  if (card === null) return { outcome: 'unknown_token' };
  return { outcome: card.usedBy === null ? 'token_expired' : 'token_used' };
}

const valuesOf = (row: CardRow): readonly unknown[] => [
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
  row.buyer,
  row.agreement,
  row.madeFrom,
];

// The cast trusts the column list above, which names exactly the fields of the row type.
const toCard = (row: Readonly<Record<string, unknown>>): CardRow => ({
  ...(row as unknown as CardRow),
  expiresAt: row.expiresAt === null ? null : instantOf(row.expiresAt),
  createdAt: instantOf(row.createdAt),
});
