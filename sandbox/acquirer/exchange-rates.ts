/**
 * The rates of a day at which an account with a settlement currency of its own is paid. Made up but steady: a fixed rate
 * against the dollar, moved by at most five in ten thousand, by the day alone, so that a file can be recalculated later.
 * Exact integers all the way: a rate is how many major units of one currency a major unit of the other is worth, times 10⁸.
 */
import { assert } from '../../src/base/assert.ts';
import { type Day, MS_PER_DAY } from '../../src/base/clock.ts';
import { type Currency, exponentOf } from '../../src/base/currency.ts';
import { type Money, money, multiplyRatio } from '../../src/base/money.ts';
import { startOf } from '../base/working-days.ts';

export const RATE_SCALE = 100_000_000n;

/** Dollars for one major unit, times 10⁸. */
const DOLLARS: Readonly<Partial<Record<Currency, bigint>>> = {
  USD: RATE_SCALE,
  EUR: 108_420_000n,
  GBP: 127_150_000n,
  CHF: 113_900_000n,
  JPY: 652_300n,
  CNY: 13_845_000n,
  HKD: 12_810_000n,
  SGD: 74_350_000n,
  AUD: 65_480_000n,
  NZD: 60_120_000n,
  CAD: 72_900_000n,
  SEK: 9_480_000n,
  NOK: 9_210_000n,
  DKK: 14_530_000n,
  PLN: 25_310_000n,
  CZK: 4_290_000n,
  HUF: 275_000n,
  TRY: 3_040_000n,
  ILS: 27_150_000n,
  AED: 27_229_000n,
  INR: 1_191_000n,
  KRW: 73_400n,
  TWD: 3_110_000n,
  THB: 2_840_000n,
  VND: 3_980n,
  IDR: 6_290n,
  MYR: 22_460_000n,
  PHP: 1_740_000n,
  MXN: 5_460_000n,
  BRL: 18_120_000n,
  ZAR: 5_530_000n,
  KWD: 325_400_000n,
  BHD: 265_200_000n,
};

/** Whether a payment in this currency can be settled by an account that converts into `into`, if it converts. */
export const isConverted = (currency: Currency, into: Currency | undefined): boolean =>
  into === undefined || currency === into || (DOLLARS[currency] !== undefined && DOLLARS[into] !== undefined);

/** Major units of `to` for one of `from` on a day, times 10⁸. */
export function rateOf(from: Currency, to: Currency, day: Day): bigint {
  if (from === to) return RATE_SCALE;
  const [one, other] = [DOLLARS[from], DOLLARS[to]];
  assert(one !== undefined && other !== undefined, `no rate of ${from} in ${to}`);
  const days = startOf(day) / MS_PER_DAY;
  const moved = BigInt(((days * 7 + from.charCodeAt(0) + to.charCodeAt(1)) % 11) - 5);
  return (one * RATE_SCALE * (10_000n + moved)) / (other * 10_000n);
}

/** An amount (not negative) at a rate, rounded half-even to the minor unit. */
export function convert(value: Money, rate: bigint, to: Currency): Money {
  const [numerator, denominator] = [rate * unit(to), RATE_SCALE * unit(value.currency)];
  return money(multiplyRatio(value, numerator, denominator, 'half-even').amount, to);
}

/** Minor units in a major unit. */
const unit = (currency: Currency): bigint => 10n ** BigInt(exponentOf(currency));

/** The rate as files write it: eight decimals. */
export const rateText = (rate: bigint): string => `${rate / RATE_SCALE}.${String(rate % RATE_SCALE).padStart(8, '0')}`;
