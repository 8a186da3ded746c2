/**
 * SQL of the cards. A row never holds a number in the clear or a verification value. Whether a token may be used, and by
 * whom, is decided and marked by one statement, so that of two operations at once exactly one gets a single-use token.
 *
 * What every payment asks for (a fresh token, a card, a claim) goes to the database together with what others ask for at
 * the same time (src/base/gather.ts). Invariant: every value is checked before it comes here, so that one ask cannot make
 * the statement of the others fail.
 */
import { type Instant, msOf } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { gather } from '../base/gather.ts';
import { byteaArray, int4Array, textArray, timestampArray } from '../db/binary-arrays.ts';
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

/** A wish to use a card. */
export interface Use {
  readonly token: string;
  /** Who may use a single-use token again. */
  readonly operation: string;
  readonly owner: Partial<CardOwner>;
  readonly now: Instant;
}

export type Claim =
  | { readonly outcome: 'claimed'; readonly card: CardRow }
  | { readonly outcome: 'unknown_token' | 'token_used' | 'token_expired' };

export interface CardRows {
  addCard(card: CardRow): Promise<void>;
  /** Adds a stored card unless its single-use token has made one already; that one is the answer then. */
  addStoredCard(card: CardRow): Promise<CardRow>;
  card(token: string): Promise<CardRow | null>;
  /**
   * Marks the token as used by the operation, durable on return. The same operation may claim again, at any time. For an
   * owner who may not know of the card it is unknown.
   */
  claim(use: Use): Promise<Claim>;
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

// Single-use cards, not used yet: nobody's, made of nothing, under no agreement.
const INSERT_SINGLE_USE = `
  insert into vault.cards (token, marketplace, ciphertext, nonce, key_id, brand, bin, last4, expiry_month, expiry_year,
                           fingerprint, single_use, expires_at, created_at)
  select token, marketplace, ciphertext, nonce, key_id, brand, bin, last4, expiry_month, expiry_year,
         fingerprint, true, expires_at, created_at
    from unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::int[], $10::int[], $11::bytea[], $12::timestamptz[], $13::timestamptz[])
      as new (token, marketplace, ciphertext, nonce, key_id, brand, bin, last4, expiry_month, expiry_year,
              fingerprint, expires_at, created_at)`;

const SOME = `select ${COLUMNS} from vault.cards where token = any ($1)`;
const MADE_FROM = `select ${COLUMNS} from vault.cards where made_from = $1`;

// One statement decides and marks: of two operations at once, the row lock lets exactly one find used_by null. An owner's
// part that was not named is ''. Who may know of a card is `isKnownTo`, said once more in SQL.
const CLAIM = `
  update vault.cards
     set used_by = case when single_use then operation else used_by end
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
      as asked (wanted, operation, for_marketplace, for_buyer, now)
   where token = wanted
     and case when single_use then for_marketplace in ('', marketplace)
              else for_marketplace = marketplace and for_buyer = buyer end
     and ((single_use and used_by = operation)
          or ((not single_use or used_by is null) and (expires_at is null or expires_at > now)))
  returning ${COLUMNS}`;

const STORED = `
  select ${COLUMNS} from vault.cards where buyer = $1 and marketplace = $2 order by created_at desc, token desc limit 100`;
const DELETE = 'delete from vault.cards where token = $1 and buyer = $2 and marketplace = $3';
// In portions: one statement must not hold locks on a day's cards.
const PURGE = `
  delete from vault.cards
   where token in (select token from vault.cards where single_use and expires_at < $1 order by expires_at limit 1000)`;

/** One statement of a kind at a time: the next gathers what comes meanwhile. */
const TOGETHER = { atOnce: 1, most: 200 };

export function cardRows(query: Query): CardRows {
  const madeFrom = async (token: string | null): Promise<CardRow | null> =>
    (await query(MADE_FROM, [token])).rows.map(toCard)[0] ?? null;
  const addSingleUse = gather(TOGETHER, async (rows: readonly CardRow[]) => {
    await query(INSERT_SINGLE_USE, arraysOf(rows));
    return rows.map(() => undefined);
  });
  const card = gather(TOGETHER, (tokens: readonly string[]) => loadCards(query, tokens));
  const claim = gather(TOGETHER, (uses: readonly Use[]) => claimCards(query, uses));

  return {
    card,
    addCard: async (row) => {
      const plain = row.singleUse && row.usedBy === null && row.buyer === null && row.expiresAt !== null;
      await (plain ? addSingleUse(row) : query(INSERT, valuesOf(row)));
    },
    addStoredCard: async (row) => {
      const { rowCount } = await query(INSERT_ONCE, valuesOf(row));
      const there = rowCount === 1 ? row : await madeFrom(row.madeFrom);
      if (there !== null) return there;
      throw new Fault('stored_card_gone', 'the card made of this token was deleted just now', { retryable: true });
    },
    claim: async (use) => {
      const claimed = await claim(use);
      return claimed === null ? whyNot(await card(use.token), use.owner) : { outcome: 'claimed', card: claimed };
    },
    storedCards: async ({ buyer, marketplace }) => (await query(STORED, [buyer, marketplace])).rows.map(toCard),
    deleteStoredCard: async (token, { buyer, marketplace }) =>
      (await query(DELETE, [token, buyer, marketplace])).rowCount === 1,
    purge: async (before) => (await query(PURGE, [before])).rowCount ?? 0,
  };
}

async function loadCards(query: Query, tokens: readonly string[]): Promise<readonly (CardRow | null)[]> {
  const found = byToken((await query(SOME, [tokens])).rows);
  return tokens.map((token) => found.get(token) ?? null);
}

/** A statement updates a row once, so of several uses of one token each has a statement of its own, in their order. */
async function claimCards(query: Query, uses: readonly Use[]): Promise<readonly (CardRow | null)[]> {
  const claims: (CardRow | null)[] = uses.map(() => null);
  let open = uses.map((use, index) => ({ ...use, index }));
  while (open.length > 0) {
    const first = new Map([...open].reverse().map((use) => [use.token, use]));
    // In one order, so that two processes that claim the same tokens wait for each other and do not block each other.
    const lot = [...first.values()].sort((a, b) => (a.token < b.token ? -1 : 1));
    const { rows } = await query(CLAIM, [
      textArray(lot.map(({ token }) => token)),
      textArray(lot.map(({ operation }) => operation)),
      textArray(lot.map(({ owner }) => owner.marketplace ?? '')),
      textArray(lot.map(({ owner }) => owner.buyer ?? '')),
      timestampArray(lot.map(({ now }) => msOf(now))),
    ]);
    const claimed = byToken(rows);
    for (const { token, index } of lot) claims[index] = claimed.get(token) ?? null;
    open = open.filter((use) => first.get(use.token) !== use);
  }
  return claims;
}

/** Whether whoever names this owner (or none) may know of the card: a stored card needs its own, named in full. */
export function isKnownTo(card: CardRow, owner: Partial<CardOwner>): boolean {
  if (card.singleUse) return owner.marketplace === undefined || owner.marketplace === card.marketplace;
  return owner.marketplace === card.marketplace && owner.buyer === card.buyer;
}

/** Why a claim was refused, in this order: unknown, used, expired. */
export function whyNot(card: CardRow | null, owner: Partial<CardOwner>): Claim {
  if (card === null || !isKnownTo(card, owner)) return { outcome: 'unknown_token' };
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

/** Single-use cards, column by column; `expiresAt` is there, as `addCard` has looked. */
const arraysOf = (rows: readonly CardRow[]): readonly unknown[] => [
  textArray(rows.map(({ token }) => token)),
  textArray(rows.map(({ marketplace }) => marketplace)),
  byteaArray(rows.map(({ ciphertext }) => ciphertext)),
  byteaArray(rows.map(({ nonce }) => nonce)),
  textArray(rows.map(({ keyId }) => keyId)),
  textArray(rows.map(({ brand }) => brand)),
  textArray(rows.map(({ bin }) => bin)),
  textArray(rows.map(({ last4 }) => last4)),
  int4Array(rows.map(({ expiryMonth }) => expiryMonth)),
  int4Array(rows.map(({ expiryYear }) => expiryYear)),
  byteaArray(rows.map(({ fingerprint }) => fingerprint)),
  timestampArray(rows.map(({ expiresAt, createdAt }) => msOf(expiresAt ?? createdAt))),
  timestampArray(rows.map(({ createdAt }) => msOf(createdAt))),
];

const byToken = (rows: readonly Readonly<Record<string, unknown>>[]): ReadonlyMap<string, CardRow> =>
  new Map(rows.map(toCard).map((card) => [card.token, card]));

// The cast trusts the column list above, which names exactly the fields of the row type.
const toCard = (row: Readonly<Record<string, unknown>>): CardRow => ({
  ...(row as unknown as CardRow),
  expiresAt: row.expiresAt === null ? null : instantOf(row.expiresAt),
  createdAt: instantOf(row.createdAt),
});
