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
  const { rows } = await db.query<RawPosting>(
    `${SELECT} and t.seq in (select seq from journal_events where journal_id = 1 and subject = any ($1::uuid[])) order by t.seq, t.leg`,
    [subjects.map(uuidOf)],
  );
  return rows.map(decode);
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
