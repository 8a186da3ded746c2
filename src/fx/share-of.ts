/**
 * The part of a converted amount that goes back with a part of the payment: a refund is at the payment's own rate, whatever the
 * market did. Shares are differences of running totals, so they add up to the whole in whatever parts it goes back, and the
 * last one takes the remainder without anybody keeping one. Rupiah go back in whole hundreds of their minor unit, as they are
 * paid.
 */
import { assert } from '../base/assert.ts';
import { add, compare, type Money, money, subtract, zero } from '../base/money.ts';
import { payableStep } from './price.ts';

export interface Refunded {
  /** The whole of what is refunded from, in the currency the refund is asked in. */
  readonly whole: Money;
  /** What of it went back before. */
  readonly before: Money;
  /** What goes back now; before + part ≤ whole. */
  readonly part: Money;
}

/** Of `total`, the share of this part; rounded down within the running total. */
export function shareOf(total: Money, { whole, before, part }: Refunded): Money {
  const after = add(before, part);
  assert(before.amount >= 0n && part.amount >= 0n && total.amount >= 0n, 'shares of amounts that are not negative');
  assert(whole.amount > 0n && compare(after, whole) <= 0, 'no more goes back than there was');
  return subtract(runningShare(total, after, whole), runningShare(total, before, whole));
}

/** Rounded down to what can be paid, but for the whole, which is the total. */
function runningShare(total: Money, done: Money, whole: Money): Money {
  if (done.amount === 0n) return zero(total.currency);
  if (done.amount === whole.amount) return total;
  const step = payableStep(total.currency);
  return money(((total.amount * done.amount) / (whole.amount * step)) * step, total.currency);
}
