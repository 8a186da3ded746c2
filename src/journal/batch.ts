/**
 * A batch of units as the parameters of journal_commit (migrations/0001): one array a column. Versions are numbered here:
 * the events of a unit about one subject follow the version the decision was made on. Everything that can be checked
 * without the database is asserted before the unit joins a batch.
 */
import { assert } from '../base/assert.ts';
import { uuidOf, uuidV7Hex } from '../base/ids.ts';
import { toJson } from '../base/json.ts';
import { boolArray, byteaArray, int4Array, int8Array, textArray, uuidArray } from '../db/binary-arrays.ts';
import { documentOf } from '../db/state-table.ts';
import { type Account, accountUuid, type Transfer } from '../ledger/account.ts';
import { chartLine } from '../ledger/chart.ts';
import { transfersOf } from '../ledger/postings.ts';
import type { CommitUnit, Write } from './unit.ts';

export const JOURNAL_ID = 1;

interface NumberedEvent {
  readonly type: string;
  readonly prefix: string;
  readonly subject: string;
  readonly version: number;
  readonly data: string;
  readonly transfers: readonly Transfer[];
}

/** A unit that is checked and computed as far as it can be without the database. */
export interface PreparedUnit {
  readonly id: string;
  readonly unit: CommitUnit;
  readonly events: readonly NumberedEvent[];
  readonly newVersions: ReadonlyMap<string, number>;
  /** Rows and keys that must not meet another unit of the same batch. */
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

/** Numbers the events, computes the transfers, asserts the unit's form. */
export function prepare(unit: CommitUnit): PreparedUnit {
  assert(unit.events.length > 0, 'a unit without an event');
  assert(
    unit.command !== undefined || unit.done !== undefined || unit.writes.length > 0,
    'a unit that a repeat would double',
  );
  const newVersions = new Map(unit.writes.map((write) => [write.id, write.expected]));
  assert(newVersions.size === unit.writes.length, 'two writes of one row in a unit');
  const events = unit.events.map(({ type, subject, data }) => {
    const version = (newVersions.get(subject) ?? 0) + 1;
    newVersions.set(subject, version);
    return {
      type,
      subject: uuidOf(subject),
      prefix: subject.slice(0, subject.indexOf('_')),
      version,
      data: toJson(data),
      transfers: transfersOf(type, data),
    };
  });
  for (const write of unit.writes) {
    assert((newVersions.get(write.id) as number) > write.expected, `row ${write.id} changes without an event`);
  }
  return { id: uuidV7Hex(), unit, events, newVersions, writes: writeKeys(unit), reads: readKeys(unit) };
}

function writeKeys(unit: CommitUnit): readonly string[] {
  const keys: string[] = unit.writes.map(({ id }) => id);
  // Whoever inserts a value guards its absence: two units that guard the same value never share a batch.
  for (const guard of unit.guards)
    if (guard.kind === 'absent') keys.push(`${guard.table}:${guard.column}:${guard.value}`);
  if (unit.command !== undefined) keys.push(`key:${unit.command.client}:${unit.command.key}`);
  if (unit.done !== undefined) keys.push(`job:${unit.done.job}`);
  // Subjects without a state row are numbered from what the unit says: never twice in a batch.
  for (const { subject } of unit.events) if (!keys.includes(subject)) keys.push(subject);
  return keys;
}

const readKeys = (unit: CommitUnit): readonly string[] =>
  unit.guards.flatMap((guard) => (guard.kind === 'unchanged' ? [guard.id] : []));

/** The parameters of journal_commit, in its order. */
export function encode(batch: readonly PreparedUnit[]): unknown[] {
  return [
    JOURNAL_ID,
    batch.length,
    uuidArray(batch.map(({ id }) => id)),
    textArray(batch.map(({ unit }) => unit.at)),
    ...encodeCommands(batch),
    ...encodeCloses(batch),
    ...encodeEvents(batch),
    ...encodeWrites(batch),
    ...encodeGuards(batch),
    ...encodeLedger(batch),
    ...encodeJobs(batch),
    ...encodeDone(batch),
  ];
}

/** Rows of one kind with the 1-based position of their unit. */
function collect<Item>(
  batch: readonly PreparedUnit[],
  pick: (prepared: PreparedUnit) => readonly Item[],
): { units: number[]; items: Item[] } {
  const units: number[] = [];
  const items: Item[] = [];
  batch.forEach((prepared, index) => {
    for (const item of pick(prepared)) {
      units.push(index + 1);
      items.push(item);
    }
  });
  return { units, items };
}

function encodeCommands(batch: readonly PreparedUnit[]): Buffer[] {
  const { units, items } = collect(batch, ({ unit }) =>
    unit.command === undefined ? [] : [{ ...unit, command: unit.command }],
  );
  return [
    int4Array(units),
    textArray(items.map(({ command }) => command.client)),
    textArray(items.map(({ command }) => command.key)),
    byteaArray(items.map(({ command }) => command.fingerprint)),
    boolArray(items.map(({ open }) => open === true)),
    textArray(items.map(({ answer }) => toJson(answer ?? null))),
  ];
}

function encodeCloses(batch: readonly PreparedUnit[]): Buffer[] {
  const { units, items } = collect(batch, ({ unit }) =>
    unit.closes === undefined ? [] : [{ ...unit.closes, answer: unit.answer }],
  );
  return [
    int4Array(units),
    textArray(items.map(({ client }) => client)),
    textArray(items.map(({ key }) => key)),
    textArray(items.map(({ answer }) => toJson(answer ?? null))),
  ];
}

function encodeEvents(batch: readonly PreparedUnit[]): Buffer[] {
  const { units, items } = collect(batch, ({ events }) => events);
  return [
    int4Array(units),
    textArray(items.map(({ type }) => type)),
    textArray(items.map(({ prefix }) => prefix)),
    uuidArray(items.map(({ subject }) => subject)),
    int4Array(items.map(({ version }) => version)),
    textArray(items.map(({ data }) => data)),
  ];
}

function encodeWrites(batch: readonly PreparedUnit[]): Buffer[] {
  const { units, items } = collect(batch, ({ unit, newVersions }) =>
    unit.writes.map((write) => ({ ...write, version: newVersions.get(write.id) as number })),
  );
  const tables = [...new Set(items.map(({ table }) => table))].sort();
  return [
    textArray(tables),
    int4Array(units),
    int4Array(items.map(({ table }) => tables.indexOf(table) + 1)),
    uuidArray(items.map(({ id }) => uuidOf(id))),
    int4Array(items.map(({ expected }) => expected)),
    int4Array(items.map(({ version }) => version)),
    textArray(items.map(({ row }) => row.state)),
    textArray(items.map(({ row }: Write) => toJson(documentOf(row)))),
  ];
}

function encodeGuards(batch: readonly PreparedUnit[]): Buffer[] {
  const same = collect(batch, ({ unit }) => unit.guards.filter((guard) => guard.kind === 'unchanged'));
  const none = collect(batch, ({ unit }) => unit.guards.filter((guard) => guard.kind === 'absent'));
  return [
    int4Array(same.units),
    textArray(same.items.map(({ table }) => table)),
    uuidArray(same.items.map(({ id }) => uuidOf(id))),
    int4Array(same.items.map(({ version }) => version)),
    int4Array(none.units),
    textArray(none.items.map(({ table }) => table)),
    textArray(none.items.map(({ column }) => column)),
    textArray(none.items.map(({ value }) => value)),
  ];
}

/** Accounts once per batch; per unit and floored account the change of its balance; transfers by event. */
function encodeLedger(batch: readonly PreparedUnit[]): Buffer[] {
  const accounts: Account[] = [];
  const ids: string[] = [];
  const index = new Map<string, number>();
  const slotOf = (account: Account): number => {
    const id = accountUuid(account);
    const known = index.get(id);
    if (known !== undefined) return known;
    accounts.push(account);
    ids.push(id);
    index.set(id, accounts.length);
    return accounts.length;
  };
  const rows: { event: number; leg: number; debit: number; credit: number; amount: bigint }[] = [];
  const deltas: { unit: number; account: number; delta: bigint }[] = [];
  let eventNumber = 0;
  batch.forEach((prepared, position) => {
    const change = new Map<number, bigint>();
    for (const { transfers } of prepared.events) {
      eventNumber += 1;
      transfers.forEach(({ debit, credit, amount }, leg) => {
        const [from, to] = [slotOf(debit), slotOf(credit)];
        rows.push({ event: eventNumber, leg, debit: from, credit: to, amount: amount.amount });
        for (const [slot, account, side] of [
          [from, debit, 'debit'],
          [to, credit, 'credit'],
        ] as const) {
          const line = chartLine(account.name);
          if (line.floor)
            change.set(slot, (change.get(slot) ?? 0n) + (line.side === side ? amount.amount : -amount.amount));
        }
      });
    }
    for (const [slot, delta] of change) deltas.push({ unit: position + 1, account: slot, delta });
  });
  return [
    uuidArray(ids),
    textArray(accounts.map(({ name }) => name)),
    textArray(accounts.map(({ owner }) => owner)),
    textArray(accounts.map(({ currency }) => currency)),
    boolArray(accounts.map(({ name }) => chartLine(name).floor)),
    boolArray(accounts.map(({ name }) => chartLine(name).side === 'debit')),
    int4Array(deltas.map(({ unit }) => unit)),
    int4Array(deltas.map(({ account }) => account)),
    int8Array(deltas.map(({ delta }) => delta)),
    int4Array(rows.map(({ event }) => event)),
    int4Array(rows.map(({ leg }) => leg)),
    int4Array(rows.map(({ debit }) => debit)),
    int4Array(rows.map(({ credit }) => credit)),
    int8Array(rows.map(({ amount }) => amount)),
  ];
}

function encodeJobs(batch: readonly PreparedUnit[]): Buffer[] {
  const { units, items } = collect(batch, ({ unit }) => unit.jobs);
  return [
    int4Array(units),
    uuidArray(items.map(() => uuidV7Hex())),
    textArray(items.map(({ kind }) => kind)),
    textArray(items.map(({ subject }) => subject)),
    textArray(items.map(({ due }) => due)),
    textArray(items.map(({ payload }) => toJson(payload))),
  ];
}

function encodeDone(batch: readonly PreparedUnit[]): Buffer[] {
  const { units, items } = collect(batch, ({ unit }) => (unit.done === undefined ? [] : [unit.done]));
  return [int4Array(units), uuidArray(items.map(({ job }) => job)), uuidArray(items.map(({ lease }) => lease))];
}
