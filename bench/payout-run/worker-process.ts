/**
 * A process of the platform as far as payouts go: the product's pool, committer, journal and worker, the real job handlers
 * and the real ACH rail in front of a bank that takes every file. It is killed and started again; what it left leased is
 * given back at the start, as src/main/start.ts does.
 */
import { dayOf, monotonicMs, msOf, systemClock } from '../../src/base/clock.ts';
import type { Id } from '../../src/base/ids.ts';
import { must } from '../../src/base/result.ts';
import { createPool } from '../../src/db/pool.ts';
import { type JobHandlers, releaseLeases, startWorker } from '../../src/jobs/index.ts';
import { commandKey, createCommitter, createJournal } from '../../src/journal/index.ts';
import { initiatePayout, type PayoutDeps, payoutJobs, startRun, untilRunEnded } from '../../src/payouts/index.ts';
import { answerQuestions } from '../lifecycle/child.ts';
import { acceptingBank } from '../lifecycle/stubs.ts';

export type Question =
  | { readonly ask: 'open'; readonly url: string; readonly bank: Id<'bnk'>; readonly filing: boolean }
  | { readonly ask: 'start'; readonly marketplace: Id<'mkt'> }
  /** Seconds to begin a payout for every seller in one run. */
  | { readonly ask: 'paged'; readonly marketplace: Id<'mkt'> }
  /** The same, a seller at a time as POST /v1/payouts does, 64 at once. */
  | { readonly ask: 'naive'; readonly marketplace: Id<'mkt'> }
  /** MiB: the most this process has held. */
  | { readonly ask: 'peak' };

const JOBS_AT_ONCE = 64;
const LEASE_MS = 100_000;
const AT_ONCE = 64;
const LIMIT_MS = 600_000;

let open: { readonly payouts: PayoutDeps; close(): Promise<void> } | undefined;

answerQuestions<Question>(
  async (question) => {
    switch (question.ask) {
      case 'open':
        open = await openWork(question);
        return null;
      case 'start':
        return (await begin(deps(), question.marketplace)).run.id;
      case 'paged':
        return paged(deps(), question.marketplace);
      case 'naive':
        return naive(deps(), question.marketplace);
      case 'peak':
        return process.resourceUsage().maxRSS / 1024;
    }
  },
  async () => open?.close(),
);

function deps(): PayoutDeps {
  if (open === undefined) throw new Error('not opened');
  return open.payouts;
}

async function openWork({ url, bank, filing }: Extract<Question, { ask: 'open' }>) {
  const db = createPool({ url, applicationName: 'bench', max: 20 });
  const journal = createJournal(db, createCommitter({ url, pool: db }));
  const clock = systemClock();
  const payouts: PayoutDeps = {
    journal,
    clock,
    rail: acceptingBank(dayOf(clock.now())),
    bank,
    keptBack: async () => new Map(),
  };
  await releaseLeases(db);
  const worker = startWorker({
    db,
    clock,
    handlers: filing ? payoutJobs(payouts) : withoutFiling(payoutJobs(payouts)),
    concurrency: JOBS_AT_ONCE,
    leaseMs: LEASE_MS,
    log: (message, facts) => console.error(message, facts),
  });
  journal.onJobs(() => worker.wake());
  const close = async (): Promise<void> => {
    await worker.stop(3000);
    await journal.close();
    await db.end();
  };
  return { payouts, close };
}

/** Where only the decisions are compared. */
const withoutFiling = (handlers: JobHandlers): JobHandlers => ({
  ...handlers,
  'payouts.file': async () => ({ kind: 'finished' }),
});

async function begin(payouts: PayoutDeps, marketplace: Id<'mkt'>) {
  const command = commandKey('bench', marketplace, 'payout_run', { marketplace });
  return must(await startRun(payouts, command, { marketplace, name: 'bench' }));
}

async function paged(payouts: PayoutDeps, marketplace: Id<'mkt'>): Promise<number> {
  const { run } = await begin(payouts, marketplace);
  const { startedAt, endedAt } = await untilRunEnded(payouts, run.id, LIMIT_MS);
  if (endedAt === null) throw new Error('the run has not ended');
  return (msOf(endedAt) - msOf(startedAt)) / 1000;
}

async function naive(payouts: PayoutDeps, marketplace: Id<'mkt'>): Promise<number> {
  const { rows } = await payouts.journal.db.query<{ id: string }>(
    "select 'sel_' || replace(id::text, '-', '') as id from sellers where marketplace = $1 order by id",
    [marketplace],
  );
  const waiting = rows.map(({ id }) => id as Id<'sel'>);
  const payNext = async (): Promise<void> => {
    for (let seller = waiting.pop(); seller !== undefined; seller = waiting.pop()) {
      const input = { marketplace, seller, amount: null };
      must(await initiatePayout(payouts, commandKey(marketplace, seller, 'initiate_payout', input), input));
    }
  };
  const began = monotonicMs();
  await Promise.all(Array.from({ length: AT_ONCE }, payNext));
  const seconds = (monotonicMs() - began) / 1000;
  // Each has left a job that files it: not to be worked off while the next round is measured.
  await payouts.journal.db.query("delete from jobs where kind = 'payouts.file'");
  return seconds;
}
