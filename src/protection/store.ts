/** All SQL of orders. */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, findRowsBy, loadRow } from '../db/state-table.ts';
import { type Order, orders } from './order.ts';

export const findOrder = (db: Queryable, id: Id<'ord'>): Promise<Order | null> => loadRow(db, orders, id);

export const findOrders = (db: Queryable, ids: readonly Id<'ord'>[]): Promise<readonly Order[]> =>
  findRows(db, orders, 'id = any ($1::uuid[])', [ids.map((id) => id.slice(4))]);

/** Paid for, in part or whole, and not closed. */
const HOLDING = "seller = $1 and state in ('awaiting_payment', 'part_paid', 'paid', 'shipped', 'received')";
const HELD = ['captured', '-refunded', '-refunding', '-disputed', '+discounted']
  .map((name) => name.replace(/(\w+)/, "coalesce((data #>> '{$1,value}')::bigint, 0)"))
  .join(' ');

/** Orders of a seller that hold money, oldest first. */
export const ordersHolding = (db: Queryable, seller: Id<'sel'>, limit: number): Promise<readonly Order[]> =>
  findRows(db, orders, `${HOLDING} and ${HELD} > 0 order by id limit $2`, [seller, limit]);

/** What all of them hold, in minor units of a currency: `heldInAll`, summed. */
export async function heldForSeller(db: Queryable, seller: Id<'sel'>, currency: Currency): Promise<Money> {
  const { rows } = await db.query<{ held: bigint }>(
    `select coalesce(sum(${HELD}), 0)::bigint as held from orders
      where ${HOLDING} and data #>> '{total,currency}' = $2`,
    [seller, currency],
  );
  return money((rows[0] as { held: bigint }).held, currency);
}

/** The order a marketplace knows under this number. */
export async function findOrderByReference(
  db: Queryable,
  { marketplace, reference }: { readonly marketplace: Id<'mkt'>; readonly reference: string },
): Promise<Order | null> {
  return (await findRowsBy(db, orders, 'reference_key', `${marketplace}:${reference}`))[0] ?? null;
}

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
