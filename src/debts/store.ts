/** All SQL of debts. */
import { type Id, uuidOf } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import { type Debt, debts } from './debt.ts';

/** Below every id there is. */
const OLDEST = '0'.repeat(32);

export const findDebt = (db: Queryable, id: Id<'dbt'>): Promise<Debt | null> => loadRow(db, debts, id);

/** What a seller owes, oldest first (ids are in order of time). */
export const openDebtsOf = (db: Queryable, seller: Id<'sel'>): Promise<readonly Debt[]> =>
  findRows(db, debts, "seller = $1 and state = 'open' order by id", [seller]);

/** Open debts of many sellers in one look-up; sellers who owe nothing are not in the answer. */
export async function openDebtsBySeller(
  db: Queryable,
  sellers: readonly Id<'sel'>[],
): Promise<ReadonlyMap<Id<'sel'>, readonly Debt[]>> {
  const found = await findRows(db, debts, "seller = any ($1) and state = 'open' order by id", [sellers]);
  return Map.groupBy(found, ({ seller }) => seller);
}

export const openDebtsAfter = (db: Queryable, after: Id<'dbt'> | null, limit: number): Promise<readonly Debt[]> =>
  findRows(db, debts, "state = 'open' and id > $1::uuid order by id limit $2", [
    after === null ? OLDEST : uuidOf(after),
    limit,
  ]);

export interface DebtFilter {
  readonly marketplace: Id<'mkt'> | null;
  readonly seller: string | null;
  readonly states: readonly string[];
  /** 32 hex digits of the last id seen. */
  readonly after: string | null;
  readonly limit: number;
}

/** Oldest first: what has waited longest stands on top. */
export const listDebts = (db: Queryable, filter: DebtFilter): Promise<readonly Debt[]> =>
  findRows(
    db,
    debts,
    `id > $1::uuid and ($2::text is null or marketplace = $2) and ($3::text is null or seller = $3)
      and (cardinality($4::text[]) = 0 or state = any ($4)) order by id limit $5`,
    [filter.after ?? OLDEST, filter.marketplace, filter.seller, filter.states, filter.limit],
  );
