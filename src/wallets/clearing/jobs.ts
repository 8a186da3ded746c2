/** The rhythm of clearing: at 08:00 in UTC+8 the day before is closed, and what falls due is settled once it is. */
import { msOf, untilNext } from '../../base/clock.ts';
import { FINISHED, type JobHandlers } from '../../jobs/index.ts';
import { closeCycleJob, type PageSizes } from './close-cycle.ts';
import type { ClearingDeps } from './deps.ts';
import { CLOSE_JOB, openCycles } from './open-cycles.ts';
import { SETTLE_JOB, settleDue } from './settle.ts';

export const DAILY_CLEARING_JOB = 'clearing.daily';
/** 08:00 in UTC+8. Milliseconds into the day in UTC. */
export const DAILY_CLEARING_AT_MS = 0;

export function clearingJobs(deps: ClearingDeps, sizes: PageSizes = {}): JobHandlers {
  return {
    [DAILY_CLEARING_JOB]: async () => {
      await openCycles(deps);
      return { kind: 'again', afterMs: untilNext(msOf(deps.clock.now()), DAILY_CLEARING_AT_MS), reason: 'scheduled' };
    },
    [CLOSE_JOB]: (job) => closeCycleJob(deps, job, sizes),
    [SETTLE_JOB]: async () => {
      await settleDue(deps);
      return FINISHED;
    },
  };
}
