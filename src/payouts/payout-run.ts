/**
 * A payout run: every seller of a marketplace with an available balance and no block is paid everything. Sellers are worked
 * through in the order of their ids, a page at a time; the row says how far the run is and what it came to.
 *
 * Invariant: `payouts` and `total` are those of the sellers up to `cursor`, each counted once, however often a page was
 * begun (run-page.ts).
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';

export interface PayoutRun extends StateRow {
  readonly id: Id<'run'>;
  readonly state: keyof typeof PAYOUT_RUN_MOVES;
  readonly marketplace: Id<'mkt'>;
  /** `daily:` and the day of a scheduled run, the idempotency key of one that was asked for. */
  readonly name: string;
  /** Sellers of the marketplace when the run began. */
  readonly sellersPlanned: number;
  /** Sellers looked at so far; those who joined meanwhile count. */
  readonly sellersDone: number;
  /** The last of them; null before the first page. */
  readonly cursor: Id<'sel'> | null;
  readonly payouts: number;
  readonly total: Money;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
}

export const PAYOUT_RUN_MOVES = { running: ['done'], done: [] } as const;

export const payoutRuns = stateTable<PayoutRun>('payout_runs', 'run');

/** The run at its end. Asserts that it has not ended before. */
export function endRun(run: PayoutRun, at: Instant): Partial<PayoutRun> {
  assertMove(PAYOUT_RUN_MOVES, `payout run ${run.id}`, run.state, 'done');
  return { state: 'done', endedAt: at };
}
