/** Jobs of payouts: filing, sending, the pages of a run, and the daily schedule of runs. */
import { dayOf, msOf, untilNext } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { JobHandlers } from '../jobs/index.ts';
import { commandKey } from '../journal/index.ts';
import { marketplacesPaidDaily } from '../parties/index.ts';
import type { PayoutDeps } from './deps.ts';
import { ENTRIES_A_FILE, filePayoutsJob } from './file-payouts.ts';
import { FILE_JOB } from './initiate-payout.ts';
import { runPageJob, SELLERS_A_PAGE } from './run-page.ts';
import { RUN_JOB, startRun } from './start-run.ts';
import { isAnybodyToPay } from './store.ts';
import { SUBMIT_JOB, submitFileJob } from './submit-file.ts';

export const DAILY_RUN_JOB = 'payouts.daily_run';
/** 12:00 UTC: before the bank's working day in the Americas begins. Milliseconds into the day. */
export const DAILY_RUN_AT_MS = 12 * 3_600_000;

/** How much one job takes at once; smaller in tests. */
export interface PageSizes {
  readonly sellersAPage?: number;
  readonly entriesAFile?: number;
}

export function payoutJobs(deps: PayoutDeps, sizes: PageSizes = {}): JobHandlers {
  const { sellersAPage = SELLERS_A_PAGE, entriesAFile = ENTRIES_A_FILE } = sizes;
  return {
    [FILE_JOB]: (job) => filePayoutsJob(deps, job, entriesAFile),
    [SUBMIT_JOB]: (job) => submitFileJob(deps, job),
    [RUN_JOB]: (job) => runPageJob(deps, job, sellersAPage),
    [DAILY_RUN_JOB]: async () => {
      await startDailyRuns(deps);
      return { kind: 'again', afterMs: untilNext(msOf(deps.clock.now()), DAILY_RUN_AT_MS), reason: 'scheduled' };
    },
  };
}

/** A run of the day for every marketplace that is paid daily and has somebody to pay; begun again, it begins nothing twice. */
async function startDailyRuns(deps: PayoutDeps): Promise<void> {
  const name = `daily:${dayOf(deps.clock.now())}`;
  for (const { id: marketplace } of await marketplacesPaidDaily(deps.journal.db)) {
    if (!(await isAnybodyToPay(deps.journal.db, marketplace))) continue;
    const run = { marketplace, name };
    const started = await startRun(deps, commandKey('schedule', `${marketplace}:${name}`, 'payout_run', run), run);
    if (!started.ok) throw new Fault(started.error.code, started.error.detail, { retryable: true });
  }
}
