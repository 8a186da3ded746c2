/** All SQL of payouts, their runs and their files. */
import { type Id, uuidOf } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import { type BankAccount, type Seller, sellers } from '../parties/index.ts';
import { type BalanceTransfer, balanceTransfers } from './balance-transfer.ts';
import { type Conversion, conversions } from './conversion.ts';
import { type Payout, type PayoutFile, payoutFiles, payouts } from './payout.ts';
import { type PayoutRun, payoutRuns } from './payout-run.ts';

/** Below every id there is. */
const OLDEST = '0'.repeat(32);

export const findPayout = (db: Queryable, id: Id<'po'>): Promise<Payout | null> => loadRow(db, payouts, id);
export const findPayoutFile = (db: Queryable, id: Id<'pof'>): Promise<PayoutFile | null> =>
  loadRow(db, payoutFiles, id);

export const findBalanceTransfer = (db: Queryable, id: Id<'trf'>): Promise<BalanceTransfer | null> =>
  loadRow(db, balanceTransfers, id);

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

/** Those of them that no word was said about yet, oldest first. */
export const initiatedPayouts = (db: Queryable, limit: number): Promise<readonly Payout[]> =>
  findRows(db, payouts, "state = 'initiated' order by id limit $1", [limit]);

/** Payouts of one seller that are not handed to the bank yet, newest first. */
export const unfiledPayoutsOf = (db: Queryable, seller: Id<'sel'>): Promise<readonly Payout[]> =>
  findRows(db, payouts, "seller = $1 and state in ('initiated', 'awaiting_funds') order by id desc", [seller]);

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

/** Sellers of a marketplace in the order of their ids, those after `cursor`. */
export const sellersAfter = (
  db: Queryable,
  marketplace: Id<'mkt'>,
  cursor: Id<'sel'> | null,
  limit: number,
): Promise<readonly Seller[]> =>
  findRows(db, sellers, 'marketplace = $1 and id > $2::uuid order by id limit $3', [
    marketplace,
    cursor === null ? OLDEST : uuidOf(cursor),
    limit,
  ]);

/** Of one seller, newest first, those before `before`. */
export const listConversions = (
  db: Queryable,
  seller: Id<'sel'>,
  before: string,
  limit: number,
): Promise<readonly Conversion[]> =>
  findRows(db, conversions, 'seller = $1 and id < $2::uuid order by id desc limit $3', [seller, before, limit]);

export async function countSellers(db: Queryable, marketplace: Id<'mkt'>): Promise<number> {
  const { rows } = await db.query<{ sellers: number }>(
    'select count(*)::int as sellers from sellers where marketplace = $1',
    [marketplace],
  );
  return (rows[0] as { sellers: number }).sellers;
}

/** Whether a run would pay anybody of the marketplace: somebody with a balance in USD and nothing against it. */
export async function isAnybodyToPay(db: Queryable, marketplace: Id<'mkt'>): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from sellers s
       join accounts a on a.owner = 'sel_' || replace(s.id::text, '-', '') and a.name = 'seller' and a.currency = 'USD'
      where s.marketplace = $1 and a.credits > a.debits and s.data -> 'payoutsBlocked' = 'null'::jsonb limit 1`,
    [marketplace],
  );
  return rowCount === 1;
}

export const findPayoutRun = (db: Queryable, id: Id<'run'>): Promise<PayoutRun | null> => loadRow(db, payoutRuns, id);

export interface RunFilter {
  /** Null: of all marketplaces. */
  readonly marketplace: Id<'mkt'> | null;
  readonly before: string;
  readonly limit: number;
}

/** Newest first. */
export const listPayoutRuns = (
  db: Queryable,
  { marketplace, before, limit }: RunFilter,
): Promise<readonly PayoutRun[]> =>
  findRows(db, payoutRuns, 'id < $1::uuid and ($2::text is null or marketplace = $2) order by id desc limit $3', [
    before,
    marketplace,
    limit,
  ]);

/** Sum of the files of an account that the bank has been asked to pay and has not booked. */
export async function openFilesTotal(db: Queryable, { id, currency }: BankAccount): Promise<Money> {
  const { rows } = await db.query<{ total: bigint }>(
    `select coalesce(sum((data #>> '{total,value}')::bigint), 0)::bigint as total from payout_files
      where state in ('sent', 'accepted', 'unknown') and state <> 'matched' and data ->> 'bank' = $1`,
    [id],
  );
  return money((rows[0] as { total: bigint }).total, currency);
}
