/**
 * Following an amount: forward to the bank line that paid it out and the one that paid it in, and back to the card it came
 * from. Within an account money is taken first in, first out: the n-th cent in is the n-th cent out. That is a convention
 * (a balance has no memory), but an exact one: portions always sum to the whole, and every cent has one way.
 *
 * A step goes from a transfer into one of its accounts: if the transfer increased the account, on to the transfers that
 * took it out; if it decreased the account, back to those that had put it in. It ends at banks, results and equity. Through
 * suspense it follows the bank line, which is known. Checkpoints keep each step at about a thousand entries, however many
 * the account has.
 */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { type IdPrefix, idFromUuid, uuidOf } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { archivedFault, archiveEnd, assertNotArchived } from './archive.ts';
import { type AccountName, chartLine } from './chart.ts';
import { seqsOf } from './read.ts';
import { archivedSums, lastKnown, sumsBefore } from './sums.ts';

export interface TraceStep {
  readonly depth: number;
  readonly seq: bigint;
  readonly leg: number;
  readonly at: Instant;
  readonly event: string;
  readonly subject: string;
  readonly debit: { readonly name: string; readonly owner: string };
  readonly credit: { readonly name: string; readonly owner: string };
  /** The part of the transfer that belongs to what is followed. */
  readonly portion: Money;
  /** The whole transfer. */
  readonly amount: Money;
  /** Where the walk came from: into what it became, or back to what it was. */
  readonly direction: 'start' | 'forward' | 'back';
}

interface Entry {
  readonly seq: bigint;
  readonly leg: number;
  readonly at: Instant;
  readonly type: string;
  readonly prefix: IdPrefix;
  readonly subject: string;
  readonly debit: string;
  readonly credit: string;
  readonly debitName: AccountName;
  readonly creditName: AccountName;
  readonly debitOwner: string;
  readonly creditOwner: string;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly start: bigint;
}

const MAX_DEPTH = 24;
const TERMINAL: readonly string[] = ['equity', 'income', 'expense', 'memo'];

/**
 * Traces the transfers of the events about `id` (an order stands for its payments, a payment for what it cost too). With `cent`, only that minor unit of
 * each is followed, counted from 1; the last one where a transfer is smaller.
 * @throws Fault `archived` when the way leads into the archive.
 */
export async function trace(db: Queryable, id: string, cent?: bigint): Promise<readonly TraceStep[]> {
  const steps: TraceStep[] = [];
  for (const entry of await startingEntries(db, id)) {
    const one = cent !== undefined && !isFee(entry);
    const to = one && cent < entry.amount ? cent : entry.amount;
    const from = one ? to - 1n : 0n;
    steps.push(stepOf(entry, 0, 'start', to - from));
    if (isFee(entry) && idFromUuid(entry.prefix, entry.subject) !== id) continue;
    for (const side of ['debit', 'credit'] as const) await walk(db, { entry, side, from, to, depth: 1 }, steps);
  }
  return steps;
}

interface Position {
  readonly entry: Entry;
  /** The side of the transfer the walk goes into. */
  readonly side: 'debit' | 'credit';
  /** The followed part of the transfer: minor units from … to. */
  readonly from: bigint;
  readonly to: bigint;
  readonly depth: number;
}

async function walk(db: Queryable, position: Position, steps: TraceStep[]): Promise<void> {
  const { entry, side, depth } = position;
  const account = side === 'debit' ? entry.debit : entry.credit;
  const name = side === 'debit' ? entry.debitName : entry.creditName;
  const line = chartLine(name);
  if (depth > MAX_DEPTH || name === 'bank' || TERMINAL.includes(line.kind)) return;
  const increased = line.side === side;
  // Money in suspense is not one pot: a line is explained whole, and the explanation names it.
  if (name === 'suspense_in' || name === 'suspense_out') {
    for (const next of await throughLine(db, account, side === 'debit' ? 'credit' : 'debit', entry)) {
      steps.push(stepOf(next, depth, increased ? 'forward' : 'back', position.to - position.from));
      await walk(db, { entry: next, side, from: position.from, to: position.to, depth: depth + 1 }, steps);
    }
    return;
  }
  const offset = (await sumsBefore(db, account, entry))[`${side}s`];
  const [from, to] = [offset + position.from, offset + position.to];
  for (const next of await overlapping(db, account, side === 'debit' ? 'credit' : 'debit', from, to)) {
    const low = from > next.start ? from - next.start : 0n;
    const high = to < next.start + next.amount ? to - next.start : next.amount;
    steps.push(stepOf(next, depth, increased ? 'forward' : 'back', high - low));
    // The transfer was reached through one of its accounts; the walk goes on through the other.
    await walk(db, { entry: next, side, from: low, to: high, depth: depth + 1 }, steps);
  }
}

function stepOf(entry: Entry, depth: number, direction: TraceStep['direction'], portion: bigint): TraceStep {
  return {
    depth,
    direction,
    seq: entry.seq,
    leg: entry.leg,
    at: entry.at,
    event: entry.type,
    subject: idFromUuid(entry.prefix, entry.subject),
    debit: { name: entry.debitName, owner: entry.debitOwner },
    credit: { name: entry.creditName, owner: entry.creditOwner },
    portion: money(portion, entry.currency),
    amount: money(entry.amount, entry.currency),
  };
}

const COLUMNS = `e.at, e.type, e.prefix, e.subject, d.name as "debitName", c.name as "creditName",
  d.owner as "debitOwner", c.owner as "creditOwner", d.currency`;
const JOINS = `join journal_events e on e.journal_id = 1 and e.seq = t.seq
  join accounts d on d.journal_id = 1 and d.id = t.debit
  join accounts c on c.journal_id = 1 and c.id = t.credit`;

/** The transfers of these seqs, in order. */
async function entriesAt(db: Queryable, seqs: readonly bigint[]): Promise<readonly Entry[]> {
  const { rows } = await db.query<Entry>(
    `select t.seq, t.leg, t.debit, t.credit, t.amount, 0::bigint as start, ${COLUMNS}
       from transfers t ${JOINS} where t.journal_id = 1 and t.seq = any ($1::bigint[]) order by t.seq, t.leg`,
    [seqs],
  );
  return rows;
}

async function startingEntries(db: Queryable, id: string): Promise<readonly Entry[]> {
  const subjects = [uuidOf(id)];
  if (id.startsWith('ord_')) {
    const { rows } = await db.query<{ id: string }>('select id from payments where order_id = $1', [id]);
    subjects.push(...rows.map((row) => row.id));
  }
  const { rows: fees } = await db.query<{ id: string }>('select id from network_fees where payment = any ($1)', [
    subjects.map((subject) => idFromUuid('pay', subject)),
  ]);
  subjects.push(...fees.map((row) => row.id));
  await assertNotArchived(db, subjects);
  const rows = await entriesAt(db, await seqsOf(db, subjects));
  // An order's release follows from its captures: starting there as well would tell the same cents twice.
  return id.startsWith('ord_') ? rows.filter((row) => row.type === 'payment.captured' || isFee(row)) : rows;
}

/** What a payment cost is shown, and not followed: it was taken off the network's debt as a whole. */
const isFee = ({ type }: Entry): boolean => type.startsWith('network_fee.');

/**
 * The other transfer of the same bank line: from its booking to what explained it, or back. The unit that explained a line
 * has the event `bank.line_explained` about it.
 */
async function throughLine(
  db: Queryable,
  account: string,
  side: 'debit' | 'credit',
  entry: Entry,
): Promise<readonly Entry[]> {
  const { rows: places } = await db.query<{ seq: bigint }>(
    `with own as (select unit_id, subject, type from journal_events where journal_id = 1 and seq = $1),
          line as (
            select subject from own where type in ('bank.credited', 'bank.debited')
            union
            select x.subject from own join journal_events x
                on x.journal_id = 1 and x.unit_id = own.unit_id and x.seq between $1 - 1000 and $1 + 1000
             where x.type = 'bank.line_explained' and own.type not in ('bank.credited', 'bank.debited')),
          unit as (
            select e.unit_id, e.seq from journal_events e join line on e.journal_id = 1 and e.subject = line.subject
             where e.type = 'bank.line_explained')
     select e.seq from journal_events e join line on e.journal_id = 1 and e.subject = line.subject
     union
     select e.seq from journal_events e join unit
         on e.journal_id = 1 and e.unit_id = unit.unit_id and e.seq between unit.seq - 1000 and unit.seq + 1000`,
    [entry.seq],
  );
  const others = places.map(({ seq }) => seq).filter((seq) => seq !== entry.seq);
  const rows = (await entriesAt(db, others)).filter((other) => other[side] === account);
  if (rows.length === 0) await assertLineKept(db, entry);
  return rows;
}

/** @throws Fault `archived` when the transfer explains a bank line that was booked before the archive's end. */
async function assertLineKept(db: Queryable, entry: Entry): Promise<void> {
  const { rows } = await db.query(
    `select 1 from journal_events own
       join journal_events x on x.journal_id = 1 and x.unit_id = own.unit_id and x.seq between $1::bigint - 1000 and $1::bigint + 1000
       join archived_subjects s on s.journal_id = 1 and s.subject = x.subject
      where own.journal_id = 1 and own.seq = $1 and x.type = 'bank.line_explained' limit 1`,
    [entry.seq],
  );
  if (rows.length > 0) throw archivedFault(await archiveEnd(db));
}

/**
 * Transfers on one side of the account whose running total meets [from, to): looked for between the last sums known that do
 * not exceed `from` and the first checkpoint that reaches `to`.
 */
async function overlapping(
  db: Queryable,
  account: string,
  side: 'debit' | 'credit',
  from: bigint,
  to: bigint,
): Promise<readonly Entry[]> {
  if (from < (await archivedSums(db, account))[`${side}s`]) throw archivedFault(await archiveEnd(db));
  const low = await lastKnown(db, account, `${side}s <= $2`, from);
  const { rows } = await db.query<Pick<Entry, 'seq' | 'leg' | 'start'>>(
    `select seq, leg, start from (
       select seq, leg, amount, ($3 + sum(amount) over (order by seq, leg) - amount)::bigint as start
         from transfers where journal_id = 1 and ${side} = $1 and seq > $2 and seq <= $4) t
      where start < $6 and start + amount > $5`,
    [account, low.seq, low[`${side}s`], await reaching(db, account, side, to), from, to],
  );
  const starts = new Map(rows.map(({ seq, leg, start }) => [`${seq}.${leg}`, start]));
  const entries = await entriesAt(
    db,
    rows.map(({ seq }) => seq),
  );
  return entries.flatMap((entry) => {
    const start = starts.get(`${entry.seq}.${entry.leg}`);
    return start === undefined ? [] : [{ ...entry, start }];
  });
}

/** The first checkpoint at which the side of the account has come to the total, or else the last seq there is. */
async function reaching(db: Queryable, account: string, side: 'debit' | 'credit', total: bigint): Promise<bigint> {
  const { rows } = await db.query<{ seq: bigint }>(
    `select coalesce(
       (select seq from account_checkpoints where journal_id = 1 and account = $1 and ${side}s >= $2 order by seq limit 1),
       (select seq from journal_head where journal_id = 1)) as seq`,
    [account, total],
  );
  return (rows[0] as { seq: bigint }).seq;
}
