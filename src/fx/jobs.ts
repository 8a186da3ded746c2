/** Jobs of exchange: closing each day. */
import { msOf, untilNext } from '../base/clock.ts';
import type { JobHandlers } from '../jobs/index.ts';
import { closeDay } from './close-day.ts';
import type { FxDeps } from './deps.ts';

export const DAILY_FX_JOB = 'fx.daily';
/** 23:55 UTC, with the other work of the day's end. Milliseconds into the day. */
export const DAILY_FX_AT_MS = (23 * 60 + 55) * 60_000;
/** A day that could not be closed for want of rates, or because too much moved, is tried again. */
const AGAIN_MS = 15 * 60_000;

export function fxJobs(deps: FxDeps): JobHandlers {
  return {
    [DAILY_FX_JOB]: async () => {
      const closed = await closeDay(deps);
      if (!closed.ok) return { kind: 'again', afterMs: AGAIN_MS, reason: closed.error.detail };
      return { kind: 'again', afterMs: untilNext(msOf(deps.clock.now()), DAILY_FX_AT_MS), reason: 'scheduled' };
    },
  };
}
