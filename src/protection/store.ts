/** All SQL of orders. */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import { type Order, orders } from './order.ts';

export const findOrder = (db: Queryable, id: Id<'ord'>): Promise<Order | null> => loadRow(db, orders, id);

export const findOrders = (db: Queryable, ids: readonly Id<'ord'>[]): Promise<readonly Order[]> =>
  findRows(db, orders, 'id = any ($1::uuid[])', [ids.map((id) => id.slice(4))]);

export interface OrderFilter {
  readonly marketplace: Id<'mkt'> | null;
  readonly states: readonly string[];
  readonly seller: string | null;
  readonly buyer: string | null;
  /** Part of the reference or description, or an id. */
  readonly query: string;
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** 32 hex digits of the last id seen, or null for the first page. */
  readonly after: string | null;
  readonly newestFirst: boolean;
  readonly limit: number;
}

/** Orders by creation (ids are in order of creation). */
export function listOrders(db: Queryable, filter: OrderFilter): Promise<readonly Order[]> {
  const edge = filter.newestFirst ? 'f'.repeat(32) : '0'.repeat(32);
  return findRows(
    db,
    orders,
    `id ${filter.newestFirst ? '<' : '>'} $1::uuid
      and ($2::text is null or marketplace = $2) and (cardinality($3::text[]) = 0 or state = any ($3))
      and ($4::text is null or seller = $4) and ($5::text is null or buyer = $5)
      and ($6 = '' or position(lower($6) in lower((data ->> 'reference') || ' ' || (data ->> 'description'))) > 0
           or replace(id::text, '-', '') = split_part($6, '_', 2))
      and ($7::text is null or data ->> 'createdAt' >= $7) and ($8::text is null or data ->> 'createdAt' < $8)
     order by id ${filter.newestFirst ? 'desc' : 'asc'} limit $9`,
    [
      filter.after ?? edge,
      filter.marketplace,
      filter.states,
      filter.seller,
      filter.buyer,
      filter.query,
      filter.from,
      filter.to,
      filter.limit,
    ],
  );
}
