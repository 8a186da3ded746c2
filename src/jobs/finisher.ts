/**
 * Removing jobs that had nothing to commit: those that end together go in one statement, and those that end while it runs
 * in the next one. A flood of deadlines nobody needs any more costs a transaction a handful, not one each.
 */
import { nextTurn } from '../base/clock.ts';
import type { Job } from './queue.ts';

export interface Finisher {
  /** Resolves when the job is removed; fails with whatever its batch failed with. */
  finish(job: Job): Promise<void>;
}

interface Batch {
  readonly jobs: Job[];
  readonly removed: Promise<void>;
}

/** `remove` is called with one batch at a time. */
export function createFinisher(remove: (jobs: readonly Job[]) => Promise<void>): Finisher {
  let gathering: Batch | null = null;
  let before: Promise<void> = Promise.resolve();
  const open = (): Batch => {
    const jobs: Job[] = [];
    const removed = before.then(nextTurn).then(() => {
      gathering = null;
      return remove(jobs);
    });
    before = removed.catch(() => undefined);
    return { jobs, removed };
  };
  return {
    finish: (job) => {
      gathering ??= open();
      gathering.jobs.push(job);
      return gathering.removed;
    },
  };
}
