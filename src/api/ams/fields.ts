/**
 * Reading the fields of a request. Null is absent, and so is an empty text (documented: "omit or null, never empty");
 * booleans and whole numbers count as text and the other way round, because the documentation quotes every scalar and the
 * official clients do not. The first field that is wrong is remembered, in the order in which the fields are read.
 */

import { parseRequestTime } from '../../ams-protocol/index.ts';
import type { Instant } from '../../base/clock.ts';
import { instant } from '../../base/clock.ts';
import { isCurrency } from '../../base/currency.ts';
import { type Money, parseMoney, zero } from '../../base/money.ts';
import type { Refusal } from '../../base/result.ts';

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
  /** How many there are in a list, none when it is absent; each is read by its number, `path.0`. */
  count(path: string, most: number): number;
  has(path: string): boolean;
  /** As it came, for fingerprints. */
  raw(path: string): unknown;
  reject(path: string, detail: string): void;
}

export function readFields(body: Readonly<Record<string, unknown>>): Fields {
  const found = readTexts(body);
  const { text, needText, reject } = found;
  return {
    get wrong() {
      return found.wrong();
    },
    ...{ text, needText },
    raw: found.raw,
    has: (path) => found.raw(path) !== undefined,
    count: (path, most) => {
      const value = found.raw(path);
      if (value === undefined) return 0;
      if (!Array.isArray(value)) return reject(path, 'must be a list') ?? 0;
      return value.length <= most ? value.length : (reject(path, `must have at most ${most}`) ?? 0);
    },
    reject: (path, detail) => void reject(path, detail),
    word: (path, words) => {
      const said = text(path, 64);
      const known = words.find((word) => word === said);
      return said === null ? null : (known ?? reject(path, `must be one of ${words.join(', ')}`));
    },
    flag: (path) => {
      const said = text(path, 8);
      if (said === 'true' || said === 'false' || said === null) return said === null ? null : said === 'true';
      return reject(path, 'must be true or false');
    },
    integer: (path) => {
      const said = text(path, 12);
      if (said === null) return null;
      return /^-?\d{1,9}$/.test(said) ? Number(said) : reject(path, 'must be a whole number');
    },
    needAmount: (path) => {
      const currency = needText(`${path}.currency`, 3);
      const money = parseMoney({ currency, value: needText(`${path}.value`, 16) }, pointerOf(path));
      if (money.ok) return money.value;
      found.rejectAs(money.error);
      return zero(isCurrency(currency) ? currency : 'USD');
    },
    time: (path) => {
      const said = text(path, 40);
      if (said === null) return null;
      const ms = parseRequestTime(said);
      return ms === null ? reject(path, 'must be a time as ISO 8601 with an offset') : instant(ms);
    },
    address: (path) => {
      const said = text(path, 2048);
      if (said === null) return null;
      const url = URL.parse(said);
      const good = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
      return good ? said : reject(path, 'must be an http or https address');
    },
  };
}

function readTexts(body: Readonly<Record<string, unknown>>) {
  let wrong: Refusal | null = null;
  const rejectAs = (refusal: Refusal): null => {
    wrong ??= refusal;
    return null;
  };
  const reject = (path: string, detail: string): null =>
    rejectAs({ code: 'illegal_parameter', detail, pointer: pointerOf(path) });
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
  const needText = (path: string, max: number): string => text(path, max) ?? reject(path, 'is needed') ?? '';
  return { wrong: () => wrong, raw, text, needText, reject, rejectAs };
}

const pointerOf = (path: string): string => `/${path.replaceAll('.', '/')}`;

const PLAIN = /^[^\p{Cc}]*$/u;

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^\d{1,4}$/.test(name) ? (value[Number(name)] as unknown) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
