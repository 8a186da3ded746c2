/**
 * The text of the files: UTF-8 CSV (RFC 4180, lines end with CR LF), a summary section with how many lines and their sum, then the
 * detail section. Amounts are whole minor units, times ISO 8601 at +08:00. A text that a spreadsheet would take for a
 * formula gets an apostrophe in front: names of shops are others' words.
 */
import type { Money } from '../../base/money.ts';

export type Cell = string | bigint | number;

export interface Section {
  readonly total: Money;
  readonly header: readonly string[];
  readonly lines: readonly (readonly Cell[])[];
}

/** The whole file. */
export function csvOf({ total, header, lines }: Section): string {
  const summary = [
    ['totalCount', 'netTotalAmountValue', 'netTotalAmountCurrency'],
    [lines.length, total.amount, total.currency],
    [],
  ];
  return [...summary, header, ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/** Numbers as they are; they may be negative. */
function cell(value: Cell): string {
  if (typeof value !== 'string') return value.toString();
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
