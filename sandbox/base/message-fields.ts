/** Parts of Alipay+ messages. Reading what comes from the hub. A field that is not as it must be is absent; the operation says which were needed. */
import { type Currency, isCurrency } from '../../src/base/currency.ts';
import { type Money, money } from '../../src/base/money.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Text of 1 to `most` characters. */
export function textOf(value: unknown, most = 64): string | null {
  return typeof value === 'string' && value !== '' && value.length <= most ? value : null;
}

/** Documents say that flags are text, clients send them as JSON. */
export const flagOf = (value: unknown): boolean => value === true || value === 'true';

/** An amount above zero, or null. */
export function amountOf(value: unknown): Money | null {
  const { currency, value: digits } = fieldsOf(value);
  if (!isCurrency(currency) || typeof digits !== 'string' || !/^[1-9]\d{0,15}$/.test(digits)) return null;
  return money(BigInt(digits), currency);
}

/** Milliseconds since 1970 of an ISO 8601 time with an offset, or null. */
export function timeMsOf(value: unknown): number | null {
  if (typeof value !== 'string' || !/T.*(Z|[+-]\d\d:\d\d)$/.test(value)) return null;
  const ms = Date.parse(value);
  return Number.isFinite(ms) ? ms : null;
}

export const amountPart = ({ amount, currency }: Money): { readonly currency: Currency; readonly value: string } => ({
  currency,
  value: amount.toString(),
});
