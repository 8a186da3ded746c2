/** The discounts that an order has from the start: campaigns that run for its marketplace, as far as their budgets are known to go. */
import type { Instant } from '../base/clock.ts';
import { type Money, sum, zero } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { part, type UnitPart } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import {
  discountsFor,
  type Granted,
  leftOf,
  type Person,
  readPerson,
  reservingPart,
  runningDiscounts,
  usesOf,
} from '../promotions/index.ts';
import type { Instalment, Order, OrderDiscount } from './order.ts';
import { leastToPay, lowerInstalments } from './order-discounts.ts';

/** What an order of this buyer gets; read for one decision. */
export interface OrderOffer {
  readonly granted: readonly Granted[];
  readonly person: Person | null;
}

export const NO_OFFER: OrderOffer = { granted: [], person: null };

export async function offerFor(
  db: Queryable,
  { total, marketplace, buyer }: Pick<Order, 'total' | 'marketplace' | 'buyer'>,
  at: Instant,
): Promise<OrderOffer> {
  const campaigns = await runningDiscounts(db, 'onOrders', at);
  if (campaigns.length === 0) return NO_OFFER;
  const ids = campaigns.map(({ id }) => id);
  const [person, left] = await Promise.all([readPerson(db, buyer), leftOf(db, ids, total.currency)]);
  const granted = discountsFor(
    {
      amount: total,
      place: { kind: 'order', marketplace },
      uses: usesOf(person),
      least: leastToPay(total.currency),
      covers: ({ id }, off) => (left.get(id)?.amount ?? 0n) >= off.amount,
    },
    campaigns,
    at,
  );
  return { granted, person };
}

export interface Discounted {
  readonly changes: Pick<Order, 'instalments'> & Partial<Pick<Order, 'discounts' | 'discounted'>>;
  readonly part: UnitPart;
}

/** The new order's lower instalments, and what is kept for them. */
export function discountNewOrder(
  order: Pick<Order, 'id' | 'total'>,
  instalments: readonly Instalment[],
  { granted, person }: OrderOffer,
): Discounted {
  if (granted.length === 0) return { changes: { instalments }, part: part({}) };
  const none = zero(order.total.currency);
  const discounts = granted.map((each) => orderDiscount(each, none));
  const off = sum(
    discounts.map((each) => each.off),
    none.currency,
  );
  const applied = discounts.map(({ campaign, off: amount }) =>
    event('order.discount_applied', order.id, { campaign, off: amount }),
  );
  const kept = discounts.map(({ campaign, counted, off: funded }, index) => ({
    ...{ campaign, counted, funded },
    fundedBy: (granted[index] as Granted).fundedBy,
  }));
  const reserved = reservingPart(order.id, kept, { campaigns: granted.map(({ campaign }) => campaign), person });
  return {
    changes: { instalments: lowerInstalments(instalments, off), discounts, discounted: none },
    part: { ...reserved, events: [...applied, ...reserved.events] },
  };
}

const orderDiscount = ({ campaign, fundedBy, off }: Granted, none: Money): OrderDiscount => ({
  campaign: campaign.id,
  voucher: null,
  name: campaign.name,
  fundedBy: fundedBy === 'sponsor' ? 'sponsor' : 'hub',
  counted: campaign.perPerson !== null,
  off,
  state: 'applied',
  returned: none,
});
