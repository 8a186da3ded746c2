/**
 * Business time of a network: wall time plus the offset of the sandbox's clock, made monotone. The offset is kept in the
 * network's own file too, so that a restart never begins in the past; it only grows.
 */
import { type Clock, type Instant, monotone, msOf, sleep, wallNow } from '../../src/base/clock.ts';
import { answeredObject, call, taken } from './http-client.ts';
import type { Store } from './store.ts';

export interface BusinessTime extends Clock {
  now(): Instant;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Takes over a newer offset; an older one is ignored. */
  adopt(offsetMs: number): void;
}

const SCHEMA =
  'create table if not exists business_time (only integer primary key check (only = 1), offset_ms integer) strict';

export function businessTime(store: Store): BusinessTime {
  store.run(SCHEMA);
  const row = store.first<{ offset_ms: bigint }>('select offset_ms from business_time');
  let offsetMs = Number(row?.offset_ms ?? 0n);
  const clock = monotone(() => wallNow() + offsetMs);
  return {
    now: clock.now,
    nowMs: () => msOf(clock.now()),
    adopt: (next) => {
      if (!Number.isSafeInteger(next) || next <= offsetMs) return;
      store.run(
        'insert into business_time values (1, ?) on conflict (only) do update set offset_ms = excluded.offset_ms',
        next,
      );
      offsetMs = next;
    },
  };
}

/** Business time with the clock's offset already adopted, so that a network's first day is not in the past. */
export async function openBusinessTime(store: Store, clockUrl: string | undefined): Promise<BusinessTime> {
  const time = businessTime(store);
  if (clockUrl !== undefined) await within(5_000, () => fetchOffset(clockUrl, time));
  return time;
}

/** Registers with the clock and adopts its offset; tries until it works or `deadlineMs` of wall time have passed. */
export function joinClock(
  deadlineMs: number,
  clockUrl: string,
  participant: Participant,
  time: BusinessTime,
): Promise<boolean> {
  return within(deadlineMs, async () => {
    const url = `${clockUrl}/participants`;
    // Registered first: an offset pushed between the two calls is then received, not missed.
    return (
      taken(await call({ method: 'POST', url, body: participant, timeoutMs: 2_000 })) && fetchOffset(clockUrl, time)
    );
  });
}

export interface Participant {
  readonly name: string;
  readonly url: string;
}

async function fetchOffset(clockUrl: string, time: BusinessTime): Promise<boolean> {
  const answer = answeredObject(await call({ method: 'GET', url: `${clockUrl}/now`, timeoutMs: 2_000 }));
  if (answer === null) return false;
  time.adopt(Number(answer.offsetMs));
  return true;
}

async function within(deadlineMs: number, attempt: () => Promise<boolean>): Promise<boolean> {
  const until = wallNow() + deadlineMs;
  while (!(await attempt())) {
    if (wallNow() >= until) return false;
    await sleep(50);
  }
  return true;
}
