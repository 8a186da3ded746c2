/**
 * The run as an operator would live it: ordered, its process killed when half of the sellers are done and started again at
 * once, watched until the last file is there. The clock never stops in between.
 */
import { kill } from 'node:process';
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import type { Id } from '../../src/base/ids.ts';
import { createPool, type Pool } from '../../src/db/pool.ts';
import type { BenchChild } from '../lifecycle/child.ts';
import type { BenchDatabase, BenchServer } from '../support/database.ts';
import { familySeconds } from '../support/processor.ts';

export interface RunInput {
  readonly start: () => Promise<BenchChild>;
  readonly database: BenchDatabase;
  readonly server: BenchServer;
  readonly marketplace: Id<'mkt'>;
  readonly sellers: number;
  readonly say: (line: string) => void;
}

export interface RunFigures {
  readonly run: Id<'run'>;
  readonly seconds: number;
  /** Until the last payout was begun. */
  readonly begunSeconds: number;
  /** Sellers done when the process was killed. */
  readonly killedAt: number;
  /** The most that either process held, in MiB. */
  readonly peakMiB: number;
  readonly platformSeconds: number;
  readonly databaseSeconds: number;
}

const LOOK_MS = 50;
const LIMIT_SECONDS = 600;

export async function runAndKill(input: RunInput): Promise<RunFigures> {
  const { database, server, marketplace, sellers, say } = input;
  const db = createPool({ url: database.app, applicationName: 'bench-watch', max: 1 });
  let worker = await input.start();
  try {
    const databaseBefore = familySeconds(server.pid);
    const began = monotonicMs();
    const elapsed = (): number => (monotonicMs() - began) / 1000;
    const run = await worker.ask<Id<'run'>>({ ask: 'start', marketplace });
    const { done: killedAt } = await until(db, run, elapsed, ({ done }) => done >= sellers / 2);
    const before = await killIt(worker);
    say(`killed after ${elapsed().toFixed(1)} s with ${killedAt.toLocaleString('en-US')} sellers done`);
    worker = await input.start();
    await until(db, run, elapsed, ({ state }) => state === 'done');
    const begunSeconds = elapsed();
    say(`every payout begun after ${begunSeconds.toFixed(1)} s`);
    await until(db, run, elapsed, ({ filed }) => filed >= sellers);
    const seconds = elapsed();
    say(`every file written after ${seconds.toFixed(1)} s`);
    const peakMiB = Math.max(before.peakMiB, await worker.ask<number>({ ask: 'peak' }));
    const platformSeconds = before.platformSeconds + familySeconds(worker.pid);
    const databaseSeconds = familySeconds(server.pid) - databaseBefore;
    return { run, seconds, begunSeconds, killedAt, peakMiB, platformSeconds, databaseSeconds };
  } finally {
    await worker.stop();
    await db.end();
  }
}

interface Standing {
  readonly state: string;
  readonly done: number;
  /** Entries of the files written so far. */
  readonly filed: number;
}

async function until(
  db: Pool,
  run: Id<'run'>,
  elapsed: () => number,
  reached: (standing: Standing) => boolean,
): Promise<Standing> {
  for (;;) {
    const { rows } = await db.query<Standing>(
      `select state, (data ->> 'sellersDone')::int as done,
              (select coalesce(sum((data ->> 'entries')::int), 0)::int from payout_files) as filed
         from payout_runs where id = $1`,
      [run.slice(4)],
    );
    const standing = rows[0] as Standing;
    if (reached(standing)) return standing;
    if (elapsed() > LIMIT_SECONDS) throw new Error(`not there after ${LIMIT_SECONDS} s: ${JSON.stringify(standing)}`);
    await sleep(LOOK_MS);
  }
}

/** What the process had used up to its end. */
async function killIt(worker: BenchChild): Promise<{ peakMiB: number; platformSeconds: number }> {
  const peakMiB = await worker.ask<number>({ ask: 'peak' });
  const platformSeconds = familySeconds(worker.pid);
  kill(worker.pid, 'SIGKILL');
  await worker.stop().catch(() => undefined); // its channel may be closed before it is seen to end
  return { peakMiB, platformSeconds };
}
