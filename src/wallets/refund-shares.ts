/**
 * What of each amount of a payment goes back with a refund; pure. A refund gets its share of what other refunds have left, so the
 * last one takes every remainder, in whatever order they end and whether one of them was refused.
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
  const { currency } = price.settled;
  return {
    payBack: share(
      price.payTo,
      others.map(({ payBack }) => payBack),
    ),
    settled: share(
      price.settled,
      others.map(({ settled }) => settled),
    ),
    margin: share(
      price.margin,
      others.map(({ margin }) => margin),
    ),
    hubDiscount: fundedBy('hub', discounts, zero(currency)),
    sponsorDiscount: fundedBy('sponsor', discounts, zero(currency)),
    discounts,
  };
}

const fundedBy = (funder: Discount['fundedBy'], discounts: readonly Discount[], none: Money): Money =>
  discounts.filter((each) => each.fundedBy === funder).reduce((total, { funded }) => add(total, funded), none);

/** What the acquirer gives back for a refund, in its settlement currency. */
export const settlementOf = ({ settled, hubDiscount, sponsorDiscount }: RefundShares): Money =>
  add(settled, add(hubDiscount, sponsorDiscount));
