/**
 * JSON with money. `Money` is written as `{ "value": "1250", "currency": "EUR" }` and read back as money, so that a row,
 * an event and an answer show one form everywhere. Keys keep their order; nothing else is special.
 */
import { isCurrency } from './currency.ts';
import { money } from './money.ts';

/** JSON text of any plain value that may contain money. */
export const toJson = (value: unknown): string => JSON.stringify(value, writeMoney);

/** A plain copy with money in its JSON form, for answers handed to a serializer. */
export const toPlain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(toJson(value)));

/** Parses JSON text and revives money. */
export const fromJson = <Value>(text: string): Value => JSON.parse(text, readMoney) as Value;

/** Revives money in JSON that the database driver has parsed already. */
export const revive = <Value>(value: unknown): Value => fromJson<Value>(JSON.stringify(value));

/** Canonical JSON for fingerprints: sorted keys, money in its JSON form, no undefined (after RFC 8785's ordering). */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(toPlain(value)));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

function writeMoney(_key: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'amount' in value && typeof value.amount === 'bigint') {
    const { amount, currency } = value as unknown as { amount: bigint; currency: string };
    return { value: amount.toString(), currency };
  }
  return typeof value === 'bigint' ? value.toString() : value;
}

function readMoney(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { value: digits, currency } = value as { value?: unknown; currency?: unknown };
  if (typeof digits !== 'string' || !isCurrency(currency) || Object.keys(value).length !== 2) return value;
  return /^-?\d+$/.test(digits) ? money(BigInt(digits), currency) : value;
}
