/** What the day's files have in common: run metadata, header, rows of named cells, CRLF (as the published samples). */
import type { Day } from '../../src/base/clock.ts';

export interface ReportFile {
  readonly name: string;
  readonly content: string;
}

export interface ReportLayout<Column extends string> {
  /** `SettlementDetails` and so on. */
  readonly type: string;
  readonly columns: readonly Column[];
}

/** Cells that are not named stay empty. */
export function reportFile<Column extends string>(
  { type, columns }: ReportLayout<Column>,
  { merchantId, day }: { readonly merchantId: string; readonly day: Day },
  rows: readonly Partial<Record<Column, string>>[],
): ReportFile {
  const entity = `ProcessingEntityId=${merchantId}`;
  const generated = [`FromDate=${day}`, `ToDate=${day}`, `GenerationDate=${day}`, 'GenerationTime=22:00:00'];
  const padded = (cells: readonly string[]): string => cells.join(',') + ','.repeat(columns.length - cells.length);
  const lines = [
    padded([entity, 'Frequency=daily']),
    padded([entity, `ReportTypeName=${type}`, 'Frequency=daily', ...generated]),
    columns.join(','),
    ...rows.map((row) => columns.map((column) => quoted(row[column] ?? '')).join(',')),
  ];
  return { name: `${type}_${merchantId}_${day}.csv`, content: `${lines.join('\r\n')}\r\n` };
}

/** RFC 4180 §2: quoted only when needed. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** 2023-09-06 as the samples write it: 9/6/2023. */
export const sampleDate = (day: Day): string =>
  `${Number(day.slice(5, 7))}/${Number(day.slice(8, 10))}/${day.slice(0, 4)}`;
