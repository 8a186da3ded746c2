/**
 * commit(): units that arrive together go to PostgreSQL as one batch: one function call, one round trip, one transaction,
 * one fsync (journal_commit in migrations/0001). A unit is acknowledged only after its batch is durable.
 *
 * Invariants: no two units of a batch touch the same row or key (the later one waits for the next batch, so arrival order
 * decides); a batch whose answer was lost is looked up by unit id before anything is sent again; a batch that fails for a
 * reason of its own is tried unit by unit, so that one bad unit never hurts its neighbours.
 */
import { sleep } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { fromJson } from '../base/json.ts';
import { type Client, createClient, type Pool } from '../db/pool.ts';
import { encode, JOURNAL_ID, type PreparedUnit, prepare } from './batch.ts';
import type { CommitResult, CommitUnit } from './unit.ts';

export interface Committer {
  /** Durable when it resolves. @throws Fault `busy` beyond the queue limit, `database_unavailable` when the outcome could not be learned. */
  commit(unit: CommitUnit): Promise<CommitResult>;
  /** Waits for what is in flight, then closes its connection. */
  close(): Promise<void>;
}

export interface CommitterSettings {
  readonly url: string;
  /** For look-ups beside the commit path. */
  readonly pool: Pool;
  readonly queueLimit?: number;
  readonly batchLimit?: number;
  /** How long a lost connection may take to come back before waiting units are told. Milliseconds. */
  readonly reconnectMs?: number;
}

interface Waiting {
  readonly prepared: PreparedUnit;
  /** Sent once already, with the answer lost: its effect may be there. */
  resent: boolean;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (fault: unknown) => void;
}

const CODES = [
  'committed',
  'repeated',
  'version_conflict',
  'guard_failed',
  'insufficient_balance',
  'lease_lost',
] as const;
const PARAMETERS = Array.from({ length: 59 }, (_, index) => `$${index + 1}`).join(', ');
const CALL = { name: 'journal_commit', text: `select o_code, o_seq from journal_commit(${PARAMETERS})` };

/** One committer a process; any number of processes side by side. */
export function createCommitter(settings: CommitterSettings): Committer {
  const { queueLimit = 20_000, batchLimit = 512 } = settings;
  const line = createLine(settings);
  const queue: Waiting[] = [];
  let running: Promise<void> | null = null;
  let closed = false;

  const pump = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = takeBatch(queue, batchLimit);
      await commitBatch(line, batch).catch((fault: unknown) => {
        for (const waiting of batch) waiting.reject(fault);
      });
    }
  };

  return {
    commit: (unit) =>
      new Promise<CommitResult>((resolve, reject) => {
        if (closed) throw new Fault('closed', 'the journal is closed', { retryable: true });
        if (queue.length >= queueLimit)
          throw new Fault('busy', 'too many units are waiting to commit', { retryable: true });
        queue.push({ prepared: prepare(unit), resent: false, resolve, reject });
        running ??= Promise.resolve()
          .then(pump)
          .finally(() => {
            running = null;
          });
      }),
    close: async () => {
      closed = true;
      await running;
      await line.drop();
    },
  };
}

/** The one connection of the commit path, opened when needed and again when lost. */
interface Line {
  readonly settings: CommitterSettings;
  open(): Promise<Client>;
  drop(): Promise<void>;
}

function createLine(settings: CommitterSettings): Line {
  let client: Client | null = null;
  return {
    settings,
    open: async () => {
      if (client !== null) return client;
      const fresh = createClient({ url: settings.url, applicationName: 'causeway-commit' });
      await fresh.connect();
      fresh.on('end', () => {
        if (client === fresh) client = null;
      });
      client = fresh;
      return fresh;
    },
    drop: async () => {
      const old = client;
      client = null;
      await old?.end().catch(() => undefined);
    },
  };
}

async function commitBatch(line: Line, batch: readonly Waiting[]): Promise<void> {
  try {
    await send(line, batch);
  } catch (error) {
    if (isConnectionLoss(error)) {
      void line.drop();
      await recover(line, batch, error);
    } else if (batch.length === 1) {
      throw error;
    } else {
      for (const waiting of batch) await commitBatch(line, [waiting]).catch(waiting.reject);
    }
  }
}

async function send(line: Line, batch: readonly Waiting[]): Promise<void> {
  const db = await line.open();
  const { rows } = await db.query<{ o_code: number[]; o_seq: string[] }>({
    ...CALL,
    values: encode(batch.map(({ prepared }) => prepared)),
  });
  const { o_code, o_seq } = rows[0] as { o_code: number[]; o_seq: string[] };
  const answers = batch.map((waiting, index) =>
    answer(line.settings.pool, waiting, o_code[index] as number, BigInt(o_seq[index] as string)),
  );
  await Promise.all(answers);
}

/**
 * The answer was lost. The old transaction may still be running: taking the head lock waits for it, then the units that
 * are in the journal are answered from there and only the others are sent again.
 */
async function recover(line: Line, batch: readonly Waiting[], cause: unknown): Promise<void> {
  const found = await retryUntil(line, cause, async (db) => {
    await db.query('begin');
    await db.query('select journal_lock($1)', [JOURNAL_ID]);
    const units = await findUnits(db, batch);
    await db.query('commit');
    return units;
  });
  const missing = batch.filter((waiting) => {
    const seq = found.get(waiting.prepared.id);
    if (seq !== undefined) waiting.resolve({ code: 'committed', seq });
    return seq === undefined;
  });
  for (const waiting of missing) waiting.resent = true;
  if (missing.length > 0) await commitBatch(line, missing);
}

/** Takes units in arrival order; one that meets a row or key of the batch stays, and so does what must come after it. */
export function takeBatch(queue: Waiting[], limit: number): Waiting[] {
  const batch: Waiting[] = [];
  const kept: Waiting[] = [];
  const written = new Set<string>();
  const read = new Set<string>();
  while (queue.length > 0 && batch.length < limit) {
    const waiting = queue.shift() as Waiting;
    const { writes, reads } = waiting.prepared;
    const meets = writes.some((key) => written.has(key) || read.has(key)) || reads.some((key) => written.has(key));
    for (const key of writes) written.add(key);
    for (const key of reads) read.add(key);
    (meets ? kept : batch).push(waiting);
  }
  queue.unshift(...kept);
  return batch;
}

async function answer(pool: Pool, waiting: Waiting, code: number, seq: bigint): Promise<void> {
  try {
    const name = CODES[code] as (typeof CODES)[number];
    if (name === 'committed') return waiting.resolve({ code: name, seq });
    if (waiting.resent) {
      const found = await findUnits(pool, [waiting]);
      const own = found.get(waiting.prepared.id);
      if (own !== undefined) return waiting.resolve({ code: 'committed', seq: own });
    }
    if (name !== 'repeated') return waiting.resolve({ code: name });
    waiting.resolve(await findCommand(pool, waiting.prepared.unit));
  } catch (fault) {
    waiting.reject(fault);
  }
}

async function findUnits(db: Pool | Client, batch: readonly Waiting[]): Promise<Map<string, bigint>> {
  const ids = batch.map(({ prepared }) => prepared.id);
  const subjects = batch.map(({ prepared }) => prepared.events[0]?.subject as string);
  const { rows } = await db.query<{ unit_id: string; seq: bigint }>(
    `select replace(unit_id::text, '-', '') as unit_id, min(seq) as seq from journal_events
      where journal_id = $1 and subject = any ($2::uuid[]) and unit_id = any ($3::uuid[]) group by unit_id`,
    [JOURNAL_ID, subjects, ids],
  );
  return new Map(rows.map(({ unit_id, seq }) => [unit_id, seq]));
}

/** What the journal holds under a command's key; the caller knows that the key is owned. */
async function findCommand(pool: Pool, unit: CommitUnit): Promise<CommitResult> {
  const command = unit.command as NonNullable<CommitUnit['command']>;
  const { rows } = await pool.query<{ fingerprint: Buffer; open: boolean; answer: string | null }>(
    'select fingerprint, open, answer from commands where journal_id = $1 and client = $2 and key = $3',
    [JOURNAL_ID, command.client, command.key],
  );
  const row = rows[0] as { fingerprint: Buffer; open: boolean; answer: string | null };
  return {
    code: 'repeated',
    sameFields: Buffer.compare(row.fingerprint, command.fingerprint) === 0,
    open: row.open,
    answer: row.answer === null ? null : fromJson(row.answer),
  };
}

async function retryUntil<Value>(line: Line, cause: unknown, work: (db: Client) => Promise<Value>): Promise<Value> {
  const limitMs = line.settings.reconnectMs ?? 15_000;
  for (let waited = 0, pause = 50; ; waited += pause, pause = Math.min(pause * 2, 1000)) {
    try {
      return await work(await line.open());
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      void line.drop();
      if (waited >= limitMs) {
        const what = 'the database is out of reach; the outcome is not known';
        throw new Fault('database_unavailable', what, { retryable: true, cause });
      }
    }
    await sleep(pause);
  }
}

/** Connection errors of the driver and of PostgreSQL (class 08, 57P0x: shutting down, crashed, starting up). */
export function isConnectionLoss(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  if (
    code !== undefined &&
    (/^(08|57P0)/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', '53300'].includes(code))
  )
    return true;
  return /Connection terminated|connection timeout|not queryable|Client has encountered a connection error/i.test(
    message ?? '',
  );
}
