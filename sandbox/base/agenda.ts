/**
 * What a network does by itself: daily close, transfers, bookings, statements, notifications. Each activity says when it is
 * due next; the agenda runs them one at a time, the earliest first, each with its own due instant. After downtime the missed
 * days therefore happen in order, as if the network had been there.
 * Invariant: while anything is due or running the network is not idle, so the clock does not step past it.
 */
import { every, type Instant, instant } from '../../src/base/clock.ts';

export interface Activity {
  readonly name: string;
  /** Business milliseconds since 1970 of the next occasion, or null when nothing waits. */
  nextDue(): number | null;
  /** Does the work that was due at `dueMs`; afterwards `nextDue` must have moved on. */
  run(dueMs: number): void | Promise<void>;
}

export interface Agenda {
  /** Nothing is due now and nothing is being worked on. */
  status(): { readonly idle: boolean; readonly nextDue: Instant | null };
  /** Runs what is due; resolves when nothing is. */
  drain(): Promise<void>;
  /** Looks for due work each 200 ms of wall time until the returned function is called. */
  start(): () => void;
}

const TICK_MS = 200;

export function makeAgenda(activities: readonly Activity[], nowMs: () => number): Agenda {
  let running: Promise<void> | null = null;
  const earliest = (): { activity: Activity; due: number } | null => {
    let best: { activity: Activity; due: number } | null = null;
    for (const activity of activities) {
      const due = activity.nextDue();
      if (due !== null && (best === null || due < best.due)) best = { activity, due };
    }
    return best;
  };
  const work = async (): Promise<void> => {
    for (let next = earliest(); next !== null && next.due <= nowMs(); next = earliest()) {
      await next.activity.run(next.due);
    }
  };
  const drain = (): Promise<void> => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
  return {
    status: () => {
      const next = earliest();
      const idle = running === null && (next === null || next.due > nowMs());
      return { idle, nextDue: next === null ? null : instant(next.due) };
    },
    drain,
    start: () => every(TICK_MS, () => drain().catch(report)),
  };
}

/** A failing activity is tried again at the next tick; it keeps the network busy, so the clock says which one it is. */
function report(cause: unknown): void {
  process.stderr.write(`${cause instanceof Error ? cause.stack : String(cause)}\n`);
}
