/**
 * The worker of a process: leases due jobs in batches, runs them with bounded concurrency, wakes at once when this process
 * enqueued something and polls every 200 ms for what others did. A job that fails is tried again with growing pauses
 * (business time, so that an advanced clock reaches them); after its last attempt it is dead: visible and restartable.
 */
import { addMs, type Clock, every, nextTurn, sleep } from '../base/clock.ts';
import { uuidV7Hex } from '../base/ids.ts';
import type { Pool } from '../db/pool.ts';
import { createFinisher, type Finisher } from './finisher.ts';
import { buryJob, finishJobs, giveBack, type Job, leaseJobs, postponeJob } from './queue.ts';

/** What a handler says: done with nothing to commit, completed by its own unit, or try again at a time. */
export type JobResult =
  | { readonly kind: 'finished' }
  | { readonly kind: 'committed' }
  | { readonly kind: 'again'; readonly afterMs: number; readonly reason: string; readonly countsAsAttempt?: boolean };

export type JobHandler = (job: Job) => Promise<JobResult>;
export type JobHandlers = Readonly<Record<string, JobHandler>>;

export const FINISHED: JobResult = { kind: 'finished' };
export const COMMITTED: JobResult = { kind: 'committed' };

export interface Worker {
  /** Looks for due jobs now. */
  wake(): void;
  /** True while no job of this process runs or waits to be run. */
  idle(): boolean;
  /** Takes no new job and waits for the running ones, at most `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

export interface WorkerSettings {
  readonly db: Pool;
  readonly clock: Clock;
  readonly handlers: JobHandlers;
  readonly concurrency: number;
  /** Wall-clock milliseconds a job may run before another worker may take it. */
  readonly leaseMs: number;
  readonly log: (message: string, facts: Record<string, unknown>) => void;
}

const POLL_MS = 200;
const MAX_ATTEMPTS = 25;
const LAST_WORD_ATTEMPTS = 6;
const LAST_WORD_PAUSE_MS = 150;

export function startWorker(settings: WorkerSettings): Worker {
  const running = new Set<Promise<void>>();
  let stopped = false;
  let looking = false;
  let again = false;
  const finisher = createFinisher((jobs) => persist(() => finishJobs(settings.db, jobs)));

  const look = async (): Promise<void> => {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    try {
      do {
        again = false;
        await fill();
      } while (again);
    } catch (error) {
      settings.log('job queue out of reach', { error: String(error) });
    } finally {
      looking = false;
    }
  };

  // Jobs that end together are followed by one look.
  let soon = false;
  const lookSoon = async (): Promise<void> => {
    if (soon) return;
    soon = true;
    await nextTurn();
    soon = false;
    await look();
  };

  const fill = async (): Promise<void> => {
    const free = settings.concurrency - running.size;
    if (stopped || free <= 0) return;
    const jobs = await lease(settings, free);
    for (const job of jobs) {
      const run = runJob(settings, finisher, job).finally(() => {
        running.delete(run);
        void lookSoon();
      });
      running.add(run);
    }
  };

  const stopPolling = every(POLL_MS, look);
  return {
    wake: () => void look(),
    idle: () => running.size === 0 && !looking && !soon,
    stop: async (limitMs) => {
      stopped = true;
      stopPolling();
      const limit = AbortSignal.timeout(limitMs);
      const gaveUp = new Promise<void>((resolve) => limit.addEventListener('abort', () => resolve(), { once: true }));
      await Promise.race([Promise.allSettled([...running]), gaveUp]);
    },
  };
}

/** An answer that was lost may have leased jobs: they are given back, or they would stand still for a whole lease. */
async function lease(settings: WorkerSettings, limit: number): Promise<readonly Job[]> {
  const token = uuidV7Hex();
  try {
    const { db, clock, leaseMs } = settings;
    return await leaseJobs(db, { now: clock.now(), limit, leaseMs, lease: token });
  } catch (error) {
    await persist(() => giveBack(settings.db, token));
    throw error;
  }
}

/** The last word about a job is worth some tries: without it the job waits until its lease has run out. */
async function persist(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; attempt <= LAST_WORD_ATTEMPTS; attempt += 1) {
    try {
      return await work();
    } catch {
      await sleep(LAST_WORD_PAUSE_MS * attempt);
    }
  }
}

async function runJob(settings: WorkerSettings, finisher: Finisher, job: Job): Promise<void> {
  const { db, clock, handlers, log } = settings;
  try {
    const handler = handlers[job.kind];
    if (handler === undefined) return await buryJob(db, job, `no handler for ${job.kind}`);
    const result = await handler(job);
    if (result.kind === 'finished') await finisher.finish(job);
    else if (result.kind === 'again')
      await postponeJob(db, job, {
        due: addMs(clock.now(), result.afterMs),
        reason: result.reason,
        planned: result.countsAsAttempt !== true,
      });
  } catch (error) {
    if ((error as { code?: string }).code === 'lease_lost') return;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log('job failed', { job: job.id, kind: job.kind, subject: job.subject, attempts: job.attempts, reason });
    const settle = () =>
      job.attempts >= MAX_ATTEMPTS
        ? buryJob(db, job, reason)
        : postponeJob(db, job, { due: addMs(clock.now(), backoffMs(job.attempts)), reason, planned: false });
    await persist(settle);
  }
}

/** 1 s, 2 s, 4 s … one hour. */
const backoffMs = (attempts: number): number => Math.min(1000 * 2 ** (attempts - 1), 3_600_000);
