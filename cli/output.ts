/** What a person reads: tables, money and times with their zone; and the same as JSON for programs. */
import { toPlain } from '../src/base/json.ts';
import { formatMoney, type Money } from '../src/base/money.ts';
import { createProgress, noProgress, type Progress } from './progress.ts';

export interface Output {
  /** With --json the value itself, otherwise the words for it. */
  show<Value>(value: Value, words: (value: Value) => string): void;
  /** One line of a result that is too long to be shown at once. */
  line(text: string): void;
  /** For the person only, never part of the result. */
  note(line: string): void;
  /** How far something long is; for the person only, too. */
  progress(): Progress;
}

interface Streams {
  out(text: string): void;
  err(text: string): void;
  columns?(): number | undefined;
}

export function createOutput(json: boolean, { out, err, columns }: Streams): Output {
  return {
    show: (value, words) => out(`${json ? JSON.stringify(toPlain(value), null, 2) : words(value)}\n`),
    line: (text) => out(`${text}\n`),
    note: (line) => (json ? undefined : err(`${line}\n`)),
    progress: () => (json ? noProgress : createProgress({ columns: columns?.(), write: err })),
  };
}

/** `200,000 sellers`, `1 seller`, and `200,000` without a word for it. */
export function count(value: number, word?: string): string {
  const digits = value.toLocaleString('en-US');
  return word === undefined ? digits : `${digits} ${word}${value === 1 ? '' : 's'}`;
}

export const money = (value: Money | null | undefined): string =>
  value === null || value === undefined ? '–' : formatMoney(value);

/** `2026-11-22 09:48:28 UTC`: instants are in UTC always. */
export const time = (at: string | null | undefined): string =>
  at === null || at === undefined ? '–' : `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;

/** `3 d 4 h`, `4 h 12 min`, `12 min`: how long from one instant to a later one. */
export function age(from: string, to: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 60_000));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  return days > 0 ? `${days} d ${hours} h` : hours > 0 ? `${hours} h ${rest} min` : `${rest} min`;
}

export interface Column<Row> {
  readonly title: string;
  readonly of: (row: Row) => string | null | undefined;
  /** Numbers and money stand at the right. */
  readonly right?: boolean;
}

/** Rows under their headings; `none` says so when there are none. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): string {
  if (rows.length === 0) return none;
  const cells = rows.map((row) => columns.map(({ of }) => clean(of(row) ?? '–')));
  const lines = [columns.map(({ title }) => title), ...cells];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => (line[index] as string).length)));
  const pad = (text: string, index: number): string =>
    columns[index]?.right === true ? text.padStart(widths[index] as number) : text.padEnd(widths[index] as number);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

/** Names and values, one a line; values that are undefined are left out. */
export function facts(pairs: readonly (readonly [string, string | undefined])[]): string {
  const given = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const width = Math.max(...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${name.padEnd(width)}  ${clean(value)}`).join('\n');
}

/** What others wrote must not move our cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones
export const clean = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '�');
