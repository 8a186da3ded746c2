/**
 * What the clock remembers: the offset and who takes part. Both are on the disk before anybody hears of them.
 * Invariant: the offset never shrinks.
 */
import { assert } from '../../src/base/assert.ts';
import { type Instant, monotone, wallNow } from '../../src/base/clock.ts';
import type { Store } from '../base/store.ts';

export interface Participant {
  readonly name: string;
  /** Where it is told the offset (POST) and asked whether it is idle (GET). */
  readonly url: string;
  /** How often it has joined since this clock started: a participant that comes back is a new chance. */
  readonly joins: number;
}

export interface ClockState {
  now(): Instant;
  offsetMs(): number;
  /** Moves business time to `ms` since 1970, if it is not there yet. */
  moveTo(ms: number): void;
  participants(): readonly Participant[];
  join(name: string, url: string): void;
  leave(name: string): void;
}

export const CLOCK_SCHEMA = `
  create table if not exists business_offset (
    only integer primary key check (only = 1), offset_ms integer not null check (offset_ms >= 0)) strict;
  create table if not exists participant (name text primary key, url text not null) strict;
`;

export function makeClockState(store: Store): ClockState {
  const row = store.first<{ offset_ms: bigint }>('select offset_ms from business_offset');
  let offsetMs = Number(row?.offset_ms ?? 0n);
  const joins = new Map<string, number>();
  const clock = monotone(() => wallNow() + offsetMs);
  return {
    now: clock.now,
    offsetMs: () => offsetMs,
    moveTo: (ms) => {
      const next = ms - wallNow();
      if (next <= offsetMs) return;
      assert(Number.isSafeInteger(next), 'whole milliseconds');
      store.run(
        'insert into business_offset values (1, ?) on conflict (only) do update set offset_ms = excluded.offset_ms',
        next,
      );
      offsetMs = next;
    },
    participants: () =>
      store
        .all<{ name: string; url: string }>('select name, url from participant order by name')
        .map((row) => ({ ...row, joins: joins.get(row.name) ?? 0 })),
    join: (name, url) => {
      joins.set(name, (joins.get(name) ?? 0) + 1);
      store.run('insert into participant values (?, ?) on conflict (name) do update set url = excluded.url', name, url);
    },
    leave: (name) => {
      store.run('delete from participant where name = ?', name);
    },
  };
}
