/**
 * A unit on its way into a batch: everything is checked and computed that needs no database, when the unit arrives and
 * while earlier ones are being written. Versions are numbered here: the events of a unit about one subject follow the
 * version the decision was made on.
 */
import { assert } from '../base/assert.ts';
import { msOf } from '../base/clock.ts';
import { uuidOf, uuidV7Hex } from '../base/ids.ts';
import { toJson } from '../base/json.ts';
import { documentOf } from '../db/state-table.ts';
import { type Account, accountUuid, type Transfer } from '../ledger/account.ts';
import { chartLine } from '../ledger/chart.ts';
import { transfersOf } from '../ledger/postings.ts';
import type { CommitUnit } from './unit.ts';

export interface PreparedUnit {
  /** UUIDv7, as 32 hex digits; all events of the unit carry it. */
  readonly id: string;
  readonly unit: CommitUnit;
  /** Business time, in milliseconds. */
  readonly at: number;
  readonly events: readonly PreparedEvent[];
  readonly rows: readonly PreparedRow[];
  readonly moves: readonly Move[];
  readonly answer: string;
  /** Rows and keys that must not meet another unit of the same batch. */
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

export interface PreparedEvent {
  readonly type: string;
  readonly prefix: string;
  readonly subject: string;
  readonly version: number;
  readonly data: string;
  readonly transfers: readonly PreparedTransfer[];
}

export interface PreparedTransfer {
  readonly debit: Move;
  readonly credit: Move;
  readonly amount: bigint;
}

export interface PreparedRow {
  readonly table: string;
  readonly id: string;
  readonly expected: number;
  readonly version: number;
  readonly state: string;
  readonly data: string;
}

/** What a unit does to one account. */
export interface Move {
  readonly id: string;
  readonly account: Account;
  debits: bigint;
  credits: bigint;
  entries: number;
}

/** PostgreSQL's smallint numbers the legs of an event. */
const MAX_LEGS = 32_767;

/** Numbers the events, computes the transfers, asserts the unit's form. */
export function prepare(unit: CommitUnit): PreparedUnit {
  assert(unit.events.length > 0, 'a unit without an event');
  assert(
    unit.command !== undefined || unit.done !== undefined || unit.writes.length > 0,
    'a unit that a repeat would double',
  );
  const moves = new Map<string, Move>();
  const versions = new Map(unit.writes.map((write) => [write.id, write.expected]));
  assert(versions.size === unit.writes.length, 'two writes of one row in a unit');
  const events = unit.events.map(({ type, subject, data }): PreparedEvent => {
    const version = (versions.get(subject) ?? 0) + 1;
    versions.set(subject, version);
    const prefix = subject.slice(0, subject.indexOf('_'));
    return {
      type,
      subject: uuidOf(subject),
      prefix,
      version,
      data: toJson(data),
      transfers: prepareTransfers(transfersOf(type, data), moves),
    };
  });
  const rows = unit.writes.map(({ table, id, expected, row }): PreparedRow => {
    const version = versions.get(id) as number;
    assert(version > expected, `row ${id} changes without an event`);
    return { table, id: uuidOf(id), expected, version, state: row.state, data: toJson(documentOf(row)) };
  });
  const answer = unit.command === undefined && unit.closes === undefined ? '' : toJson(unit.answer ?? null);
  const [writes, reads] = [writeKeys(unit), readKeys(unit)];
  return { id: uuidV7Hex(), unit, at: msOf(unit.at), events, rows, moves: [...moves.values()], answer, writes, reads };
}

/** The transfers of one event, added to what the unit does to their accounts. */
function prepareTransfers(transfers: readonly Transfer[], moves: Map<string, Move>): readonly PreparedTransfer[] {
  assert(transfers.length <= MAX_LEGS, `an event with ${transfers.length} transfers`);
  return transfers.map(({ debit, credit, amount: { amount } }) => {
    const [from, to] = [moveOf(moves, debit), moveOf(moves, credit)];
    from.debits += amount;
    to.credits += amount;
    from.entries += 1;
    to.entries += 1;
    return { debit: from, credit: to, amount };
  });
}

function moveOf(moves: Map<string, Move>, account: Account): Move {
  const id = accountUuid(account);
  let move = moves.get(id);
  if (move === undefined) {
    move = { id, account, debits: 0n, credits: 0n, entries: 0 };
    moves.set(id, move);
  }
  return move;
}

/** The change of the balance on the account's normal side; null for an account that may be overdrawn. */
export function flooredChange({ account, debits, credits }: Move): bigint | null {
  const line = chartLine(account.name);
  if (!line.floor) return null;
  return line.side === 'debit' ? debits - credits : credits - debits;
}

function writeKeys(unit: CommitUnit): readonly string[] {
  const keys = new Set<string>(unit.writes.map(({ id }) => id));
  // Subjects without a state row are numbered from what the unit says: never twice in a batch.
  for (const { subject } of unit.events) keys.add(subject);
  // Whoever inserts a value guards its absence: two units that guard the same value never share a batch.
  for (const guard of unit.guards)
    if (guard.kind === 'absent') keys.add(`${guard.table}:${guard.column}:${guard.value}`);
  if (unit.command !== undefined) keys.add(`key:${unit.command.client}:${unit.command.key}`);
  if (unit.done !== undefined) keys.add(`job:${unit.done.job}`);
  return [...keys];
}

const readKeys = (unit: CommitUnit): readonly string[] =>
  unit.guards.flatMap((guard) => (guard.kind === 'unchanged' ? [guard.id] : []));
