/**
 * Money: an integer number of the currency's minor unit, with its currency. No floats anywhere. Two currencies never meet
 * in one operation; division says how it rounds; `allocate` sums to the whole.
 */
import { assert } from './assert.ts';
import { type Currency, exponentOf, isCurrency } from './currency.ts';
import { ok, type Refusal, type Result, refuse } from './result.ts';

export interface Money {
  readonly amount: bigint;
  readonly currency: Currency;
}

/** Largest amount a single value may carry, in minor units: PostgreSQL's bigint. */
export const MAX_AMOUNT = 2n ** 63n - 1n;

export type Rounding = 'down' | 'half-up' | 'half-even';
export type MoneyRefusal = Refusal<'invalid_money' | 'unknown_currency'>;

/** `amount` minor units of `currency`; asserts the range of a 64-bit integer. */
export function money(amount: bigint | number, currency: Currency): Money {
  const value = BigInt(amount);
  assert(value <= MAX_AMOUNT && value >= -MAX_AMOUNT, 'amount beyond 64 bits');
  return { amount: value, currency };
}

export const zero = (currency: Currency): Money => money(0n, currency);
export const isZero = (value: Money): boolean => value.amount === 0n;
export const isPositive = (value: Money): boolean => value.amount > 0n;

export function add(left: Money, right: Money): Money {
  assertSame(left, right);
  return money(left.amount + right.amount, left.currency);
}

export function subtract(left: Money, right: Money): Money {
  assertSame(left, right);
  return money(left.amount - right.amount, left.currency);
}

/** -1, 0 or 1. */
export function compare(left: Money, right: Money): -1 | 0 | 1 {
  assertSame(left, right);
  return left.amount < right.amount ? -1 : left.amount > right.amount ? 1 : 0;
}

export const equals = (left: Money, right: Money): boolean =>
  left.currency === right.currency && left.amount === right.amount;
export const min = (left: Money, right: Money): Money => (compare(left, right) <= 0 ? left : right);
export const sum = (values: readonly Money[], currency: Currency): Money => values.reduce(add, zero(currency));

/** `value × numerator ÷ denominator`, rounded as said. For amounts ≥ 0 (fees, shares). */
export function multiplyRatio(value: Money, numerator: bigint, denominator: bigint, rounding: Rounding): Money {
  assert(denominator > 0n && numerator >= 0n && value.amount >= 0n, 'ratio of non-negative numbers');
  const product = value.amount * numerator;
  const quotient = product / denominator;
  const twice = (product % denominator) * 2n;
  const up =
    rounding === 'half-up'
      ? twice >= denominator
      : rounding === 'half-even'
        ? twice > denominator || (twice === denominator && quotient % 2n === 1n)
        : false;
  return money(up ? quotient + 1n : quotient, value.currency);
}

/**
 * Splits a non-negative amount by integer weights with the largest-remainder method; the parts always sum to the whole.
 * Ties go to the earlier part. At least one weight must be positive.
 */
export function allocate(total: Money, weights: readonly bigint[]): readonly Money[] {
  const weightSum = weights.reduce((acc, weight) => acc + weight, 0n);
  assert(total.amount >= 0n && weightSum > 0n && weights.every((weight) => weight >= 0n), 'allocation needs weights');
  const floors = weights.map((weight) => (total.amount * weight) / weightSum);
  let left = total.amount - floors.reduce((acc, part) => acc + part, 0n);
  const order = weights
    .map((weight, index) => ({ index, rest: (total.amount * weight) % weightSum }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of order) {
    if (left === 0n) break;
    floors[index] = (floors[index] as bigint) + 1n;
    left -= 1n;
  }
  return floors.map((part) => money(part, total.currency));
}

/** Parses `{ "value": "1250", "currency": "EUR" }` (minor units, no sign, no leading zeros, at most 18 digits). */
export function parseMoney(input: unknown, pointer: string): Result<Money, MoneyRefusal> {
  if (typeof input !== 'object' || input === null)
    return refuse('invalid_money', 'must be {value, currency}', { pointer });
  const { value, currency } = input as { value?: unknown; currency?: unknown };
  if (!isCurrency(currency)) {
    return refuse('unknown_currency', 'must be an ISO 4217 code with a minor unit', { pointer: `${pointer}/currency` });
  }
  if (typeof value !== 'string' || !/^(0|[1-9]\d{0,17})$/.test(value)) {
    return refuse('invalid_money', 'must be a string of digits: whole minor units', { pointer: `${pointer}/value` });
  }
  return ok(money(BigInt(value), currency));
}

/** For people and logs: `USD 12,000.00`, `JPY 3,980`. */
export function formatMoney(value: Money): string {
  const exponent = exponentOf(value.currency);
  const digits = (value.amount < 0n ? -value.amount : value.amount).toString().padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value.amount < 0n ? '-' : '';
  return `${value.currency} ${sign}${whole}${exponent === 0 ? '' : `.${digits.slice(-exponent)}`}`;
}

/** Decimal text with a point and the currency's decimals, for files: `12000.00`. */
export function toDecimal(value: Money): string {
  const exponent = exponentOf(value.currency);
  const digits = (value.amount < 0n ? -value.amount : value.amount).toString().padStart(exponent + 1, '0');
  const sign = value.amount < 0n ? '-' : '';
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** Exact money of a decimal text such as `12000`, `12000.5` or `-3.20`; null when malformed, too precise or beyond 64 bits. */
export function fromDecimal(text: string, currency: Currency): Money | null {
  const match = /^(-?)(\d{1,19})(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) return null;
  const exponent = exponentOf(currency);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > exponent) return null;
  const amount = BigInt((match[2] as string) + fraction.padEnd(exponent, '0'));
  if (amount > MAX_AMOUNT) return null;
  return money(match[1] === '-' ? -amount : amount, currency);
}

function assertSame(left: Money, right: Money): void {
  assert(left.currency === right.currency, `currencies differ: ${left.currency} and ${right.currency}`);
}
