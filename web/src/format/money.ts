/**
 * Money on the screen. The API sends whole minor units as text; they become decimals by placing a point, never by
 * arithmetic on floating-point numbers. Exponents are ISO 4217's: browsers disagree with it (Intl shows ISK, IQD and
 * others with the decimals of everyday use), so the exceptions to two decimals are listed here.
 */
import type { Money } from '../api/client.ts';

const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** How many decimals the currency's minor unit has (ISO 4217). */
export const exponentOf = (currency: string): number => EXPONENTS[currency] ?? 2;

/** Decimal text with thousands separated: `12,000.00`, `-3,980`. */
export function amountText(money: Money): string {
  const [whole = '0', fraction] = decimalText(money).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',').replace('-', '−');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `USD 12,000.00`. */
export const moneyText = (money: Money): string => `${money.currency} ${amountText(money)}`;

/** Plain decimal text as one types it: `12000.00`. */
export function decimalText(money: Money): string {
  const exponent = exponentOf(money.currency);
  const negative = money.value.startsWith('-');
  const digits = (negative ? money.value.slice(1) : money.value).padStart(exponent + 1, '0');
  const text = exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
  return negative ? `-${text}` : text;
}

/** Exact money of typed text such as `1,250.5`; null when malformed, negative, or finer than the minor unit. */
export function parseAmount(text: string, currency: string): Money | null {
  const exponent = exponentOf(currency);
  const match = /^(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(\d*))?$/.exec(text.trim());
  if (match === null) return null;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > exponent) return null;
  const digits = (match[1] ?? '').replaceAll(',', '') + fraction.padEnd(exponent, '0');
  return { value: BigInt(digits).toString(), currency };
}

export const isZero = (money: Money): boolean => /^-?0*$/.test(money.value);

/** True when `money` is more than `limit`; both in one currency. */
export const exceeds = (money: Money, limit: Money): boolean => BigInt(money.value) > BigInt(limit.value);
