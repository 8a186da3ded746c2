/** Opening cycles: one for each day in UTC+8 that is over, after 08:00 of the next, in their order and each once. */
import { addMs, type Day, type Instant } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import { newId } from '../../base/ids.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { absent, type Decision, deadline, insert, part } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import {
  BEGINNING,
  CLOSING_MS,
  type ClearingCycle,
  clearingCycles,
  closingOf,
  dayBefore,
  dayEast8,
  nextDay,
  startEast8,
} from './cycle.ts';
import type { ClearingDeps } from './deps.ts';
import { findCycleOf, newestCycle } from './store.ts';

export const CLOSE_JOB = 'clearing.close_cycle';

/** Opens what is due: the days after the newest cycle, the first time the day before. Begun again, it opens nothing twice. */
export async function openCycles(deps: ClearingDeps): Promise<readonly Day[]> {
  const now = deps.clock.now();
  const newest = await newestCycle(deps.journal.db);
  const opened: Day[] = [];
  for (let day = newest === null ? firstDay(now) : nextDay(newest.day); closingOf(day) <= now; day = nextDay(day)) {
    const result = await deps.journal.run(undefined, () => decide(deps, day));
    if (result.ok) opened.push(day);
    // Left out, the day would never be opened: the next one is looked for after the newest.
    else if (result.error.code === 'conflict') throw new Fault('conflict', result.error.detail, { retryable: true });
  }
  return opened;
}

/** The last day whose closing has come. */
const firstDay = (now: Instant): Day => dayBefore(dayEast8(addMs(now, -CLOSING_MS)));

async function decide(deps: ClearingDeps, day: Day): Promise<Result<Decision<ClearingCycle>, Refusal>> {
  if ((await findCycleOf(deps.journal.db, day)) !== null) return refuse('illegal_move', `the cycle of ${day} is open`);
  const at = deps.clock.now();
  const cycle: ClearingCycle = {
    id: newId('cyc'),
    version: 0,
    state: 'collecting',
    day,
    from: startEast8(day),
    to: startEast8(nextDay(day)),
    cursor: BEGINNING,
    payments: 0,
    refunds: 0,
    rates: null,
    openedAt: at,
    closedAt: null,
  };
  const opened = part({
    events: [event('clearing.cycle_opened', cycle.id, { day, from: cycle.from, to: cycle.to })],
    writes: [insert(clearingCycles, cycle)],
    guards: [absent(clearingCycles, 'day', day)],
    jobs: [deadline(CLOSE_JOB, cycle.id, at)],
  });
  return ok({ unit: { at, ...opened }, value: cycle });
}
