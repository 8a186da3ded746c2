/** What an amount is worth at a stated rate: for figures and for what is passed on without a markup. Pure. */
import type { Currency } from '../base/currency.ts';
import { type Money, money } from '../base/money.ts';
import { divide, inMinorUnits, ratioOf } from './rate.ts';

/** `rate`: major units of `to` for one of the amount's currency. Rounded half-even, once. */
export function atMid(amount: Money, rate: string, to: Currency): Money {
  const { numerator, denominator } = inMinorUnits(ratioOf(rate), amount.currency, to);
  return money(divide(amount.amount * numerator, denominator, 'half-even'), to);
}
