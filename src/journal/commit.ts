/**
 * commit(): units that arrive together go to PostgreSQL as one batch: one function call, one round trip, one transaction,
 * one fsync (journal_commit in migrations/functions). A unit is acknowledged only after its batch is durable.
 *
 * The way of a unit: commit() prepares it and puts it in the queue → a pump takes the oldest as a batch and encodes them →
 * write() sends it → deliver() tells the callers. Two pumps, each with a connection: while PostgreSQL writes the batch of
 * one, the other's is gathered, encoded, sent and parsed, and waits there for the journal's head.
 *
 * Invariants: no two units on the wire touch the same row or key (the later one waits, so arrival order decides); a batch
 * whose answer was lost is looked up by unit id before anything is sent again; a batch that fails for a reason of one of
 * its units is tried in halves, so that a bad unit never hurts its neighbours.
 */
import { nextTurn } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Pool } from '../db/pool.ts';
import { encode, type Placed, place } from './batch.ts';
import { findCommand, findUnits } from './find.ts';
import { createLine, faultOf, isConnectionLoss, isUnitsOwn, type Line } from './line.ts';
import { type PreparedUnit, prepare } from './prepare.ts';
import type { CommitResult, CommitUnit } from './unit.ts';

export interface Committer {
  /**
   * Durable when it resolves with `committed`; the other results have written nothing.
   * @throws Fault `busy` when too much is waiting already, `database_full`, `amount_out_of_range` (an account would pass
   * 2^63 − 1): nothing was written. `database_unavailable`: the outcome could not be learned; repeat with the same key.
   */
  commit(unit: CommitUnit): Promise<CommitResult>;
  /** Waits for what is in flight, then closes its connection. */
  close(): Promise<void>;
}

export interface CommitterSettings {
  readonly url: string;
  /** For look-ups beside the commit path. */
  readonly pool: Pool;
  /** Events that may wait; whoever comes then is told `busy`. */
  readonly queueLimit?: number;
  /** Events in a batch; a unit with more goes alone. */
  readonly batchLimit?: number;
  /** How long a lost connection may take to come back before waiting units are told. Milliseconds. */
  readonly reconnectMs?: number;
  /** How long a batch may take before its connection counts as lost. Milliseconds. */
  readonly answerMs?: number;
}

interface Waiting {
  readonly prepared: PreparedUnit;
  /** Sent once already, with the answer lost: its effect may be there. */
  resent: boolean;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (fault: unknown) => void;
}

/** Rows and keys that others must not touch meanwhile. */
interface Keys {
  readonly written: Set<string>;
  readonly read: Set<string>;
}

interface Taken extends Keys {
  readonly units: readonly Waiting[];
}

interface Batch {
  readonly units: readonly Waiting[];
  readonly places: readonly Placed[];
  /** The parameters, or why there are none. */
  readonly values: unknown[] | Error;
}

interface Pump {
  readonly line: Line;
  onWire: Taken | null;
  running: Promise<void> | null;
}

const CODES = [
  'committed',
  'repeated',
  'version_conflict',
  'guard_failed',
  'insufficient_balance',
  'lease_lost',
] as const;
type Code = (typeof CODES)[number];
const PARAMETERS = Array.from({ length: encode([]).length }, (_, index) => `$${index + 1}`).join(', ');
const CALL = { name: 'journal_commit', text: `select o_base, o_code from journal_commit(${PARAMETERS})` };
/** Smaller batches would pay more for the transaction than they gain by overlapping. */
const SMALL_BATCH = 16;

/** One committer a process; any number of processes side by side. */
export function createCommitter(settings: CommitterSettings): Committer {
  const { queueLimit = 20_000, batchLimit = 1024 } = settings;
  const queue: Waiting[] = [];
  const pumps = [createLine(settings), createLine(settings)].map(
    (line): Pump => ({ line, onWire: null, running: null }),
  );
  let waitingEvents = 0;
  let closed = false;

  const take = (): Taken | null => {
    const busy = pumps.flatMap(({ onWire }) => onWire ?? []);
    // Half of what is in flight: the callers of one half are told while the other half is being written.
    const inFlight = queue.length + busy.reduce((sum, { units }) => sum + units.length, 0);
    const limit = Math.max(SMALL_BATCH, Math.ceil(inFlight / 2));
    const taken = takeUnits(queue, { units: limit, events: batchLimit }, busy);
    waitingEvents -= taken.units.reduce((sum, { prepared }) => sum + prepared.events.length, 0);
    return taken.units.length === 0 ? null : taken;
  };

  const run = async (pump: Pump): Promise<void> => {
    for (pump.onWire = take(); pump.onWire !== null; pump.onWire = take()) {
      const { units } = pump.onWire;
      deliver(pump.line, settings.pool, units, await write(pump.line, toBatch(units)));
      pump.onWire = null;
      start(); // what waited for these rows and keys
      // The callers run now, and may commit again; many of them need a turn for that.
      await (units.length < SMALL_BATCH ? undefined : nextTurn());
    }
    pump.running = null; // in the same turn as the last look: whoever commits after it starts the pump again
  };

  const start = (): void => {
    if (queue.length > 0) for (const pump of pumps) pump.running ??= Promise.resolve().then(() => run(pump));
  };

  return {
    commit: (unit) =>
      new Promise<CommitResult>((resolve, reject) => {
        if (closed) throw new Fault('closed', 'the journal is closed', { retryable: true });
        if (waitingEvents >= queueLimit)
          throw new Fault('busy', 'too many units are waiting to commit', { retryable: true });
        const prepared = prepare(unit);
        waitingEvents += prepared.events.length;
        queue.push({ prepared, resent: false, resolve, reject });
        start();
      }),
    close: async () => {
      closed = true;
      while (pumps.some(({ running }) => running !== null)) await Promise.all(pumps.map(({ running }) => running));
      await Promise.all(pumps.map(({ line }) => line.close()));
    },
  };
}

/**
 * Takes units in arrival order. One that meets a row or key of the batch, or of a batch on the wire, stays, and so does what
 * must come after it.
 */
export function takeUnits(
  queue: Waiting[],
  limit: { readonly units: number; readonly events: number },
  busy: readonly Keys[],
): Taken {
  const units: Waiting[] = [];
  const kept: Waiting[] = [];
  const own: Keys = { written: new Set(), read: new Set() };
  const all = [own, ...busy];
  let [looked, events] = [0, 0];
  for (const waiting of queue) {
    const { writes, reads, events: more } = waiting.prepared;
    if (units.length >= limit.units || (events > 0 && events + more.length > limit.events)) break;
    looked += 1;
    const meets =
      writes.some((key) => all.some(({ written, read }) => written.has(key) || read.has(key))) ||
      reads.some((key) => all.some(({ written }) => written.has(key)));
    for (const key of writes) own.written.add(key);
    for (const key of reads) own.read.add(key);
    if (!meets) events += more.length;
    (meets ? kept : units).push(waiting);
  }
  queue.splice(0, looked, ...kept);
  return { units, ...own };
}

function toBatch(units: readonly Waiting[]): Batch {
  const places = place(units.map(({ prepared }) => prepared));
  try {
    return { units, places, values: encode(places) };
  } catch (error) {
    return { units, places, values: error as Error };
  }
}

/** What became of each unit, in order. Never rejects. */
async function write(line: Line, batch: Batch): Promise<readonly Outcome[]> {
  try {
    if (batch.values instanceof Error) throw batch.values;
    const db = await line.open();
    const { rows } = await db.query<{ o_base: bigint; o_code: number[] | null }>({ ...CALL, values: batch.values });
    return outcomesOf(batch, rows[0] as { o_base: bigint; o_code: number[] | null });
  } catch (error) {
    if (isConnectionLoss(error)) {
      line.drop();
      return recover(line, batch).catch((fault: unknown) => batch.units.map(() => ({ fault })));
    }
    if (!isUnitsOwn(error) || batch.units.length === 1) return batch.units.map(() => ({ fault: faultOf(error) }));
    const middle = Math.ceil(batch.units.length / 2);
    const first = await write(line, toBatch(batch.units.slice(0, middle)));
    return [...first, ...(await write(line, toBatch(batch.units.slice(middle))))];
  }
}

type Outcome = { readonly code: Code; readonly seq: bigint } | { readonly fault: unknown };

function outcomesOf(batch: Batch, { o_base, o_code }: { o_base: bigint; o_code: number[] | null }): readonly Outcome[] {
  let seq = o_base + 1n;
  return batch.places.map(({ prepared, first }): Outcome => {
    const code = CODES[o_code?.[first - 1] ?? 0] as Code;
    const outcome = { code, seq };
    if (code === 'committed') seq += BigInt(prepared.events.length);
    return outcome;
  });
}

/**
 * The answer was lost. The old transaction may still be running: taking the head lock waits for it, then the units that
 * are in the journal are answered from there and only the others are sent again.
 */
async function recover(line: Line, { units }: Batch): Promise<readonly Outcome[]> {
  const prepared = units.map((unit) => unit.prepared);
  const found = await line.insist(async () => findUnits(await line.open(), prepared, line.answerMs));
  const missing = units.filter(({ prepared }) => !found.has(prepared.id));
  for (const waiting of missing) waiting.resent = true;
  const rest = missing.length === 0 ? [] : [...(await write(line, toBatch(missing)))];
  return units.map(({ prepared }) => {
    const seq = found.get(prepared.id);
    return seq === undefined ? (rest.shift() as Outcome) : { code: 'committed', seq };
  });
}

function deliver(line: Line, pool: Pool, units: readonly Waiting[], outcomes: readonly Outcome[]): void {
  units.forEach((waiting, index) => {
    const outcome = outcomes[index] as Outcome;
    if ('fault' in outcome) waiting.reject(outcome.fault);
    else if (outcome.code === 'committed') waiting.resolve({ code: 'committed', seq: outcome.seq });
    else if (outcome.code !== 'repeated' && !waiting.resent) waiting.resolve({ code: outcome.code });
    else line.insist(() => lookUp(pool, waiting, outcome.code, line.answerMs)).then(waiting.resolve, waiting.reject);
  });
}

/** A key that is owned: by whom, and with what answer? A unit that was sent twice may have met itself. */
async function lookUp(pool: Pool, waiting: Waiting, code: Code, limitMs: number): Promise<CommitResult> {
  const { prepared } = waiting;
  if (waiting.resent) {
    const seq = (await findUnits(pool, [prepared], limitMs)).get(prepared.id);
    if (seq !== undefined) return { code: 'committed', seq };
  }
  return code === 'repeated' ? findCommand(pool, prepared.unit, limitMs) : ({ code } as CommitResult);
}
