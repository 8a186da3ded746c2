/**
 * A batch of units as the parameters of journal_commit (migrations/functions): one array a column, one group of columns for
 * each kind of row. A unit is named by the position of its first event, counted from 1.
 */
import { msOf } from '../base/clock.ts';
import { uuidOf } from '../base/ids.ts';
import { toJson } from '../base/json.ts';
import { randomFraction } from '../base/random.ts';
import {
  boolArray,
  byteaArray,
  int4Array,
  int8Array,
  textArray,
  timestampArray,
  uuidArray,
} from '../db/binary-arrays.ts';
import { chartLine } from '../ledger/chart.ts';
import { flooredChange, type Move, type PreparedRow, type PreparedUnit } from './prepare.ts';

export const JOURNAL_ID = 1;

export interface Placed {
  readonly prepared: PreparedUnit;
  /** Position of its first event in the batch. */
  readonly first: number;
}

/** Gives the units of a batch their places. */
export function place(batch: readonly PreparedUnit[]): readonly Placed[] {
  let next = 1;
  return batch.map((prepared) => {
    const first = next;
    next += prepared.events.length;
    return { prepared, first };
  });
}

/** The parameters of journal_commit, in its order. @throws RangeError when an account's sums leave the range of int8. */
export function encode(batch: readonly Placed[]): unknown[] {
  return [
    JOURNAL_ID,
    ...encodeEvents(batch),
    ...encodeCommands(batch),
    ...encodeCloses(batch),
    ...encodeRows(batch),
    ...encodeAbsences(batch),
    ...encodeDone(batch),
    ...encodeWithdrawn(batch),
    ...encodeLedger(batch),
    ...encodeJobs(batch),
  ];
}

/** Rows of one kind, each with its unit. */
function collect<Item>(
  batch: readonly Placed[],
  pick: (prepared: PreparedUnit) => readonly Item[],
): { units: number[]; items: Item[] } {
  const units: number[] = [];
  const items: Item[] = [];
  for (const { prepared, first } of batch)
    for (const item of pick(prepared)) {
      units.push(first);
      items.push(item);
    }
  return { units, items };
}

function encodeEvents(batch: readonly Placed[]): (Buffer | null)[] {
  const { units, items } = collect(batch, ({ events }) => events);
  const ids: string[] = [];
  const times: number[] = [];
  let latest = 0;
  for (const { prepared } of batch) {
    // Business time does not go back in the order of the journal.
    latest = Math.max(latest, prepared.at);
    for (let n = 0; n < prepared.events.length; n += 1) {
      ids.push(prepared.id);
      times.push(latest);
    }
  }
  return [
    int8Array(items.map((_, index) => BigInt(index + 1))),
    int4Array(units),
    uuidArray(ids),
    timestampArray(times),
    textArray(items.map(({ type }) => type)),
    textArray(items.map(({ prefix }) => prefix)),
    uuidArray(items.map(({ subject }) => subject)),
    int4Array(items.map(({ version }) => version)),
    textArray(items.map(({ data }) => data)),
  ];
}

function encodeCommands(batch: readonly Placed[]): (Buffer | null)[] {
  const owners = batch.filter(({ prepared }) => prepared.unit.command !== undefined);
  const commands = owners.map(({ prepared }) => prepared.unit.command as NonNullable<typeof prepared.unit.command>);
  return [
    int4Array(owners.map(({ first }) => first)),
    textArray(commands.map(({ client }) => client)),
    textArray(commands.map(({ key }) => key)),
    byteaArray(commands.map(({ fingerprint }) => fingerprint)),
    boolArray(owners.map(({ prepared }) => prepared.unit.open === true)),
    textArray(owners.map(({ prepared }) => prepared.answer)),
  ];
}

function encodeCloses(batch: readonly Placed[]): (Buffer | null)[] {
  const closing = batch.filter(({ prepared }) => prepared.unit.closes !== undefined);
  const closes = closing.map(({ prepared }) => prepared.unit.closes as NonNullable<typeof prepared.unit.closes>);
  return [
    int4Array(closing.map(({ first }) => first)),
    textArray(closes.map(({ client }) => client)),
    textArray(closes.map(({ key }) => key)),
    textArray(closing.map(({ prepared }) => prepared.answer)),
  ];
}

interface Checked {
  readonly table: string;
  readonly id: string;
  /** The version the row is to have. */
  readonly version: number;
  /** What is written if it has; absent for a row that was only read. */
  readonly row?: PreparedRow;
}

/** Rows that are to have a version, those about to be written and those that were read; then the writes, each with its check. */
function encodeRows(batch: readonly Placed[]): (Buffer | null)[] {
  const checks = byTable(batch, ({ rows, unit }): readonly Checked[] => {
    const written = rows.map((row) => ({ table: row.table, id: row.id, version: row.expected, row }));
    if (unit.guards.length === 0) return written;
    const read = unit.guards.flatMap((guard) =>
      guard.kind === 'unchanged' ? [{ table: guard.table, id: uuidOf(guard.id), version: guard.version }] : [],
    );
    return [...written, ...read];
  });
  const positions = new Map(checks.items.map(({ row }, index) => [row, index + 1]));
  const { tables, units, items } = byTable(batch, ({ rows }) => rows);
  return [
    ...checks.tables,
    int4Array(checks.units),
    uuidArray(checks.items.map(({ id }) => id)),
    int4Array(checks.items.map(({ version }) => version)),
    ...tables,
    int4Array(units),
    uuidArray(items.map(({ id }) => id)),
    int4Array(items.map((row) => positions.get(row) as number)),
    int4Array(items.map(({ expected }) => expected)),
    int4Array(items.map(({ version }) => version)),
    textArray(items.map(({ state }) => state)),
    textArray(items.map(({ data }) => data)),
  ];
}

/** Rows of one kind with those of a table side by side; `tables` says which table has which positions. */
function byTable<Item extends { readonly table: string }>(
  batch: readonly Placed[],
  pick: (prepared: PreparedUnit) => readonly Item[],
): { readonly tables: (Buffer | null)[]; readonly units: readonly number[]; readonly items: readonly Item[] } {
  const groups = new Map<string, { units: number[]; items: Item[] }>();
  for (const { prepared, first } of batch)
    for (const item of pick(prepared)) {
      const group = groups.get(item.table) ?? { units: [], items: [] };
      groups.set(item.table, group);
      group.units.push(first);
      group.items.push(item);
    }
  const sizes = [...groups.values()].map(({ items }) => items.length);
  const ends = sizes.map((_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0));
  return {
    tables: [
      textArray([...groups.keys()]),
      int4Array(ends.map((end, index) => end - (sizes[index] as number) + 1)),
      int4Array(ends),
    ],
    units: [...groups.values()].flatMap(({ units }) => units),
    items: [...groups.values()].flatMap(({ items }) => items),
  };
}

function encodeAbsences(batch: readonly Placed[]): (Buffer | null)[] {
  const { units, items } = collect(batch, ({ unit }) => unit.guards.filter((guard) => guard.kind === 'absent'));
  return [
    int4Array(units),
    textArray(items.map(({ table }) => table)),
    textArray(items.map(({ column }) => column)),
    textArray(items.map(({ value }) => value)),
  ];
}

function encodeDone(batch: readonly Placed[]): (Buffer | null)[] {
  const { units, items } = collect(batch, ({ unit }) => (unit.done === undefined ? [] : [unit.done]));
  return [int4Array(units), uuidArray(items.map(({ job }) => job)), uuidArray(items.map(({ lease }) => lease))];
}

function encodeWithdrawn(batch: readonly Placed[]): (Buffer | null)[] {
  const { units, items } = collect(batch, ({ unit }) => unit.withdraws ?? []);
  return [int4Array(units), uuidArray(items)];
}

/** An account of the batch, with what all its units do to it. */
interface Slot extends Move {
  readonly number: number;
  /** What the units take that take from it, in total; 0 for an account that may be overdrawn. */
  need: bigint;
  /** Its position among the accounts whose floor has to be looked at; 0 for the others. */
  floor: number;
}

/** Each account once: what the batch changes, and what its floor must cover. Then the transfers themselves. */
function encodeLedger(batch: readonly Placed[]): (Buffer | null)[] {
  const slots = new Map<string, Slot>();
  for (const { prepared } of batch) for (const move of prepared.moves) addMove(slots, move);
  const accounts = [...slots.values()];
  const floors = accounts.filter(({ need }) => need > 0n);
  floors.forEach((slot, index) => {
    slot.floor = index + 1;
  });
  return [
    int4Array(floors.map(({ number }) => number)),
    int8Array(floors.map(({ need }) => need)),
    ...(floors.length === 0 ? [null, null, null] : encodeChanges(batch, slots)),
    ...encodeTransfers(batch, slots),
    uuidArray(accounts.map(({ id }) => id)),
    textArray(accounts.map(({ account }) => account.name)),
    textArray(accounts.map(({ account }) => account.owner)),
    textArray(accounts.map(({ account }) => account.currency)),
    boolArray(accounts.map(({ account }) => chartLine(account.name).floor)),
    boolArray(accounts.map(({ account }) => chartLine(account.name).side === 'debit')),
    int8Array(accounts.map(({ debits }) => debits)),
    int8Array(accounts.map(({ credits }) => credits)),
    uuidArray(accounts.filter(leavesCheckpoint).map(({ id }) => id)),
  ];
}

/** One in so many entries of an account leaves a checkpoint of its sums. By chance: no process has to count them. */
const CHECKPOINT_ENTRIES = 1024;
const leavesCheckpoint = ({ entries }: Slot): boolean => randomFraction() * CHECKPOINT_ENTRIES < entries;

function addMove(slots: Map<string, Slot>, move: Move): void {
  let slot = slots.get(move.id);
  if (slot === undefined) {
    const { id, account } = move;
    slot = { id, account, number: slots.size + 1, debits: 0n, credits: 0n, entries: 0, need: 0n, floor: 0 };
    slots.set(id, slot);
  }
  slot.debits += move.debits;
  slot.credits += move.credits;
  slot.entries += move.entries;
  const change = flooredChange(move);
  if (change !== null && change < 0n) slot.need -= change;
}

/** Unit by unit what happens to the accounts whose floor has to be looked at: for judging, if one of them is short. */
function encodeChanges(batch: readonly Placed[], slots: ReadonlyMap<string, Slot>): (Buffer | null)[] {
  const units: number[] = [];
  const floors: number[] = [];
  const changes: bigint[] = [];
  for (const { prepared, first } of batch)
    for (const move of prepared.moves) {
      const { floor } = slots.get(move.id) as Slot;
      if (floor === 0) continue;
      units.push(first);
      floors.push(floor);
      changes.push(flooredChange(move) as bigint);
    }
  return [int4Array(units), int4Array(floors), int8Array(changes)];
}

function encodeTransfers(batch: readonly Placed[], slots: ReadonlyMap<string, Slot>): (Buffer | null)[] {
  const events: number[] = [];
  const legs: number[] = [];
  const debits: number[] = [];
  const credits: number[] = [];
  const amounts: bigint[] = [];
  for (const { prepared, first } of batch)
    prepared.events.forEach(({ transfers }, index) => {
      transfers.forEach(({ debit, credit, amount }, leg) => {
        events.push(first + index);
        legs.push(leg);
        debits.push((slots.get(debit.id) as Slot).number);
        credits.push((slots.get(credit.id) as Slot).number);
        amounts.push(amount);
      });
    });
  return [int4Array(events), int4Array(legs), int4Array(debits), int4Array(credits), int8Array(amounts)];
}

function encodeJobs(batch: readonly Placed[]): (Buffer | null)[] {
  const { units, items } = collect(batch, ({ unit }) => unit.jobs);
  return [
    int4Array(units),
    uuidArray(items.map(({ id }) => id)),
    textArray(items.map(({ kind }) => kind)),
    textArray(items.map(({ subject }) => subject)),
    timestampArray(items.map(({ due }) => msOf(due))),
    textArray(items.map(({ payload }) => toJson(payload))),
  ];
}
