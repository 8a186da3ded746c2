/**
 * `node bench/ams/profile.ts [PAYS]`: what one signed payment with its notification costs the gateway's event loop, and for
 * what, as bench/lifecycle/profile.ts tells it of a life. Signatures are made on other threads and are not in it.
 */
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { monotonicMs } from '../../src/base/clock.ts';
import { startBenchChild } from '../lifecycle/child.ts';
import { type ProfiledRound, printProfile } from '../lifecycle/profile-tables.ts';
import type { Counts } from '../lifecycle/query-counts.ts';
import type { BenchServer } from '../support/database.ts';
import { PEM } from './keys.ts';
import type { Started } from './platform.ts';

const PAYS = Number(process.argv[2] ?? 4000);
const WARM_UP = 1500;
const AT_ONCE = 256;
const SELLERS = 200;

await printProfile({ pieces: PAYS, piece: 'payment' }, leadRound);

async function leadRound(from: BenchServer, name: string, nodeArgs: readonly string[]): Promise<ProfiledRound> {
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
    return { counts: counts ?? {}, fromMs: after - began, untilMs: after - ended };
  } finally {
    await Promise.all([platform.stop(), generator.stop()]);
  }
}
