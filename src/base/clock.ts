/**
 * Time. Business time (deadlines, settlement days) comes from a `Clock`; wall-clock time is for leases, timeouts, token
 * expiry, signatures and ids. This file is the only home of Date.now and of timers.
 */
import { assert } from './assert.ts';

/** An instant in UTC, ISO 8601 with milliseconds and `Z`; sorts as text. */
export type Instant = string & { readonly __instant: true };
/** A calendar day, `YYYY-MM-DD`, of a stated zone. */
export type Day = string & { readonly __day: true };

export interface Clock {
  /** Business time; never goes backwards within a process. */
  now(): Instant;
}

const INSTANT_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
export const MS_PER_DAY = 86_400_000;

/** Milliseconds since 1970 of the machine's clock. */
export const wallNow = (): number => Date.now();

/** Monotonic milliseconds, for measuring durations. */
export const monotonicMs = (): number => performance.now();

/** The instant of `ms` milliseconds since 1970-01-01T00:00:00Z. */
export const instant = (ms: number): Instant => new Date(ms).toISOString() as Instant;

/** Milliseconds since 1970 of an instant. */
export function msOf(value: Instant): number {
  const ms = Date.parse(value);
  assert(Number.isFinite(ms), `not an instant: ${value}`);
  return ms;
}

/** Parses an instant; null unless ISO 8601 in UTC (milliseconds optional). */
export function parseInstant(text: unknown): Instant | null {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/.test(text)) return null;
  const ms = Date.parse(text);
  if (!Number.isFinite(ms)) return null;
  const canonical = instant(ms);
  assert(INSTANT_PATTERN.test(canonical), 'canonical instant');
  return canonical.slice(0, 19) === text.slice(0, 19) ? canonical : null;
}

export const addMs = (from: Instant, ms: number): Instant => instant(msOf(from) + ms);
export const addDays = (from: Instant, days: number): Instant => addMs(from, days * MS_PER_DAY);

/** Milliseconds from `now` to the next time of day `atMs` (UTC), never zero. */
export const untilNext = (now: number, atMs: number): number => MS_PER_DAY - ((now - atMs) % MS_PER_DAY);

/** The UTC day of an instant. */
export const dayOf = (value: Instant): Day => value.slice(0, 10) as Day;

/** The machine's clock as business clock (production). */
export const systemClock = (): Clock => monotone(() => wallNow());

/** A clock that never goes backwards, over any source of milliseconds. */
export function monotone(source: () => number): Clock {
  let last = 0;
  return {
    now: () => {
      last = Math.max(last, source());
      return instant(last);
    },
  };
}

/** Waits; rejects with the signal's reason when aborted. Wall-clock time. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Does `work` after `ms` milliseconds of wall-clock time, unless the returned function is called before. */
export function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}

/** Waits until the events that have arrived by now are handled. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs `work` every `ms` milliseconds of wall-clock time until the returned function is called; runs never overlap. */
export function every(ms: number, work: () => Promise<void>): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const loop = async (): Promise<void> => {
    await work();
    if (!stopped) timer = setTimeout(loop, ms);
  };
  timer = setTimeout(loop, ms);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
