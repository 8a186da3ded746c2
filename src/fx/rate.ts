/**
 * Rates without floats. A rate is a decimal text: how many major units of one currency a major unit of the other is worth. It
 * is computed with as a ratio of two integers, exactly, and rounded where it is said.
 */
import { assert } from '../base/assert.ts';
import { type Currency, exponentOf } from '../base/currency.ts';

/** A positive number, exactly. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export type Direction = 'down' | 'up' | 'half-even';

/** Significant digits of the mid rate of a pair: an error below 10⁻⁹ of the amount, and still readable. */
export const RATE_DIGITS = 10;

/** The ratio of a decimal text above zero, such as `0.92234100`. */
export function ratioOf(decimal: string): Ratio {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(decimal);
  assert(match !== null, `not a decimal: ${decimal}`);
  const fraction = match[2] ?? '';
  const numerator = BigInt((match[1] as string) + fraction);
  assert(numerator > 0n, 'a rate is above zero');
  return { numerator, denominator: 10n ** BigInt(fraction.length) };
}

/** left ÷ right. */
export const quotient = (left: Ratio, right: Ratio): Ratio => ({
  numerator: left.numerator * right.denominator,
  denominator: left.denominator * right.numerator,
});

export const product = (left: Ratio, right: Ratio): Ratio => ({
  numerator: left.numerator * right.numerator,
  denominator: left.denominator * right.denominator,
});

/** The ratio as decimal text with ten significant digits, half-even: the form in which a pair's mid rate is agreed. */
export function toRate({ numerator, denominator }: Ratio): string {
  let decimals = RATE_DIGITS - (numerator / denominator).toString().length;
  // Below one, the zeros behind the point are not significant.
  if (numerator < denominator) {
    decimals = RATE_DIGITS;
    while (numerator * 10n ** BigInt(decimals - RATE_DIGITS + 1) < denominator) decimals += 1;
  }
  const places = Math.max(decimals, 0);
  return decimalText(divide(numerator * 10n ** BigInt(places), denominator, 'half-even'), places);
}

/**
 * Major units of a third currency for one of the first, through a second: `first` in the second, and `third` in the second. Ten
 * significant digits: for showing, never for computing with.
 */
export const chainedRate = (first: string, third: string): string => toRate(quotient(ratioOf(first), ratioOf(third)));

/** The rate less so many hundredths of a percent, exactly. */
export function lessBps(rate: string, bps: number): string {
  assert(Number.isInteger(bps) && bps >= 0 && bps < 10_000, 'a markup is from 0 to 9999 hundredths of a percent');
  const { numerator, denominator } = ratioOf(rate);
  const places = denominator.toString().length - 1 + 4;
  return decimalText(numerator * BigInt(10_000 - bps), places);
}

/** The ratio between minor units, from the rate between major units. */
export const inMinorUnits = (rate: Ratio, from: Currency, to: Currency): Ratio => ({
  numerator: rate.numerator * 10n ** BigInt(exponentOf(to)),
  denominator: rate.denominator * 10n ** BigInt(exponentOf(from)),
});

/** numerator ÷ denominator to a whole number; the denominator is above zero. Half-even is symmetric around zero. */
export function divide(numerator: bigint, denominator: bigint, direction: Direction): bigint {
  assert(denominator > 0n, 'division by zero');
  if (numerator < 0n) {
    assert(direction === 'half-even', 'up and down are of amounts that are not negative');
    return -divide(-numerator, denominator, direction);
  }
  const whole = numerator / denominator;
  const rest = numerator % denominator;
  switch (direction) {
    case 'down':
      return whole;
    case 'up':
      return rest === 0n ? whole : whole + 1n;
    case 'half-even':
      return 2n * rest > denominator || (2n * rest === denominator && whole % 2n === 1n) ? whole + 1n : whole;
  }
}

function decimalText(scaled: bigint, places: number): string {
  const digits = scaled.toString().padStart(places + 1, '0');
  if (places === 0) return digits;
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, -places) : `${digits.slice(0, -places)}.${fraction}`;
}
