/** All SQL of checkout links. */
import type { Id } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import { secretHash } from '../parties/index.ts';
import { type CheckoutLink, checkoutLinks } from './link.ts';

export const findLink = (db: Queryable, id: Id<'lnk'>): Promise<CheckoutLink | null> => loadRow(db, checkoutLinks, id);

export async function findLinkByToken(db: Queryable, token: string): Promise<CheckoutLink | null> {
  return (await findRows(db, checkoutLinks, 'token_hash = $1', [secretHash(token)]))[0] ?? null;
}

/** The links of an order, oldest first. */
export const linksOf = (db: Queryable, order: Id<'ord'>): Promise<readonly CheckoutLink[]> =>
  findRows(db, checkoutLinks, 'order_id = $1 order by id', [order]);
