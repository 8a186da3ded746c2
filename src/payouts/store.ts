/** All SQL of payouts and their files. */
import type { Id } from '../base/ids.ts';
import { idFromUuid } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import { type Payout, type PayoutFile, payoutFiles, payouts } from './payout.ts';

export const findPayout = (db: Queryable, id: Id<'po'>): Promise<Payout | null> => loadRow(db, payouts, id);
export const findPayoutFile = (db: Queryable, id: Id<'pof'>): Promise<PayoutFile | null> =>
  loadRow(db, payoutFiles, id);

export const payoutsOfFile = (db: Queryable, file: Id<'pof'>): Promise<readonly Payout[]> =>
  findRows(db, payouts, 'file = $1 order by id', [file]);

export async function findPayoutByTrace(db: Queryable, trace: string): Promise<Payout | null> {
  return (await findRows(db, payouts, 'trace = $1 order by id desc limit 1', [trace]))[0] ?? null;
}

export async function findPayoutFileByReference(db: Queryable, reference: string): Promise<PayoutFile | null> {
  return (await findRows(db, payoutFiles, 'reference = $1', [reference]))[0] ?? null;
}

/** Payouts not handed to the bank yet, oldest first. */
export const unfiledPayouts = (db: Queryable, limit: number): Promise<readonly Payout[]> =>
  findRows(db, payouts, "state in ('initiated', 'awaiting_funds') order by id limit $1", [limit]);

export interface PayoutFilter {
  readonly marketplace: Id<'mkt'> | null;
  readonly seller: string | null;
  readonly states: readonly string[];
  readonly before: string;
  readonly limit: number;
}

export const listPayouts = (db: Queryable, filter: PayoutFilter): Promise<readonly Payout[]> =>
  findRows(
    db,
    payouts,
    `id < $1::uuid and ($2::text is null or marketplace = $2) and ($3::text is null or seller = $3)
      and (cardinality($4::text[]) = 0 or state = any ($4)) order by id desc limit $5`,
    [filter.before, filter.marketplace, filter.seller, filter.states, filter.limit],
  );

/** Sellers of a marketplace with something to be paid out in USD and nothing against it. */
export async function sellersToPay(db: Queryable, marketplace: Id<'mkt'>): Promise<readonly Id<'sel'>[]> {
  const { rows } = await db.query<{ id: string }>(
    `select s.id from sellers s
       join accounts a on a.owner = 'sel_' || replace(s.id::text, '-', '') and a.name = 'seller' and a.currency = 'USD'
      where s.marketplace = $1 and a.credits > a.debits and s.data -> 'payoutsBlocked' = 'null'::jsonb order by s.id`,
    [marketplace],
  );
  return rows.map(({ id }) => idFromUuid('sel', id));
}
