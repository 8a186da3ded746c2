/**
 * `node bench/lifecycle/profile.ts [LIVES]`: what one life costs the platform, and for what. Two platforms lead the same
 * round: one counts its queries by the request or job they were made for, one runs under the CPU profiler. Counting and
 * profiling cost time themselves, so this says where the time goes; how much there is of it, the benchmark says.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicMs } from '../../src/base/clock.ts';
import type { Table } from '../benchmark.ts';
import { type BenchServer, startBenchServer } from '../support/database.ts';
import { render } from '../support/table.ts';
import { startBenchChild } from './child.ts';
import { type Profile, readProfile, type Spent } from './cpu-profile.ts';
import type { Round, RoundFigures } from './generator.ts';
import type { Started } from './platform.ts';
import type { Counts } from './query-counts.ts';

const LIVES = Number(process.argv[2] ?? 2000);
const AT_ONCE = 256;
const LINES = 30;

const server = await startBenchServer();
const folder = mkdtempSync(join(tmpdir(), 'causeway-profile-'));
try {
  const { counts } = await leadRound(server, 'counted', []);
  console.log(render(queryTable(counts)));
  const { seconds, afterMs } = await leadRound(server, 'profiled', ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  const [file] = readdirSync(folder) as [string];
  const profile = readProfile(join(folder, file), { fromMs: afterMs, untilMs: afterMs - seconds * 1000 });
  for (const table of profileTables(profile)) console.log(`\n${render(table)}`);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}

/** One round on a database of its own. `afterMs`: from the round's first request to the platform's end. */
async function leadRound(from: BenchServer, name: string, nodeArgs: readonly string[]) {
  const database = await from.createDatabase(name);
  const platform = startBenchChild(join(import.meta.dirname, 'platform.ts'), nodeArgs);
  const generator = startBenchChild(join(import.meta.dirname, 'generator.ts'));
  try {
    const started = await platform.ask<Started>({
      kind: 'start',
      databaseUrl: database.app,
      sellers: LIVES,
      buyers: AT_ONCE,
      countsQueries: nodeArgs.length === 0,
    });
    await platform.ask({ kind: 'queries' });
    const began = monotonicMs();
    const round: Round = { ...started, lives: LIVES, atOnce: AT_ONCE, name, drains: true, cards: { kind: 'stub' } };
    const { livesSeconds } = await generator.ask<RoundFigures>(round);
    const counts = await platform.ask<Counts>({ kind: 'queries' });
    const afterMs = monotonicMs() - began;
    await platform.stop();
    return { counts, seconds: livesSeconds, afterMs };
  } finally {
    await Promise.all([platform.stop(), generator.stop()]);
  }
}

function queryTable(counts: Counts): Table {
  const rows = Object.entries(counts).flatMap(([purpose, statements]) =>
    Object.entries(statements).map(([statement, times]) => [
      `${purpose}: ${statement.replace(/\s+/g, ' ').slice(0, 90)}`,
      times / LIVES,
    ]),
  ) as (readonly [string, number])[];
  const most = rows.sort(([, a], [, b]) => b - a).slice(0, LINES);
  return { title: 'Queries a life, beside the commits', header: ['for what', 'a life'], rows: most };
}

function profileTables({ byFile, byFunction }: Profile): readonly Table[] {
  const total = byFile.reduce((sum, { ms }) => sum + ms, 0);
  const table = (title: string, spent: readonly Spent[]): Table => ({
    title,
    header: ['', '%', 'µs a life'],
    rows: spent.slice(0, LINES).map(({ name, ms }) => [name, (ms / total) * 100, (ms * 1000) / LIVES]),
  });
  const sum = ((total * 1000) / LIVES).toFixed(0);
  return [
    table(`Self time by file while living, of ${sum} µs a life`, byFile),
    table('Self time by function', byFunction),
  ];
}
