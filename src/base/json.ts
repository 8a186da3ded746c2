/**
 * JSON with money. `Money` is written as `{ "value": "1250", "currency": "EUR" }` and read back as money, so that a row,
 * an event and an answer show one form everywhere. Keys keep their order; nothing else is special.
 */
import { isCurrency } from './currency.ts';
import { money } from './money.ts';

/** JSON text of any plain value that may contain money. */
export const toJson = (value: unknown): string => JSON.stringify(written(value));

/**
 * The value with its money and bigints in their JSON form: itself where there are none, else a copy of what leads to them. A replacer
 * function would make writing twice as slow.
 */
function written(value: unknown): unknown {
  const own = writeMoney('', value);
  if (own !== value || typeof value !== 'object' || value === null) return own;
  let copy: Record<string, unknown> | null = null;
  for (const key of Object.keys(value)) {
    const before = (value as Record<string, unknown>)[key];
    if (typeof before !== 'object' && typeof before !== 'bigint') continue;
    const after = written(before);
    if (after === before) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
    if (key === '__proto__') Object.defineProperty(copy, key, { value: after, enumerable: true });
    else copy[key] = after;
  }
  return copy ?? value;
}

/** A plain copy with money in its JSON form, for answers handed to a serializer: what parsing `toJson` would give. */
export function toPlain(value: unknown): unknown {
  const written = writeMoney('', value);
  if (written !== value || typeof value !== 'object' || value === null) return written;
  if (Array.isArray(value)) return value.map((item) => toPlain(item) ?? null);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, toPlain(item)]));
}

/** Parses JSON text and revives money. */
export const fromJson = <Value>(text: string): Value => reviveMoney(JSON.parse(text)) as Value;

/** In place, over what the parser has made: a reviver function would make parsing five times as slow. */
function reviveMoney(value: unknown): unknown {
  const revived = readMoney(value);
  if (revived !== value || typeof value !== 'object' || value === null) return revived;
  const parent = value as Record<string, unknown>;
  for (const key of Object.keys(parent)) {
    const item = parent[key];
    if (typeof item === 'object' && item !== null) parent[key] = reviveMoney(item);
  }
  return value;
}

/** Revives money in JSON that the database driver has parsed already. */
export const revive = <Value>(value: unknown): Value => fromJson<Value>(JSON.stringify(value));

/** Canonical JSON for fingerprints: sorted keys, money in its JSON form, no undefined (after RFC 8785's ordering). */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}

function sortKeys(value: unknown): unknown {
  const written = writeMoney('', value);
  if (typeof written !== 'object' || written === null) return written;
  if (Array.isArray(written)) return written.map((item) => sortKeys(item) ?? null);
  const entries = Object.entries(written).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

function writeMoney(_key: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'amount' in value && typeof value.amount === 'bigint') {
    const { amount, currency } = value as unknown as { amount: bigint; currency: string };
    return { value: amount.toString(), currency };
  }
  return typeof value === 'bigint' ? value.toString() : value;
}

function readMoney(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { value: digits, currency } = value as { value?: unknown; currency?: unknown };
  if (typeof digits !== 'string' || !isCurrency(currency) || Object.keys(value).length !== 2) return value;
  return /^-?\d+$/.test(digits) ? money(BigInt(digits), currency) : value;
}
