/** Jobs of debts: the daily provision. */
import { msOf, untilNext } from '../base/clock.ts';
import type { JobHandlers } from '../jobs/index.ts';
import type { DebtDeps } from './deps.ts';
import { provisionDebts } from './provision-debts.ts';

export const DAILY_DEBTS_JOB = 'debts.daily';
/** 23:55 UTC: after the day's disputes. Milliseconds into the day. */
export const DAILY_DEBTS_AT_MS = (23 * 60 + 55) * 60_000;

export function debtJobs(deps: DebtDeps): JobHandlers {
  return {
    [DAILY_DEBTS_JOB]: async () => {
      await provisionDebts(deps);
      return { kind: 'again', afterMs: untilNext(msOf(deps.clock.now()), DAILY_DEBTS_AT_MS), reason: 'scheduled' };
    },
  };
}
