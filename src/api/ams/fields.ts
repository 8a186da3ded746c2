/**
 * Reading the fields of a request. Null is absent, and so is an empty text (documented: "omit or null, never empty");
 * booleans and whole numbers count as text and the other way round, because the documentation quotes every scalar and the
 * official clients do not. The first field that is wrong is remembered, in the order in which the fields are read.
 */
import { isCurrency } from '../../base/currency.ts';
import type { Instant } from '../../base/clock.ts';
import { instant } from '../../base/clock.ts';
import { type Money, parseMoney, zero } from '../../base/money.ts';
import type { Refusal } from '../../base/result.ts';
import { parseRequestTime } from '../../ams-protocol/index.ts';

export interface Fields {
  /** The first thing that is wrong; null while nothing is. */
  readonly wrong: Refusal | null;
  text(path: string, max: number): string | null;
  needText(path: string, max: number): string;
  /** One of the words, or null when absent. */
  word<Word extends string>(path: string, words: readonly Word[]): Word | null;
  flag(path: string): boolean | null;
  integer(path: string): number | null;
  needAmount(path: string): Money;
  time(path: string): Instant | null;
  address(path: string): string | null;
  has(path: string): boolean;
  /** As it came, for fingerprints. */
  raw(path: string): unknown;
  reject(path: string, detail: string): void;
}

export function readFields(body: Readonly<Record<string, unknown>>): Fields {
  let wrong: Refusal | null = null;
  const pointer = (path: string): string => `/${path.replaceAll('.', '/')}`;
  const reject = (path: string, detail: string, code = 'illegal_parameter'): null => {
    wrong ??= { code, detail, pointer: pointer(path) };
    return null;
  };
  const raw = (path: string): unknown => {
    const value = path.split('.').reduce<unknown>((at, name) => memberOf(at, name), body);
    return value === null || value === '' ? undefined : value;
  };
  const text = (path: string, max: number): string | null => {
    const value = raw(path);
    if (value === undefined) return null;
    if (typeof value === 'object') return reject(path, 'must be text');
    const said = String(value);
    if (said.length > max) return reject(path, `must have at most ${max} characters`);
    return PLAIN.test(said) && said.isWellFormed() ? said : reject(path, 'must be plain text');
  };
  const needText = (path: string, max: number): string => {
    const said = text(path, max);
    if (said === null) reject(path, 'is needed');
    return said ?? '';
  };
  return {
    get wrong() {
      return wrong;
    },
    text,
    needText,
    word: (path, words) => {
      const said = text(path, 64);
      if (said === null) return null;
      const found = words.find((word) => word === said);
      if (found === undefined) reject(path, `must be one of ${words.join(', ')}`);
      return found ?? null;
    },
    flag: (path) => {
      const said = text(path, 8);
      if (said === null) return null;
      if (said !== 'true' && said !== 'false') reject(path, 'must be true or false');
      return said === 'true';
    },
    integer: (path) => {
      const said = text(path, 12);
      if (said === null) return null;
      if (!/^-?\d{1,9}$/.test(said)) return reject(path, 'must be a whole number');
      return Number(said);
    },
    needAmount: (path) => {
      const currency = needText(`${path}.currency`, 3);
      const value = needText(`${path}.value`, 16);
      const money = parseMoney({ currency, value }, pointer(path));
      if (money.ok) return money.value;
      if (wrong === null) wrong = money.error;
      return zero(isCurrency(currency) ? currency : 'USD');
    },
    time: (path) => {
      const said = text(path, 40);
      if (said === null) return null;
      const ms = parseRequestTime(said);
      if (ms === null) return reject(path, 'must be a time as ISO 8601 with an offset');
      return instant(ms);
    },
    address: (path) => {
      const said = text(path, 2048);
      if (said === null) return null;
      const url = URL.parse(said);
      const good = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
      return good ? said : reject(path, 'must be an http or https address');
    },
    has: (path) => raw(path) !== undefined,
    raw,
    reject: (path, detail) => void reject(path, detail),
  };
}

const PLAIN = /^[^\p{Cc}]*$/u;

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
