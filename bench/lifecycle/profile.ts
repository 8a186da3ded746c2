/**
 * `node bench/lifecycle/profile.ts [LIVES]`: what one life costs the platform, and for what. Two platforms lead the same
 * round: one counts its queries by the request or job they were made for, one runs under the CPU profiler. Counting and
 * profiling cost time themselves, so this says where the time goes; how much there is of it, the benchmark says.
 */
import { join } from 'node:path';
import { monotonicMs } from '../../src/base/clock.ts';
import type { BenchServer } from '../support/database.ts';
import { startBenchChild } from './child.ts';
import type { Round, RoundFigures } from './generator.ts';
import type { Started } from './platform.ts';
import { type ProfiledRound, printProfile } from './profile-tables.ts';
import type { Counts } from './query-counts.ts';

const LIVES = Number(process.argv[2] ?? 2000);
const AT_ONCE = 256;

await printProfile({ pieces: LIVES, piece: 'life' }, leadRound);

async function leadRound(from: BenchServer, name: string, nodeArgs: readonly string[]): Promise<ProfiledRound> {
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
    return { counts, fromMs: afterMs, untilMs: afterMs - livesSeconds * 1000 };
  } finally {
    await Promise.all([platform.stop(), generator.stop()]);
  }
}
