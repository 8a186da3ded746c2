/** What a profiled round says: the queries and the processor time of one piece of its work. */
import type { Table } from '../benchmark.ts';
import type { Profile, Spent } from './cpu-profile.ts';
import type { Counts } from './query-counts.ts';

/** How much was done, and what one piece of it is called. */
export interface Work {
  readonly pieces: number;
  readonly piece: string;
}

const LINES = 30;

export function queryTable(counts: Counts, { pieces, piece }: Work): Table {
  const rows = Object.entries(counts).flatMap(([purpose, statements]) =>
    Object.entries(statements).map(([statement, times]) => [
      `${purpose}: ${statement.replace(/\s+/g, ' ').slice(0, 90)}`,
      times / pieces,
    ]),
  ) as (readonly [string, number])[];
  const most = rows.sort(([, a], [, b]) => b - a).slice(0, LINES);
  return { title: `Queries a ${piece}, beside the commits`, header: ['for what', `a ${piece}`], rows: most };
}

export function profileTables({ byFile, byFunction }: Profile, { pieces, piece }: Work): readonly Table[] {
  const total = byFile.reduce((sum, { ms }) => sum + ms, 0);
  const table = (title: string, spent: readonly Spent[]): Table => ({
    title,
    header: ['', '%', `µs a ${piece}`],
    rows: spent.slice(0, LINES).map(({ name, ms }) => [name, (ms / total) * 100, (ms * 1000) / pieces]),
  });
  const sum = ((total * 1000) / pieces).toFixed(0);
  return [
    table(`Self time by file during the round, of ${sum} µs a ${piece}`, byFile),
    table('Self time by function', byFunction),
  ];
}
