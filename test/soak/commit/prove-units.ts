/**
 * What the database must hold when all lanes have stopped: exactly the units that were answered as committed, each whole
 * and once. The journal is walked from its first seq to its head, and every event must belong to the one unit that owns
 * that stretch of seq; then rows and jobs are compared both ways, and the laws of the ledger are checked.
 */
import type { Pool } from '../../../src/db/pool.ts';
import { checkLedger } from '../../../src/ledger/index.ts';
import { keyOf, planStep, stepOfKey } from './lane-plan.ts';
import { type Effect, type ExpectedEvent, type ExpectedRow, JOB, ORDER_STEPS } from './order-units.ts';
import { type FoundEvent, readCommands, readEvents, readJobs, readOrders } from './read-journal.ts';
import type { CommitRecord } from './record.ts';

export interface UnitsProof {
  /** What breaks the promise; at most MAX_TOLD of each kind, then how many more. */
  readonly violations: readonly string[];
  readonly counts: { readonly units: number; readonly events: number; readonly transfers: number };
}

const MAX_TOLD = 10;

export async function proveUnits(db: Pool, record: CommitRecord): Promise<UnitsProof> {
  const journal = await proveJournal(db, record);
  const parts = [
    journal.violations,
    proveNoneMissing(record, journal.subjects),
    await proveRows(db, record),
    await proveJobs(db, journal.subjects),
    await proveLaws(db),
  ];
  return { violations: parts.flatMap(few), counts: journal.counts };
}

interface JournalProof extends UnitsProof {
  /** Of every unit found, by key: the order it is about. */
  readonly subjects: Map<string, string>;
}

/** Every seq belongs to one unit of the plan, and every unit found is whole, answered and where its caller was told. */
async function proveJournal(db: Pool, record: CommitRecord): Promise<JournalProof> {
  const violations: string[] = [];
  const subjects = new Map<string, string>();
  const counts = { units: 0, events: 0, transfers: 0 };
  for await (const stretch of readStretches(db)) {
    counts.events += stretch.events.length;
    counts.transfers += stretch.events.reduce((sum, { legs }) => sum + legs.length, 0);
    if (stretch.key === 'setup') continue;
    counts.units += 1;
    const effect = expectedEffect(record, stretch.key);
    violations.push(...judgeStretch(record, stretch, effect));
    subjects.set(stretch.key, typeof effect === 'string' ? '' : effect.row.id);
  }
  return { violations, subjects, counts };
}

/** A key and the events from its seq to the next key's. */
interface Stretch {
  readonly key: string;
  readonly seq: bigint;
  readonly answered: boolean;
  readonly events: readonly FoundEvent[];
}

async function* readStretches(db: Pool): AsyncGenerator<Stretch> {
  const commands = await readCommands(db);
  let index = -1;
  let events: FoundEvent[] = [];
  const stretch = (): Stretch[] => {
    const command = commands[index];
    if (command !== undefined) return [{ ...command, events }];
    return events.length === 0 ? [] : [{ key: 'events without a key', seq: 0n, answered: true, events }];
  };
  for await (const event of readEvents(db)) {
    for (let next = commands[index + 1]; next !== undefined && next.seq <= event.seq; next = commands[index + 1]) {
      yield* stretch();
      index += 1;
      events = [];
    }
    events.push(event);
  }
  yield* stretch();
  for (const command of commands.slice(index + 1)) yield { ...command, events: [] };
}

/** What the unit with this key must have left, or why it may not be there at all. */
function expectedEffect({ seed, lanes }: CommitRecord, key: string): Effect | string {
  const step = stepOfKey(key);
  const answered = step === null ? undefined : lanes[step.lane]?.length;
  if (step === null || answered === undefined) return 'belongs to nobody';
  if (step.number >= answered) return 'is in the journal, but nobody was answered';
  return planStep(seed, step.lane, step.number).effect ?? 'was refused and is in the journal';
}

function judgeStretch(
  record: CommitRecord,
  { key, seq, answered, events }: Stretch,
  effect: Effect | string,
): string[] {
  if (typeof effect === 'string') return [`unit ${key} ${effect}`];
  const found = events.map((event, index) => textOf(event, event.seq - BigInt(index)));
  const expected = effect.events.map((event) => textOf(event, seq));
  const { lane, number } = stepOfKey(key) as { lane: number; number: number };
  const told = record.lanes[lane]?.[number] ?? seq;
  return [
    ...(found.join('\n') === expected.join('\n')
      ? []
      : [`unit ${key} left ${found.join(', ')}, not ${expected.join(', ')}`]),
    ...(told === seq ? [] : [`unit ${key} was acknowledged with seq ${told} and has ${seq}`]),
    ...(answered ? [] : [`unit ${key} does not keep its answer`]),
  ];
}

/** With the seq its unit began at: a gap within a unit shows as another beginning. */
const textOf = ({ type, subject, version, legs }: ExpectedEvent, begin: bigint): string =>
  `${begin} ${type} ${subject} ${version} [${legs.join(', ')}]`;

function proveNoneMissing({ seed, lanes }: CommitRecord, found: ReadonlyMap<string, string>): string[] {
  return lanes.flatMap((steps, lane) =>
    steps.flatMap((_, number) =>
      found.has(keyOf(lane, number)) || planStep(seed, lane, number).effect === null
        ? []
        : [`acknowledged unit ${keyOf(lane, number)} is missing`],
    ),
  );
}

/** Every order stands where the last unit about it left it, and there is no other. */
async function proveRows(db: Pool, record: CommitRecord): Promise<string[]> {
  const expected = expectedRows(record);
  const violations: string[] = [];
  for await (const page of readOrders(db))
    for (const row of page) {
      const wanted = expected.get(row.id);
      expected.delete(row.id);
      const [is, should] = [rowText(row), wanted === undefined ? 'not there' : rowText(wanted)];
      if (is !== should) violations.push(`order ${row.id} is ${is}, should be ${should}`);
    }
  return [...violations, ...[...expected.keys()].map((id) => `order ${id} is missing`)];
}

function expectedRows({ seed, lanes }: CommitRecord): Map<string, ExpectedRow> {
  const expected = new Map<string, ExpectedRow>();
  lanes.forEach(({ length }, lane) => {
    for (let first = 0; first < length; first += ORDER_STEPS) {
      const last = Math.min(first + ORDER_STEPS, length) - 1;
      // Before a refused step there is always a committed one of the same order.
      const { row } = (planStep(seed, lane, last).effect ?? planStep(seed, lane, last - 1).effect) as Effect;
      expected.set(row.id, row);
    }
  });
  return expected;
}

const rowText = ({ version, state, captured }: ExpectedRow): string =>
  `${state} at version ${version} with ${captured}`;

/** Every unit found has its one job. */
async function proveJobs(db: Pool, subjects: ReadonlyMap<string, string>): Promise<string[]> {
  const waiting = new Map(subjects);
  const violations: string[] = [];
  for await (const page of readJobs(db))
    for (const { unit, kind, subject } of page) {
      if (kind !== JOB || waiting.get(unit ?? '') !== subject)
        violations.push(`a job ${kind} for ${subject} of unit ${unit} too many`);
      waiting.delete(unit ?? '');
    }
  return [...violations, ...[...waiting.keys()].map((key) => `the job of unit ${key} is missing`)];
}

/** Gapless seq and versions, balances equal to the sum of transfers, no floor broken, rows at their events' version. */
async function proveLaws(db: Pool): Promise<string[]> {
  const { laws } = await checkLedger(db);
  return laws.flatMap(({ law, ok, alarm, findings }) =>
    ok || alarm ? [] : [`${law}: ${findings.slice(0, 3).join(', ')}`],
  );
}

/** The first of many alike, and how many more there are. */
export function few(found: readonly string[]): readonly string[] {
  const more = found.length - MAX_TOLD;
  return more <= 0 ? found : [...found.slice(0, MAX_TOLD), `… and ${more} more like these`];
}
