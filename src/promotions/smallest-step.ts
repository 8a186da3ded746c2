/**
 * The smallest amount that people pay in a currency, in minor units. It is one where nothing else is said; rupiah have two
 * decimals in ISO 4217, and wallets take whole rupiah only.
 */
import type { Currency } from '../base/currency.ts';
import { type Money, money } from '../base/money.ts';

const STEPS: Readonly<Partial<Record<Currency, bigint>>> = { IDR: 100n };

export const stepOf = (currency: Currency): bigint => STEPS[currency] ?? 1n;

export const isWholeSteps = ({ amount, currency }: Money): boolean => amount % stepOf(currency) === 0n;

/** The highest payable amount that is not above this one. */
export const downToStep = ({ amount, currency }: Money): Money => money(amount - (amount % stepOf(currency)), currency);

/** `bps` hundredths of a percent of an amount ≥ 0 in whole steps, half to even. */
export function percentOf({ amount, currency }: Money, bps: number): Money {
  const [product, unit] = [amount * BigInt(bps), 10_000n * stepOf(currency)];
  const [steps, twice] = [product / unit, (product % unit) * 2n];
  const up = twice > unit || (twice === unit && steps % 2n === 1n);
  return money((up ? steps + 1n : steps) * stepOf(currency), currency);
}
