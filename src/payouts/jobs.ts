/** Jobs of payouts: filing, sending, and the daily run. */
import { dayOf, MS_PER_DAY, msOf } from '../base/clock.ts';
import type { JobHandlers } from '../jobs/index.ts';
import { marketplacesPaidDaily } from '../parties/index.ts';
import type { PayoutDeps } from './deps.ts';
import { filePayoutsJob } from './file-payouts.ts';
import { FILE_JOB } from './initiate-payout.ts';
import { runPayouts } from './run-payouts.ts';
import { SUBMIT_JOB, submitFileJob } from './submit-file.ts';

export const DAILY_RUN_JOB = 'payouts.daily_run';
/** 12:00 UTC: before the bank's working day in the Americas begins. Milliseconds into the day. */
export const DAILY_RUN_AT_MS = 12 * 3_600_000;

export function payoutJobs(deps: PayoutDeps): JobHandlers {
  return {
    [FILE_JOB]: (job) => filePayoutsJob(deps, job),
    [SUBMIT_JOB]: (job) => submitFileJob(deps, job),
    [DAILY_RUN_JOB]: async () => {
      const now = deps.clock.now();
      for (const marketplace of await marketplacesPaidDaily(deps.journal.db))
        await runPayouts(deps, marketplace.id, `daily:${dayOf(now)}`);
      return { kind: 'again', afterMs: untilNext(msOf(deps.clock.now()), DAILY_RUN_AT_MS), reason: 'scheduled' };
    },
  };
}

/** Milliseconds from `now` to the next time of day `atMs` (UTC), never zero. */
export const untilNext = (now: number, atMs: number): number => MS_PER_DAY - ((now - atMs) % MS_PER_DAY);
