/**
 * `node bench/lifecycle/profile.ts [LIVES]`: what one life costs the platform, and for what. Two platforms lead the same
 * round: one counts its queries by the request or job they were made for, one runs under the CPU profiler. Counting and
 * profiling cost time themselves, so this says where the time goes; how much there is of it, the benchmark says.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicMs } from '../../src/base/clock.ts';
import { type BenchServer, startBenchServer } from '../support/database.ts';
import { render } from '../support/table.ts';
import { startBenchChild } from './child.ts';
import { readProfile } from './cpu-profile.ts';
import type { Round, RoundFigures } from './generator.ts';
import type { Started } from './platform.ts';
import { profileTables, queryTable } from './profile-tables.ts';
import type { Counts } from './query-counts.ts';

const LIVES = Number(process.argv[2] ?? 2000);
const AT_ONCE = 256;
const WORK = { pieces: LIVES, piece: 'life' };

const server = await startBenchServer();
const folder = mkdtempSync(join(tmpdir(), 'causeway-profile-'));
try {
  const { counts } = await leadRound(server, 'counted', []);
  console.log(render(queryTable(counts, WORK)));
  const { seconds, afterMs } = await leadRound(server, 'profiled', ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  const [file] = readdirSync(folder) as [string];
  const profile = readProfile(join(folder, file), { fromMs: afterMs, untilMs: afterMs - seconds * 1000 });
  for (const table of profileTables(profile, WORK)) console.log(`\n${render(table)}`);
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
