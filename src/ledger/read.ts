/** Reading postings as a person would: event, accounts by name, amount. */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { type IdPrefix, idFromUuid, uuidOf } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';

export interface Posting {
  readonly seq: bigint;
  readonly leg: number;
  readonly at: Instant;
  readonly event: string;
  readonly subject: string;
  readonly debit: { readonly name: string; readonly owner: string };
  readonly credit: { readonly name: string; readonly owner: string };
  readonly amount: Money;
}

interface RawPosting {
  readonly seq: bigint;
  readonly leg: number;
  readonly at: Instant;
  readonly type: string;
  readonly prefix: IdPrefix;
  readonly subject: string;
  readonly debitName: string;
  readonly debitOwner: string;
  readonly creditName: string;
  readonly creditOwner: string;
  readonly amount: bigint;
  readonly currency: Currency;
}

const SELECT = `select t.seq, t.leg, e.at, e.type, e.prefix, e.subject, d.name as "debitName", d.owner as "debitOwner",
    c.name as "creditName", c.owner as "creditOwner", t.amount, d.currency
  from transfers t join journal_events e on e.journal_id = 1 and e.seq = t.seq
  join accounts d on d.journal_id = 1 and d.id = t.debit join accounts c on c.journal_id = 1 and c.id = t.credit
  where t.journal_id = 1`;

/** Transfers of the events about the given subjects. */
export async function postingsOf(db: Queryable, subjects: readonly string[]): Promise<readonly Posting[]> {
  const seqs = await seqsOf(db, subjects.map(uuidOf));
  const { rows } = await db.query<RawPosting>(`${SELECT} and t.seq = any ($1::bigint[]) order by t.seq, t.leg`, [seqs]);
  return rows.map(decode);
}

/**
 * The seqs of the events about the given subjects (uuids). Asked for first: with seqs in hand PostgreSQL goes to the
 * partitions that have them, where a join would plan for all.
 */
export async function seqsOf(db: Queryable, subjects: readonly string[]): Promise<readonly bigint[]> {
  const { rows } = await db.query<{ seq: bigint }>(
    'select seq from journal_events where journal_id = 1 and subject = any ($1::uuid[])',
    [subjects],
  );
  return rows.map(({ seq }) => seq);
}

/** Transfers after `seq`, in order. */
export async function postingsAfter(db: Queryable, seq: bigint, limit: number): Promise<readonly Posting[]> {
  const { rows } = await db.query<RawPosting>(`${SELECT} and t.seq > $1 order by t.seq, t.leg limit $2`, [seq, limit]);
  return rows.map(decode);
}

const decode = (raw: RawPosting): Posting => ({
  seq: raw.seq,
  leg: raw.leg,
  at: raw.at,
  event: raw.type,
  subject: idFromUuid(raw.prefix, raw.subject),
  debit: { name: raw.debitName, owner: raw.debitOwner },
  credit: { name: raw.creditName, owner: raw.creditOwner },
  amount: money(raw.amount, raw.currency),
});
