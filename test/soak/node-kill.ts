/**
 * The soak `node-kill`: a child process commits under full load and writes every acknowledgment into a pipe; it is killed
 * again and again at moments drawn from the seed while PostgreSQL goes on. Only an acknowledgment that this process has
 * read to its end counts. The next child sends the units that were in flight again under their keys, and each has exactly
 * one effect. In the end the journal holds what was acknowledged, whole and once, and nothing else.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import { createPool, type Pool } from '../../src/db/pool.ts';
import { createCommitter } from '../../src/journal/index.ts';
import { type LanesOrder, parseAcknowledgment, wholeLines } from './commit/acknowledgment-line.ts';
import { SETUP } from './commit/order-units.ts';
import { startOwnServer } from './commit/own-server.ts';
import { few, proveUnits } from './commit/prove-units.ts';
import { type CommitRecord, countsOf, newCommitRecord, untilServed } from './commit/record.ts';
import type { Soak, SoakContext, SoakResult } from './soak.ts';

export const nodeKill: Soak = {
  name: 'node-kill',
  title:
    'Kills Node under a full load of commits; nothing acknowledged is lost, what was in flight is resolved by its key',
  count: 20,
  run: runNodeKill,
};

/** Each has one unit in flight. */
const LANES = 1024;
const PROGRAM = join(import.meta.dirname, 'commit/lanes-program.ts');

async function runNodeKill(context: SoakContext): Promise<SoakResult> {
  const server = await startOwnServer();
  const record = newCommitRecord(context.seed, LANES);
  const pool = createPool({ url: server.app, applicationName: 'soak', max: 20 });
  let child: Child | null = null;
  const undo = async (): Promise<void> => {
    await child?.kill();
    await pool.end();
    await server.end();
  };
  context.onInterrupt(undo);
  try {
    await setUp(server.app, pool);
    const began = monotonicMs();
    const start = (): Child => (child = startChild(server.app, record));
    const { failures, kills } = await killAgainAndAgain(context, record, start);
    const seconds = (monotonicMs() - began) / 1000;
    const { violations, counts } = await proveUnits(pool, record);
    return {
      failures: [...few(failures), ...violations],
      counts: { ...kills, ...countsOf(record, seconds), proven: counts },
    };
  } finally {
    await context.keep(server);
    await undo();
  }
}

async function setUp(url: string, pool: Pool): Promise<void> {
  const committer = createCommitter({ url, pool });
  await committer.commit(SETUP);
  await committer.close();
}

async function killAgainAndAgain({ seed, count, say }: SoakContext, record: CommitRecord, start: () => Child) {
  const random = seededRandom(seed);
  const outages: number[] = [];
  const failures: string[] = [];
  let child = start();
  await untilServed(record);
  for (let kill = 1; kill <= count; kill += 1) {
    await sleep(random.integer(50, 800));
    record.takeSilence();
    failures.push(...(await child.kill()));
    child = start();
    await untilServed(record);
    outages.push(record.takeSilence());
    say(`${kill}. nobody was answered for ${Math.round(outages.at(-1) ?? 0)} ms`);
  }
  failures.push(...(await child.stop()));
  return { failures, kills: { kills: count, longestOutageMs: Math.round(Math.max(...outages)) } };
}

/** Both answer what went wrong in the child. */
interface Child {
  /** SIGKILL; resolves when what it had written has been read to the end. */
  kill(): Promise<readonly string[]>;
  /** Lets every lane finish its unit. */
  stop(): Promise<readonly string[]>;
}

function startChild(url: string, record: CommitRecord): Child {
  const from = record.lanes.map(({ length }) => length);
  const wereInFlight = record.counts.acknowledged > 0;
  const failures: string[] = [];
  const child = fork(PROGRAM, [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const closed = once(child, 'close');
  const take = (line: string): void => {
    const told = parseAcknowledgment(line);
    if (told === null) return void failures.push(`the child says: ${line}`);
    const isResolved = wereInFlight && told.number === from[told.lane];
    record.acknowledge(isResolved ? { ...told, unknown: told.unknown + 1 } : told);
  };
  child.stdout?.on('data', wholeLines(take));
  child.send({ url, seed: record.seed, from, wereInFlight } satisfies LanesOrder);
  return {
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null)
        failures.push(`the child ended by itself (${child.signalCode ?? `code ${child.exitCode}`})`);
      child.kill('SIGKILL');
      await closed;
      return failures;
    },
    stop: async () => {
      child.send('stop');
      await closed;
      return failures;
    },
  };
}
