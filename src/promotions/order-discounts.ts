/**
 * Discounts on orders of marketplaces, as parts of the units of an order. Reserved when the order is made, as with payments through the
 * hub (spend-discounts.ts); funded with the first money of the buyer; a refund gives each funder his share.
 */
import type { Id } from '../base/ids.ts';
import { type Money, zero } from '../base/money.ts';
import { part, type UnitPart } from '../journal/index.ts';
import { event } from '../ledger/index.ts';

/** Of a campaign that is on our books. */
export interface OrderShare {
  readonly campaign: Id<'cmp'>;
  readonly fundedBy: 'hub' | 'sponsor';
  readonly amount: Money;
}

/** Who gives the discount pays into what the order holds. */
export const fundingOrder = (order: Id<'ord'>, shares: readonly OrderShare[]): UnitPart =>
  part({
    events: shares.flatMap(({ campaign, fundedBy, amount }) => [
      event('discount.let_go', order, { campaign, amount }),
      event('order.discount_funded', order, {
        ...{ order, campaign, ...byFunder(fundedBy, amount) },
        budgetSpent: amount,
      }),
    ]),
  });

/** A share of a refund: never to the buyer. Our own budget stays spent, a sponsor's fund is his to spend again. */
export const returningOrder = (order: Id<'ord'>, shares: readonly OrderShare[]): UnitPart =>
  part({
    events: shares.flatMap(({ campaign, fundedBy, amount }) => [
      event('order.discount_returned', order, { order, campaign, ...byFunder(fundedBy, amount) }),
      ...(fundedBy === 'sponsor' ? [event('budget.refilled', order, { campaign, amount })] : []),
    ]),
  });

const byFunder = (fundedBy: OrderShare['fundedBy'], amount: Money) => ({
  byPlatform: fundedBy === 'hub' ? amount : zero(amount.currency),
  bySponsor: fundedBy === 'sponsor' ? amount : zero(amount.currency),
});
