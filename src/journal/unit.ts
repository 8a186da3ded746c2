/**
 * The commit unit: everything one decision changes, written whole or not at all. Commands build units with the functions
 * of this file; parts of several modules that must commit together are merged into one unit.
 */
import type { Instant } from '../base/clock.ts';
import { uuidV7Hex } from '../base/ids.ts';
import type { StateRow, StateTable } from '../db/state-table.ts';
import type { NewEvent } from '../ledger/events.ts';

/** Idempotency of a command: {client, key} is owned by the unit that commits it, for ever. */
export interface CommandKey {
  readonly client: string;
  readonly key: string;
  /** Of the command's parsed business fields; never of bytes, never of card data (fingerprint.ts). */
  readonly fingerprint: Uint8Array;
  /** Names of those fields, sorted. */
  readonly fields: readonly string[];
}

export interface Write {
  readonly table: string;
  readonly id: string;
  /** The version the decision was made on; 0 for a new row. */
  readonly expected: number;
  readonly row: StateRow;
}

export type Guard =
  | { readonly kind: 'unchanged'; readonly table: string; readonly id: string; readonly version: number }
  | { readonly kind: 'absent'; readonly table: string; readonly column: string; readonly value: string };

export interface NewJob {
  /** 32 hex digits of a UUIDv7. */
  readonly id: string;
  readonly kind: string;
  /** The id of what the job is about. */
  readonly subject: string;
  /** Business time. */
  readonly due: Instant;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A leased job; the unit that completes it removes it, if the lease still holds. */
export interface JobLease {
  readonly job: string;
  readonly lease: string;
}

export interface UnitPart {
  readonly events: readonly NewEvent[];
  readonly writes: readonly Write[];
  readonly guards: readonly Guard[];
  readonly jobs: readonly NewJob[];
  /** Ids of jobs that this unit makes pointless: removed if they still wait, whoever has leased them. */
  readonly withdraws?: readonly string[];
}

export interface CommitUnit extends UnitPart {
  /** Business time of the decision. */
  readonly at: Instant;
  readonly command?: CommandKey;
  /** Decide leaves the key open: the answer is not final yet. */
  readonly open?: boolean;
  /** What a repeat of this command gets; with `closes`, what repeats of that command get from now on. */
  readonly answer?: unknown;
  /** Settle writes the final answer of the command that decide left open. */
  readonly closes?: { readonly client: string; readonly key: string };
  readonly done?: JobLease;
}

export type CommitResult =
  | { readonly code: 'committed'; readonly seq: bigint }
  | { readonly code: 'repeated'; readonly sameFields: boolean; readonly open: boolean; readonly answer: unknown }
  | { readonly code: 'version_conflict' }
  | { readonly code: 'guard_failed' }
  | { readonly code: 'insufficient_balance' }
  | { readonly code: 'lease_lost' };

export const EMPTY_PART: UnitPart = { events: [], writes: [], guards: [], jobs: [] };

export const part = (fields: Partial<UnitPart>): UnitPart => ({ ...EMPTY_PART, ...fields });

/** One part out of several, in the order given: events keep that order in the journal. */
export function merge(...parts: readonly UnitPart[]): UnitPart {
  const whole = {
    events: [] as NewEvent[],
    writes: [] as Write[],
    guards: [] as Guard[],
    jobs: [] as NewJob[],
    withdraws: [] as string[],
  };
  for (const { events, writes, guards, jobs, withdraws = [] } of parts) {
    append(whole.events, events);
    append(whole.writes, writes);
    append(whole.guards, guards);
    append(whole.jobs, jobs);
    append(whole.withdraws, withdraws);
  }
  return whole;
}

/** One by one: a part may have more items than a call may have arguments. */
function append<Item>(to: Item[], more: readonly Item[]): void {
  for (const item of more) to.push(item);
}

/** One part after another that it builds on: what the second does to a row that the first writes is one write. */
export function followedBy(first: UnitPart, second: UnitPart): UnitPart {
  const before = new Map(first.writes.map((write) => [write.id, write]));
  const again = new Set(second.writes.map(({ id }) => id));
  const writes = [
    ...first.writes.filter(({ id }) => !again.has(id)),
    ...second.writes.map((write) => ({ ...write, expected: before.get(write.id)?.expected ?? write.expected })),
  ];
  return { ...merge(first, second), writes };
}

/** A new row; `row.version` is ignored: it starts with its first event. */
export const insert = <Row extends StateRow>(table: StateTable<Row>, row: Row): Write => ({
  table: table.name,
  id: row.id,
  expected: 0,
  row,
});

/** The row as decided on, changed. The new version is the old one plus the unit's events about this row. */
export const update = <Row extends StateRow>(
  table: StateTable<Row>,
  before: Row,
  changes: Partial<Omit<Row, 'id' | 'version'>>,
): Write => ({
  table: table.name,
  id: before.id,
  expected: before.version,
  row: { ...before, ...changes },
});

/** Holds the commit to what was read: the row still has this version. */
export const unchanged = <Row extends StateRow>(table: StateTable<Row>, row: Row): Guard => ({
  kind: 'unchanged',
  table: table.name,
  id: row.id,
  version: row.version,
});

/** Holds the commit to what was not there: no row whose generated column has this value. */
export const absent = <Row extends StateRow>(table: StateTable<Row>, column: string, value: string): Guard => ({
  kind: 'absent',
  table: table.name,
  column,
  value,
});

/** A job that fires when business time reaches `due`, under an id by which it can be withdrawn. */
export const deadline = (
  kind: string,
  subject: string,
  due: Instant,
  payload: Record<string, unknown> = {},
): NewJob => ({
  id: uuidV7Hex(),
  kind,
  subject,
  due,
  payload,
});
