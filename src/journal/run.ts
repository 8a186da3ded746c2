/**
 * Running a command: load, decide (pure), commit; when what was read has changed meanwhile, load and decide again, at most
 * five times with jitter. A refusal commits nothing and leaves the key free.
 *
 * Nobody looks a key up beforehand: commit() refuses the unit of a repeat, and a decision that a repeat can no longer make is
 * refused, too; only then is the key's answer looked for. First attempts, nearly all there are, are spared a look.
 */
import { AssertionFailure } from '../base/assert.ts';
import { sleep } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { gather } from '../base/gather.ts';
import { fromJson } from '../base/json.ts';
import { randomFraction } from '../base/random.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { Pool } from '../db/pool.ts';
import { JOURNAL_ID } from './batch.ts';
import type { Committer } from './commit.ts';
import { differingFields } from './fingerprint.ts';
import type { CommandKey, CommitUnit } from './unit.ts';

/** What decide hands over: the unit, and what the caller goes on with once it is durable. */
export interface Decision<Value> {
  readonly unit: CommitUnit;
  readonly value: Value;
}

export type JournalRefusal = Refusal<'idempotency_key_reused' | 'insufficient_balance' | 'conflict'>;

export type Outcome<Value> =
  | { readonly kind: 'committed'; readonly value: Value; readonly seq: bigint }
  /** The key was owned already: the first answer, or the state so far while the command is open. */
  | { readonly kind: 'repeated'; readonly open: boolean; readonly answer: unknown };

export interface Journal {
  readonly db: Pool;
  /** @throws Fault `lease_lost` when a job's lease passed to another worker, and what commit() throws. */
  run<Value, R extends Refusal>(
    command: CommandKey | undefined,
    decide: () => Promise<Result<Decision<Value>, R>>,
  ): Promise<Result<Outcome<Value>, R | JournalRefusal>>;
  /** The answer kept under a key, or null when nobody owns it. */
  findAnswer(client: string, key: string): Promise<KeptAnswer | null>;
  /** The answers kept under those of a client's keys that are owned, in one look-up. */
  findAnswers(client: string, keys: readonly string[]): Promise<ReadonlyMap<string, KeptAnswer>>;
  /** Called after each commit that enqueued a job which is due: wakes the worker of this process. */
  onJobs(listener: () => void): void;
  close(): Promise<void>;
}

export interface KeptAnswer {
  readonly fingerprint: Uint8Array;
  readonly open: boolean;
  readonly answer: unknown;
}

const ATTEMPTS = 5;
const JITTER_MS = 25;

/** The journal over one committer. */
export function createJournal(db: Pool, committer: Committer): Journal {
  const listeners: (() => void)[] = [];
  // Also after a refusal: of two identical requests at once, the second may see the first one's effects before its key.
  const repeatOf = async (command: CommandKey): Promise<Result<Outcome<never>, JournalRefusal> | null> => {
    const kept = await findAnswer(command.client, command.key);
    return kept === null ? null : repeated(command, kept);
  };
  const findAnswers = (client: string, keys: readonly string[]) => loadAnswers(db, client, keys);
  const findTogether = gather(TOGETHER, (asks: readonly Owned[]) => loadOwned(db, asks));
  const findAnswer = (client: string, key: string): Promise<KeptAnswer | null> => findTogether({ client, key });
  return {
    db,
    findAnswer,
    findAnswers,
    onJobs: (listener) => listeners.push(listener),
    close: () => committer.close(),
    run: async (command, decide) => {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const decided = await decideOnce(decide, attempt === ATTEMPTS);
        if (decided === null) {
          await pause(attempt);
          continue;
        }
        if (!decided.ok) return (command === undefined ? null : await repeatOf(command)) ?? decided;
        const result = await committer.commit({ ...decided.value.unit, ...(command === undefined ? {} : { command }) });
        switch (result.code) {
          case 'committed':
            if (isDue(decided.value.unit)) for (const listener of listeners) listener();
            return ok({ kind: 'committed', value: decided.value.value, seq: result.seq });
          case 'repeated':
            return (await repeatOf(command as CommandKey)) as Result<Outcome<never>, JournalRefusal>;
          case 'insufficient_balance':
            return refuse('insufficient_balance', 'the balance does not cover this amount');
          case 'lease_lost':
            throw new Fault('lease_lost', 'another worker has taken this job', { retryable: false });
          default:
            await pause(attempt);
        }
      }
      return refuse('conflict', 'it changed while this was being decided; read it again and retry');
    },
  };
}

/** A deadline in the future wakes nobody now. */
const isDue = ({ at, jobs }: CommitUnit): boolean => jobs.some(({ due }) => due <= at);

const pause = (attempt: number): Promise<void> => sleep(Math.ceil(randomFraction() * JITTER_MS * attempt));

/**
 * Null when what was loaded cannot be. The reads of a decision are not one snapshot: another commit between two of them
 * shows a pair of rows that never stood side by side. Looking again tells such a moment from a bug, which throws each time.
 */
async function decideOnce<Decided>(decide: () => Promise<Decided>, last: boolean): Promise<Decided | null> {
  try {
    return await decide();
  } catch (error) {
    if (last || !(error instanceof AssertionFailure)) throw error;
    return null;
  }
}

async function loadAnswers(
  db: Pool,
  client: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, KeptAnswer>> {
  const { rows } = await db.query<{ key: string; fingerprint: Buffer; open: boolean; answer: string | null }>(
    'select key, fingerprint, open, answer from commands where journal_id = $1 and client = $2 and key = any ($3)',
    [JOURNAL_ID, client, keys],
  );
  return new Map(
    rows.map(({ key, fingerprint, open, answer }) => [
      key,
      { fingerprint, open, answer: answer === null ? null : fromJson(answer) },
    ]),
  );
}

interface Owned {
  readonly client: string;
  readonly key: string;
}

/** Answers under keys of several clients, asked for together. */
async function loadOwned(db: Pool, asks: readonly Owned[]): Promise<readonly (KeptAnswer | null)[]> {
  const { rows } = await db.query<Owned & { fingerprint: Buffer; open: boolean; answer: string | null }>(
    `select c.client, c.key, c.fingerprint, c.open, c.answer from unnest($2::text[], $3::text[]) asked (client, key)
       join commands c on c.journal_id = $1 and c.client = asked.client and c.key = asked.key`,
    [JOURNAL_ID, asks.map(({ client }) => client), asks.map(({ key }) => key)],
  );
  const found = new Map(rows.map((row) => [nameOf(row), row]));
  return asks.map((ask) => {
    const row = found.get(nameOf(ask));
    if (row === undefined) return null;
    const { fingerprint, open, answer } = row;
    return { fingerprint, open, answer: answer === null ? null : fromJson(answer) };
  });
}

const TOGETHER = { atOnce: 2, most: 500 };
const nameOf = ({ client, key }: Owned): string => JSON.stringify([client, key]);

function repeated(command: CommandKey, kept: KeptAnswer): Result<Outcome<never>, JournalRefusal> {
  if (Buffer.compare(kept.fingerprint, command.fingerprint) === 0)
    return ok({ kind: 'repeated', open: kept.open, answer: kept.answer });
  const fields = differingFields(command, kept.fingerprint);
  const what = fields.length === 0 ? 'other fields' : `another ${fields.join(', ')}`;
  return refuse(
    'idempotency_key_reused',
    `this key belongs to a request with ${what}; use a new key for a new request`,
    {
      facts: { differs: fields },
    },
  );
}
