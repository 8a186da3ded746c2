/**
 * Closing a cycle, a step at a time: its items are collected, its fees posted and its batches made, its files written. Each step
 * holds to the cycle as it was read and moves it on in one unit, so a process may end anywhere and another goes on; what
 * was done and not committed is done again and comes to the same. Memory is that of a page, whatever the day has.
 */

import type { Id } from '../../base/ids.ts';
import { ok, type Refusal, type Result } from '../../base/result.ts';
import { currentRates, midOf, type RateTable, VALUATION_MAX_AGE_MS } from '../../fx/index.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../../jobs/index.ts';
import { type Decision, deadline, part, type UnitPart, update } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import { assessCycle } from './assess-cycle.ts';
import { collectPage, ITEMS_A_PAGE, SOURCES } from './collect.ts';
import { type ClearingCycle, clearingCycles } from './cycle.ts';
import type { ClearingDeps } from './deps.ts';
import { CLOSE_JOB } from './open-cycles.ts';
import { SETTLE_JOB } from './settle.ts';
import { countItems, findCycle, type ItemCounts, isEarlierCollecting } from './store.ts';
import { fileBatches, LINES_A_FILE } from './write-files.ts';

/** How much one job takes at once; smaller in tests. */
export interface PageSizes {
  readonly itemsAPage?: number;
  readonly linesAFile?: number;
}

/** Business milliseconds until a cycle that must wait is looked at again. */
const WAIT_MS = 15 * 60_000;

/** The job: the next step of its cycle. */
export async function closeCycleJob(deps: ClearingDeps, job: Job, sizes: PageSizes = {}): Promise<JobResult> {
  const cycle = await findCycle(deps.journal.db, job.subject as Id<'cyc'>);
  switch (cycle?.state) {
    case undefined:
    case 'closed':
      return FINISHED;
    case 'collecting':
      return collect(deps, cycle, job, sizes.itemsAPage ?? ITEMS_A_PAGE);
    case 'collected': {
      const { pairs, batches } = await assessCycle(deps, cycle);
      const assessed = part({
        events: [event('clearing.assessed', cycle.id, { pairs, batches })],
        writes: [update(clearingCycles, cycle, { state: 'assessed' })],
      });
      return moveOn(deps, job, assessed, cycle.id);
    }
    case 'assessed':
      if ((await fileBatches(deps, cycle, sizes.linesAFile ?? LINES_A_FILE)) === 'more')
        return { kind: 'again', afterMs: 0, reason: 'files are being written' };
      return close(deps, cycle, job);
  }
}

async function collect(deps: ClearingDeps, cycle: ClearingCycle, job: Job, itemsAPage: number): Promise<JobResult> {
  const { db } = deps.journal;
  // A late item belongs to the earliest cycle that can still take it.
  if (await isEarlierCollecting(db, cycle))
    return { kind: 'again', afterMs: 1000, reason: 'the day before comes first' };
  const source = (SOURCES[cycle.cursor.source] as (typeof SOURCES)[number]).name;
  const { items, next } = await collectPage(db, cycle, itemsAPage);
  const collected = event('clearing.items_collected', cycle.id, { source, items });
  if (next !== null)
    return moveOn(
      deps,
      job,
      part({ events: [collected], writes: [update(clearingCycles, cycle, { cursor: next })] }),
      cycle.id,
    );
  const counts = await countItems(db, cycle.id);
  const rates = await ratesFor(deps, counts);
  if (!rates.ok) return { kind: 'again', afterMs: WAIT_MS, reason: rates.error.detail };
  const { payments, refunds } = counts;
  const fixed = { payments, refunds, rates: rates.value?.id ?? null };
  return moveOn(
    deps,
    job,
    part({
      events: [collected, event('clearing.collected', cycle.id, fixed)],
      writes: [update(clearingCycles, cycle, { state: 'collected', ...fixed })],
    }),
    cycle.id,
  );
}

/** Rates of everything that crosses, null where nothing does. Without them the cycle waits: a fee is never guessed. */
async function ratesFor(deps: ClearingDeps, { crossings }: ItemCounts): Promise<Result<RateTable | null, Refusal>> {
  if (crossings.length === 0) return ok(null);
  const rates = await currentRates(deps.fx, VALUATION_MAX_AGE_MS);
  if (!rates.ok) return rates;
  const missing = crossings.filter(({ pay, settle }) => midOf(rates.value, settle, pay) === null);
  if (missing.length === 0) return rates;
  const named = missing.map(({ pay, settle }) => `${settle}/${pay}`).join(', ');
  return { ok: false, error: { code: 'rate_unavailable', detail: `the source has no rate of ${named}` } };
}

function close(deps: ClearingDeps, cycle: ClearingCycle, job: Job): Promise<JobResult> {
  const at = deps.clock.now();
  const { from, to, payments, refunds } = cycle;
  return moveOn(
    deps,
    job,
    part({
      events: [event('clearing.cycle_closed', cycle.id, { from, to, payments, refunds })],
      writes: [update(clearingCycles, cycle, { state: 'closed', closedAt: at })],
      jobs: [deadline(SETTLE_JOB, cycle.id, at)],
    }),
  );
}

/** One unit with the end of this job, and the job of the next step of `next`. */
async function moveOn(deps: ClearingDeps, job: Job, own: UnitPart, next?: Id<'cyc'>): Promise<JobResult> {
  const moved = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, Refusal>> => {
    const at = deps.clock.now();
    const jobs = next === undefined ? own.jobs : [...own.jobs, deadline(CLOSE_JOB, next, at)];
    return ok({ unit: { at, ...own, jobs, done: { job: job.id, lease: job.lease } }, value: null });
  });
  return moved.ok ? COMMITTED : { kind: 'again', afterMs: 1000, reason: moved.error.code };
}
