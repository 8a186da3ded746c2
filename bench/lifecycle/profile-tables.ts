/** What a profiled round says: the queries and the processor time of one piece of its work. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Table } from '../benchmark.ts';
import { type BenchServer, startBenchServer } from '../support/database.ts';
import { render } from '../support/table.ts';
import { type Profile, readProfile, type Spent } from './cpu-profile.ts';
import type { Counts } from './query-counts.ts';

/** How much was done, and what one piece of it is called. */
export interface Work {
  readonly pieces: number;
  readonly piece: string;
}

const LINES = 30;

function queryTable(counts: Counts, { pieces, piece }: Work): Table {
  const rows = Object.entries(counts).flatMap(([purpose, statements]) =>
    Object.entries(statements).map(([statement, times]) => [
      `${purpose}: ${statement.replace(/\s+/g, ' ').slice(0, 90)}`,
      times / pieces,
    ]),
  ) as (readonly [string, number])[];
  const most = rows.sort(([, a], [, b]) => b - a).slice(0, LINES);
  return { title: `Queries a ${piece}, beside the commits`, header: ['for what', `a ${piece}`], rows: most };
}

function profileTables({ byFile, byFunction }: Profile, { pieces, piece }: Work): readonly Table[] {
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

export interface ProfiledRound {
  readonly counts: Counts;
  /** When it began and ended, in milliseconds before the platform's end. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Leads two rounds, each on a database of its own: one counts its queries, one runs under the CPU profiler. Prints the tables. */
export async function printProfile(
  work: Work,
  leadRound: (server: BenchServer, name: string, nodeArgs: readonly string[]) => Promise<ProfiledRound>,
): Promise<void> {
  const server = await startBenchServer();
  const folder = mkdtempSync(join(tmpdir(), 'causeway-profile-'));
  try {
    const { counts } = await leadRound(server, 'counted', []);
    console.log(render(queryTable(counts, work)));
    const round = await leadRound(server, 'profiled', ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
    const [file] = readdirSync(folder) as [string];
    for (const table of profileTables(readProfile(join(folder, file), round), work)) console.log(`\n${render(table)}`);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}
