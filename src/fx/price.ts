/**
 * What an amount comes to in another currency; pure. Rounding, in this order: mid to ten significant digits; the rate is mid
 * less the markup, exactly. What is got is rounded down, what must be given for a fixed target is rounded up, so the part of a
 * minor unit is ours; the value at mid is rounded half-even, and the margin is the rest. Rupiah are paid in whole hundreds of
 * their minor unit, half-even, as the wallets' networks have it.
 *
 * Invariant: both ways agree: what is asked to be got is got for what the quote says must be given.
 */
import type { Currency } from '../base/currency.ts';
import { isPositive, MAX_AMOUNT, type Money, money, subtract } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { MidRates } from '../connectors/ports/fx-source.ts';
import type { QuoteRefusal } from './errors.ts';
import { type Direction, divide, inMinorUnits, lessBps, type Ratio, ratioOf } from './rate.ts';
import { midOf } from './rate-table.ts';

export interface PriceRequest {
  readonly from: Currency;
  readonly to: Currency;
  /** In the currency of `from`: what is given. In that of `to`: what shall be got. */
  readonly amount: Money;
  readonly markupBps: number;
}

export interface Price {
  readonly mid: string;
  readonly rate: string;
  readonly given: Money;
  readonly got: Money;
  readonly margin: Money;
}

/** Checks in this order: the pair, the amount, that there is a rate, that the result is an amount. */
export function priceOf(table: Pick<MidRates, 'perBase'>, request: PriceRequest): Result<Price, QuoteRefusal> {
  const { from, to, amount, markupBps } = request;
  if (from === to) return refuse('same_currency', 'there is nothing to exchange', { pointer: '/to' });
  if (!isPositive(amount) || (amount.currency !== from && amount.currency !== to))
    return refuse('invalid_amount', 'must be above zero, in one of the two currencies', { pointer: '/amount' });
  const step = payableStep(to);
  if (amount.currency === to && amount.amount % step !== 0n)
    return refuse('invalid_amount', `must be a multiple of ${step} minor units`, { pointer: '/amount/value' });
  const mid = midOf(table, from, to);
  if (mid === null) return refuse('rate_unavailable', `the source has no rate of ${from} in ${to}`);
  const rate = lessBps(mid, markupBps);
  const [atRate, atMid] = [rate, mid].map((each) => inMinorUnits(ratioOf(each), from, to)) as [Ratio, Ratio];
  const gives = amount.currency === from ? amount.amount : rounded(amount.amount, inverse(atRate), from, 'up');
  const gets = amount.currency === to ? amount.amount : rounded(gives, atRate, to, 'down');
  const value = rounded(gives, atMid, to, 'half-even');
  if (gets === 0n || value > MAX_AMOUNT || gives > MAX_AMOUNT)
    return refuse('invalid_amount', gets === 0n ? 'comes to nothing' : 'is too much to convert', {
      pointer: '/amount/value',
    });
  const got = money(gets, to);
  return ok({ mid, rate, given: money(gives, from), got, margin: subtract(money(value, to), got) });
}

/** Minor units that a payable amount of the currency is a multiple of. */
export const payableStep = (currency: Currency): bigint => PAYABLE[currency]?.step ?? 1n;

/** Minor units that a payable amount is a multiple of, and how it is rounded there. */
const PAYABLE: Readonly<Partial<Record<Currency, { readonly step: bigint; readonly direction: Direction }>>> = {
  IDR: { step: 100n, direction: 'half-even' },
};

/** An amount at the mid of a table in another currency, half-even, payable there; null when the table lacks one of the two. */
export function payableAtMid(table: Pick<MidRates, 'perBase'>, amount: Money, to: Currency): Money | null {
  if (amount.currency === to) return amount;
  const mid = midOf(table, amount.currency, to);
  if (mid === null) return null;
  const ratio = inMinorUnits(ratioOf(mid), amount.currency, to);
  return money(rounded(amount.amount, ratio, to, 'half-even'), to);
}

function rounded(amount: bigint, { numerator, denominator }: Ratio, currency: Currency, direction: Direction): bigint {
  const payable = PAYABLE[currency];
  if (payable === undefined) return divide(amount * numerator, denominator, direction);
  // What must be given is rounded up whatever the currency: less would not buy what was asked for.
  const towards = direction === 'up' ? 'up' : payable.direction;
  return divide(amount * numerator, denominator * payable.step, towards) * payable.step;
}

const inverse = ({ numerator, denominator }: Ratio): Ratio => ({ numerator: denominator, denominator: numerator });
