/**
 * A clearing cycle: what the wallets paid and gave back on one day, 00:00–24:00 in UTC+8. It is closed at 08:00 of the day after,
 * when nothing of it can be canceled any more (until 00:15, a wallet until 00:30).
 *
 * What is in it, decided once: payments that stand as paid and whose cancel window has ended, and refunds that the wallet has
 * done, in no cycle before. A payment that is being canceled is in none and will be in none: it can only become canceled. One
 * whose outcome is not known at closing is in the first cycle after it is known. So files settle what is sure, and what is
 * not is resolved afterwards.
 */
import { addDays, addMs, type Day, dayOf, type Instant, instant, msOf } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import { type StateRow, stateTable } from '../../db/state-table.ts';

export interface ClearingCycle extends StateRow {
  readonly id: Id<'cyc'>;
  readonly state: keyof typeof CLEARING_CYCLE_MOVES;
  /** In UTC+8. */
  readonly day: Day;
  /** From `from` up to, not including, `to`. */
  readonly from: Instant;
  readonly to: Instant;
  readonly cursor: Cursor;
  readonly payments: number;
  readonly refunds: number;
  /** The rates that interchange crosses at; null while collecting, and where nothing crosses. */
  readonly rates: Id<'fxr'> | null;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
}

/** How far collecting is: which source, and the last item of it. */
export interface Cursor {
  readonly source: number;
  readonly at: string;
  /** Of the item, as the database writes it. */
  readonly item: string;
}

/**
 * `collecting`: its items are looked for, a page at a time. `collected`: they are all there. `assessed`: fees are posted and each
 * participant has its batches. `closed`: their files are made.
 */
export const CLEARING_CYCLE_MOVES = {
  collecting: ['collected'],
  collected: ['assessed'],
  assessed: ['closed'],
  closed: [],
} as const;

export const clearingCycles = stateTable<ClearingCycle>('clearing_cycles', 'cyc');

const EAST_8_MS = 8 * 3_600_000;
/** 08:00: milliseconds into the day in UTC+8. In UTC it is midnight. */
export const CLOSING_MS = 8 * 3_600_000;
/** How long before closing a cancel window must have ended: what is asked in its last moment has its answer by then. */
const MARGIN_MS = 15 * 60_000;

/** The day in UTC+8 of an instant. */
export const dayEast8 = (at: Instant): Day => dayOf(addMs(at, EAST_8_MS));

/** Midnight in UTC+8 at the start of a day. */
export const startEast8 = (day: Day): Instant => addMs(instant(Date.parse(`${day}T00:00:00.000Z`)), -EAST_8_MS);

/** `2026-11-28T09:30:00+08:00`. */
export const textEast8 = (at: string): string => `${addMs(instant(msOf(at as Instant)), EAST_8_MS).slice(0, 19)}+08:00`;

export const nextDay = (day: Day): Day => daysAfter(day, 1);
export const dayBefore = (day: Day): Day => daysAfter(day, -1);
const daysAfter = (day: Day, days: number): Day => dayOf(addDays(instant(Date.parse(`${day}T00:00:00.000Z`)), days));

/** When the cycle of a day is closed: 08:00 of the next. */
export const closingOf = (day: Day): Instant => addMs(startEast8(nextDay(day)), CLOSING_MS);

/** A cancel window that ends later keeps its payment for a later cycle. */
export const cancelableBefore = (cycle: Pick<ClearingCycle, 'day'>): Instant => addMs(closingOf(cycle.day), -MARGIN_MS);

/** Before the first source. */
export const BEGINNING: Cursor = { source: 0, at: '', item: '00000000-0000-0000-0000-000000000000' };
