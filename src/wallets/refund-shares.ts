/**
 * What of each amount of a payment goes back with a refund; pure. A refund gets its share of what other refunds have left, so the
 * last one takes every remainder, in whatever order they end and whether one of them was refused. The acquirer gives back its
 * share of all that it got; of that, what the funders of discounts do not get is the wallet's.
 *
 * Invariant: in one currency payBack = settled, so nothing stays on the position.
 */
import { add, type Money, subtract, sum, zero } from '../base/money.ts';
import { shareOf } from '../fx/index.ts';
import type { Discount, HubPayment, HubPrice, HubRefund } from './hub-payment.ts';

export type RefundShares = Pick<
  HubRefund,
  'payBack' | 'settled' | 'margin' | 'hubDiscount' | 'sponsorDiscount' | 'discounts'
>;

/** `others`: the refunds that were sent and not refused. The amount is at most what they have left, and above zero. */
export function refundShares(payment: HubPayment, others: readonly HubRefund[], amount: Money): RefundShares {
  const price = payment.price as HubPrice;
  const gone = sum(
    others.map((each) => each.amount),
    payment.amount.currency,
  );
  const back = { whole: subtract(payment.amount, gone), before: zero(amount.currency), part: amount };
  const share = (total: Money, taken: readonly Money[]): Money =>
    shareOf(subtract(total, sum(taken, total.currency)), back);
  const discounts = payment.discounts.map((discount, index): Discount => {
    const taken = others.map((each) => each.discounts[index] as Discount);
    return {
      ...discount,
      savings: share(
        discount.savings,
        taken.map(({ savings }) => savings),
      ),
      off: share(
        discount.off,
        taken.map(({ off }) => off),
      ),
      funded: share(
        discount.funded,
        taken.map(({ funded }) => funded),
      ),
    };
  });
  const none = zero(price.settled.currency);
  const [hubDiscount, sponsorDiscount] = [fundedBy('hub', discounts, none), fundedBy('sponsor', discounts, none)];
  const settlement = share(price.settlement, others.map(settlementOf));
  // Not below zero: a sum rounded down is at least the sum of its parts rounded down.
  const settled = subtract(settlement, add(hubDiscount, sponsorDiscount));
  const payBack = share(
    price.payTo,
    others.map((each) => each.payBack),
  );
  return {
    ...{ payBack: price.quote === null ? settled : payBack, settled, hubDiscount, sponsorDiscount, discounts },
    margin: share(
      price.margin,
      others.map(({ margin }) => margin),
    ),
  };
}

const fundedBy = (funder: Discount['fundedBy'], discounts: readonly Discount[], none: Money): Money =>
  discounts.filter((each) => each.fundedBy === funder).reduce((total, { funded }) => add(total, funded), none);

/** What the acquirer gives back for a refund, in its settlement currency. */
export const settlementOf = ({ settled, hubDiscount, sponsorDiscount }: RefundShares): Money =>
  add(settled, add(hubDiscount, sponsorDiscount));
