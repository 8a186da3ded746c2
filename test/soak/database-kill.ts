/**
 * The soak `database-kill`: PostgreSQL is killed again and again under a full load of commits, at moments drawn from the
 * seed: the postmaster alone, everything that runs, or one backend (the postmaster then ends the others and recovers). The
 * keeper starts it again and the committers find their way back without a restart of Node. Half of the lanes go through a
 * committer that waits for the database as the product does, half through one that says at once that the outcome is
 * unknown, and ask again by key. In the end the journal holds what was acknowledged, whole and once, and nothing else.
 */
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import { type SeededRandom, seededRandom } from '../../src/base/random.ts';
import { createPool } from '../../src/db/pool.ts';
import { createCommitter } from '../../src/journal/index.ts';
import { startLanes } from './commit/lanes.ts';
import { SETUP } from './commit/order-units.ts';
import { startOwnServer } from './commit/own-server.ts';
import { few, proveUnits } from './commit/prove-units.ts';
import { type CommitRecord, countsOf, newCommitRecord, untilServed } from './commit/record.ts';
import { processesOf } from './processes.ts';
import type { Soak, SoakContext, SoakResult } from './soak.ts';

export const databaseKill: Soak = {
  name: 'database-kill',
  title: 'Kills PostgreSQL under a full load of commits; nothing acknowledged is lost, every unit is whole and once',
  count: 20,
  run: runDatabaseKill,
};

/** Each has one unit in flight. */
const LANES = 1024;
/** Far below what any restart takes. */
const IMPATIENT_MS = 20;
const KINDS = ['everything', 'postmaster', 'backend'] as const;
type Kind = (typeof KINDS)[number];

async function runDatabaseKill(context: SoakContext): Promise<SoakResult> {
  const server = await startOwnServer();
  context.onInterrupt(() => server.end());
  const pool = createPool({ url: server.app, applicationName: 'soak', max: 20 });
  const patient = createCommitter({ url: server.app, pool });
  const impatient = createCommitter({ url: server.app, pool, reconnectMs: IMPATIENT_MS });
  const record = newCommitRecord(context.seed, LANES);
  try {
    await patient.commit(SETUP);
    const began = monotonicMs();
    const from = record.lanes.map(() => 0);
    const lanes = startLanes({
      seed: context.seed,
      from,
      committers: [patient, impatient],
      acknowledge: record.acknowledge,
    });
    const kills = await killAgainAndAgain(context, server.dataDir, record).finally(() => lanes.stop());
    const seconds = (monotonicMs() - began) / 1000;
    const { violations, counts } = await proveUnits(pool, record);
    return {
      failures: [...few(lanes.failures), ...violations],
      counts: { ...kills, restarts: server.restarts(), ...countsOf(record, seconds), proven: counts },
    };
  } finally {
    await context.keep(server);
    await Promise.all([patient.close(), impatient.close()]);
    await pool.end();
    await server.end();
  }
}

async function killAgainAndAgain(
  { seed, count, say }: SoakContext,
  dataDir: string,
  record: CommitRecord,
): Promise<{ readonly [name: string]: unknown }> {
  const random = seededRandom(seed);
  const outages: number[] = [];
  let processes = 0;
  await untilServed(record);
  for (let kill = 1; kill <= count; kill += 1) {
    const kind = KINDS[(kill - 1) % KINDS.length] as Kind;
    await sleep(random.integer(50, 800));
    record.takeSilence();
    const killed = killPostgres(dataDir, kind, random);
    if (killed === 0) throw new Error(`kill ${kill}: nothing of PostgreSQL runs`);
    processes += killed;
    await untilServed(record);
    outages.push(record.takeSilence());
    say(`${kill}. ${kind} (${killed} processes): nobody was answered for ${Math.round(outages.at(-1) ?? 0)} ms`);
  }
  return { kills: count, processesKilled: processes, longestOutageMs: Math.round(Math.max(...outages)) };
}

/** SIGKILL, by process id; answers how many processes. */
function killPostgres(dataDir: string, kind: Kind, random: SeededRandom): number {
  const running = processesOf(dataDir);
  const postmaster = running.filter(({ role }) => role === 'postgres');
  const others = running.filter(({ command }) => command.startsWith('postgres:'));
  // `postgres: ROLE DATABASE ADDRESS ACTIVITY`: the connections of the committers and of their pool.
  const backends = others.filter(({ command }) => command.startsWith('postgres: causeway_app '));
  const targets = {
    everything: [...postmaster, ...others],
    postmaster,
    backend: backends.length === 0 ? [] : [random.pick(backends)],
  };
  return targets[kind].filter(({ pid }) => killProcess(pid)).length;
}

function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // it ended by itself meanwhile
  }
}
