/**
 * `node bench/ams/profile.ts [PAYS]`: what one signed payment with its notification costs the gateway's event loop, and for
 * what, as bench/lifecycle/profile.ts tells it of a life. Signatures are made on other threads and are not in it.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monotonicMs } from '../../src/base/clock.ts';
import { startBenchChild } from '../lifecycle/child.ts';
import { readProfile } from '../lifecycle/cpu-profile.ts';
import { profileTables, queryTable } from '../lifecycle/profile-tables.ts';
import type { Counts } from '../lifecycle/query-counts.ts';
import { type BenchServer, startBenchServer } from '../support/database.ts';
import { render } from '../support/table.ts';
import { PEM } from './keys.ts';
import type { Started } from './platform.ts';

const PAYS = Number(process.argv[2] ?? 4000);
const WARM_UP = 1500;
const AT_ONCE = 256;
const SELLERS = 200;

const server = await startBenchServer();
const folder = mkdtempSync(join(tmpdir(), 'causeway-profile-'));
const per = { pieces: PAYS, piece: 'payment' };
try {
  const { counts } = await leadRound(server, 'counted', []);
  console.log(render(queryTable(counts, per)));
  const { beganMs, endedMs } = await leadRound(server, 'profiled', ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
  const [file] = readdirSync(folder) as [string];
  const profile = readProfile(join(folder, file), { fromMs: beganMs, untilMs: endedMs });
  for (const table of profileTables(profile, per)) console.log(`\n${render(table)}`);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}

/** One round on a database of its own. When it began and ended, in milliseconds before the platform's end. */
async function leadRound(from: BenchServer, name: string, nodeArgs: readonly string[]) {
  const database = await from.createDatabase(name);
  const platform = startBenchChild(join(import.meta.dirname, 'platform.ts'), nodeArgs);
  const generator = startBenchChild(join(import.meta.dirname, 'generator.ts'));
  const client = generateKeyPairSync('rsa', PEM);
  const keys = { clientKey: client.publicKey, gatewayKey: generateKeyPairSync('rsa', PEM).privateKey };
  const start = { kind: 'start', databaseUrl: database.app, sellers: SELLERS, countsQueries: nodeArgs.length === 0 };
  try {
    const { url, sellers } = await platform.ask<Started>({ ...start, ...keys });
    const lead = async (round: string, count: number, told: number): Promise<number> => {
      await generator.ask({ kind: 'sign', name: round, count, sellers, privateKey: client.privateKey });
      const began = monotonicMs();
      await generator.ask({ kind: 'send', url, atOnce: AT_ONCE });
      await platform.ask({ kind: 'told', count: told });
      return began;
    };
    await lead('warm', WARM_UP, WARM_UP);
    await platform.ask({ kind: 'queries' });
    const began = await lead('round', PAYS, WARM_UP + PAYS);
    const ended = monotonicMs();
    const counts = await platform.ask<Counts | null>({ kind: 'queries' });
    await platform.stop();
    const after = monotonicMs();
    return { counts: counts ?? {}, beganMs: after - began, endedMs: after - ended };
  } finally {
    await Promise.all([platform.stop(), generator.stop()]);
  }
}
