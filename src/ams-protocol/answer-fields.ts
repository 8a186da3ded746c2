/**
 * Reading the fields of an answer. Scalars come as text or in JSON's own types, for documents and clients disagree; fields
 * that nobody knows are passed over. What is not as it must be is absent; nothing here throws.
 */
import { type Instant, instant } from '../base/clock.ts';
import { type Currency, isCurrency } from '../base/currency.ts';
import { type Money, money } from '../base/money.ts';
import { parseRequestTime } from './request-time.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** The JSON object in UTF-8 bytes; null for anything else. */
export function parseFields(bytes: Uint8Array): Fields | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object without fields where there is none. */
export const objectOf = (value: unknown): Fields => (isObject(value) ? value : {});

/** Plain text of 1 to `most` characters. */
export function textOf(value: unknown, most: number): string | null {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= most && PLAIN.test(text) && text.isWellFormed()
    ? text
    : null;
}

const PLAIN = /^[^\p{Cc}]*$/u;

/** Whole minor units above zero, with their currency. */
export function amountOf(value: unknown): Money | null {
  const { currency, value: units } = objectOf(value);
  const digits = textOf(units, 18);
  return isCurrency(currency) && digits !== null && /^[1-9]\d*$/.test(digits) ? money(BigInt(digits), currency) : null;
}

export const currencyOf = (value: unknown): Currency | null => (isCurrency(value) ? value : null);

/** A time in any of the forms of request-time.ts. */
export function timeOf(value: unknown): Instant | null {
  const text = textOf(value, 40);
  const ms = text === null ? null : parseRequestTime(text);
  return ms === null ? null : instant(ms);
}

/** An http or https address without a name or password in it. */
export function addressOf(value: unknown): string | null {
  const text = textOf(value, 2048);
  const url = text === null ? null : URL.parse(text);
  const good = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return good ? text : null;
}

/** Money as messages have it. */
export const amountPart = ({ amount, currency }: Money): { readonly currency: Currency; readonly value: string } => ({
  currency,
  value: amount.toString(),
});
