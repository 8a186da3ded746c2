/** Everything the buyer's page is made of, read with the link's token; null when nobody gave out this token. */
import { type Buyer, findBuyer, findMarketplace, findSeller, type Marketplace, type Seller } from '../parties/index.ts';
import type { Payment } from '../payments/index.ts';
import { findOrder, type Order } from '../protection/index.ts';
import { attemptsOf } from './attempts.ts';
import type { CheckoutDeps } from './deps.ts';
import type { CheckoutLink } from './link.ts';
import { type Standing, standingOf } from './standing.ts';
import { findLinkByToken } from './store.ts';

export interface Checkout {
  readonly link: CheckoutLink;
  readonly order: Order;
  readonly marketplace: Marketplace;
  readonly seller: Seller;
  readonly buyer: Buyer;
  readonly attempts: readonly Payment[];
  readonly standing: Standing;
}

export async function openCheckout(deps: CheckoutDeps, token: string): Promise<Checkout | null> {
  const { db } = deps.journal;
  const link = await findLinkByToken(db, token);
  if (link === null) return null;
  const [found, attempts] = await Promise.all([findOrder(db, link.order), attemptsOf(deps.journal, link)]);
  const order = present(found, link.order);
  const [seller, buyer, marketplace] = await Promise.all([
    findSeller(db, order.seller),
    findBuyer(db, order.buyer),
    findMarketplace(db, order.marketplace),
  ]);
  return {
    link,
    order,
    attempts,
    seller: present(seller, order.seller),
    buyer: present(buyer, order.buyer),
    marketplace: present(marketplace, order.marketplace),
    standing: standingOf({ link, order, attempts, now: deps.clock.now() }),
  };
}

/** Rows are never deleted: one that a row names and that is not there is a bug. */
function present<Row>(row: Row | null, id: string): Row {
  if (row === null) throw new Error(`${id} is missing`);
  return row;
}
