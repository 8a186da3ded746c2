/**
 * The entries of one account: its side of each transfer, with the event that made it and the balance it left. Debits and
 * credits have an index each (account, seq), so a page is two short index scans merged by place, however long the history.
 */
import type { Instant } from '../base/clock.ts';
import { type IdPrefix, idFromUuid } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { type Account, accountUuid } from './account.ts';
import { type AccountName, chartLine } from './chart.ts';
import type { Position, Sums } from './sums.ts';

export interface Entry {
  readonly seq: bigint;
  readonly leg: number;
  readonly at: Instant;
  readonly event: string;
  readonly subject: string;
  /** The side of this account that was posted to. */
  readonly side: 'debit' | 'credit';
  readonly amount: Money;
  /** The account on the other side of the transfer. */
  readonly other: { readonly name: AccountName; readonly owner: string };
  /** Of the account after this entry, on its normal side. */
  readonly balance: Money;
}

/** An entry before its balance is known. */
export interface RawEntry {
  readonly seq: bigint;
  readonly leg: number;
  readonly side: 'debit' | 'credit';
  readonly amount: bigint;
  readonly at: Instant;
  readonly type: string;
  readonly prefix: IdPrefix;
  readonly subject: string;
  readonly otherName: AccountName;
  readonly otherOwner: string;
}

/** The balance on the normal side: positive is what the chart says the account means. */
export function balanceFrom({ name, currency }: Account, { debits, credits }: Sums): Money {
  return money(chartLine(name).side === 'debit' ? debits - credits : credits - debits, currency);
}

/** The sums once the entry is posted. */
export const withEntry = ({ debits, credits }: Sums, { side, amount }: RawEntry): Sums =>
  side === 'debit' ? { debits: debits + amount, credits } : { debits, credits: credits + amount };

/** The sums as they were before the entry. */
export const withoutEntry = ({ debits, credits }: Sums, { side, amount }: RawEntry): Sums =>
  side === 'debit' ? { debits: debits - amount, credits } : { debits, credits: credits - amount };

export const decodeEntry = (account: Account, raw: RawEntry, after: Sums): Entry => ({
  seq: raw.seq,
  leg: raw.leg,
  at: raw.at,
  event: raw.type,
  subject: idFromUuid(raw.prefix, raw.subject),
  side: raw.side,
  amount: money(raw.amount, account.currency),
  other: { name: raw.otherName, owner: raw.otherOwner },
  balance: balanceFrom(account, after),
});

/** Up to `limit` entries of the account before the place, the newest first. */
export const entriesBefore = (db: Queryable, account: Account, before: Position, limit: number): Promise<RawEntry[]> =>
  readPage(db, account, limit, {
    condition: 'seq <= $2 and (seq < $2 or leg < $3)',
    order: 'desc',
    values: [before.seq, before.leg],
  });

/** Up to `limit` entries of the account from the place on, up to and including `upTo`, in order. */
export const entriesFrom = (
  db: Queryable,
  account: Account,
  { from, upTo }: { readonly from: Position; readonly upTo: bigint },
  limit: number,
): Promise<RawEntry[]> =>
  readPage(db, account, limit, {
    condition: 'seq >= $2 and (seq > $2 or leg >= $3) and seq <= $5',
    order: 'asc',
    values: [from.seq, from.leg],
    more: [upTo],
  });

interface Page {
  /** On seq and leg; $2 and $3 are a place, $5 and on whatever `more` holds. */
  readonly condition: string;
  readonly order: 'asc' | 'desc';
  readonly values: readonly [seq: bigint, leg: number];
  readonly more?: readonly unknown[];
}

async function readPage(
  db: Queryable,
  account: Account,
  limit: number,
  { condition, order, values, more = [] }: Page,
): Promise<RawEntry[]> {
  const sorted = `order by seq ${order}, leg ${order} limit $4`;
  const side = (own: 'debit' | 'credit', other: 'debit' | 'credit'): string =>
    `(select seq, leg, '${own}' as side, amount, ${other} as other from transfers
       where journal_id = 1 and ${own} = $1 and ${condition} ${sorted})`;
  const { rows } = await db.query<RawEntry>(
    `select t.seq, t.leg, t.side, t.amount, e.at, e.type, e.prefix, e.subject, o.name as "otherName", o.owner as "otherOwner"
       from (select * from (${side('debit', 'credit')} union all ${side('credit', 'debit')}) both_sides ${sorted}) t
       join journal_events e on e.journal_id = 1 and e.seq = t.seq
       join accounts o on o.journal_id = 1 and o.id = t.other
      order by t.seq ${order}, t.leg ${order}`,
    [accountUuid(account), ...values, limit, ...more],
  );
  return rows;
}
