/**
 * For tests of history: a ledger with random postings of a few accounts, committed as the product commits them, with
 * checkpoints at random seqs besides those that the commits left; and the same read the simple way, to compare with.
 */
import assert from 'node:assert/strict';
import pg from 'pg';
import { createTestDatabase } from '../../test/support/database.ts';
import { type Instant, instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import { type SeededRandom, seededRandom } from '../base/random.ts';
import { createPool, type Pool } from '../db/pool.ts';
import { type Committer, commandKey, createCommitter, type Write } from '../journal/index.ts';
import { type AccountRef, account, accountUuid } from './account.ts';
import { type AccountName, chartLine } from './chart.ts';
import { event, type NewEvent } from './events.ts';

export const usd = (cents: number | bigint): Money => money(cents, 'USD');

export const NETWORK = newId('net');
export const MARKETPLACE = newId('mkt');
export const ORDERS: readonly Id<'ord'>[] = [newId('ord'), newId('ord'), newId('ord')];
export const SELLERS: readonly Id<'sel'>[] = [newId('sel'), newId('sel')];

export const ACCOUNTS: readonly AccountRef[] = [
  account('receivable', NETWORK),
  account('fee_income', MARKETPLACE),
  ...ORDERS.map((order) => account('held', order)),
  ...SELLERS.map((seller) => account('seller', seller)),
];

export interface TestLedger {
  readonly db: Pool;
  /** SQL as the owner of the database. */
  asOwner(sql: string, values?: unknown[]): Promise<unknown[]>;
  /** One unit with these events; answers with its first seq. */
  commit(at: Instant, events: readonly NewEvent[], writes?: readonly Write[]): Promise<bigint>;
  /** Rows that units change now and then, with the version each has come to. */
  readonly versions: Map<Id<'sel'>, number>;
  /** So many random units; business time passes a little, or not at all, between two. */
  grow(random: SeededRandom, units: number): Promise<void>;
  /** Right sums for so many random accounts and seqs. */
  addCheckpoints(random: SeededRandom, count: number): Promise<void>;
  close(): Promise<void>;
}

/** An empty ledger. `widths`: the seqs of its first partitions, where they are to be smaller than the product's. */
export async function createTestLedger(widths: readonly number[] = []): Promise<TestLedger> {
  const database = await createTestDatabase();
  const owner = new pg.Client({ connectionString: database.owner });
  await owner.connect();
  if (widths.length > 0) await owner.query(smallPartitions(widths));
  const db = createPool({ url: database.app, applicationName: 'test' });
  const committer = createCommitter({ url: database.app, pool: db });
  const ledger: TestLedger = {
    db,
    asOwner: async (sql, values) => (await owner.query(sql, values)).rows,
    commit: (at, events, writes = []) => commitUnit(committer, at, events, writes),
    versions: new Map(SELLERS.map((seller) => [seller, 0])),
    grow: (random, units) => grow(ledger, random, units),
    addCheckpoints: (random, count) => addCheckpoints(ledger, random, count),
    close: async () => {
      await committer.close();
      await db.end();
      await owner.end();
      await database.drop();
    },
  };
  return ledger;
}

async function commitUnit(
  committer: Committer,
  at: Instant,
  events: readonly NewEvent[],
  writes: readonly Write[],
): Promise<bigint> {
  const command = commandKey('test', newId('req'), 'test', {});
  const result = await committer.commit({ at, events, writes, guards: [], jobs: [], command, answer: null });
  assert.equal(result.code, 'committed');
  return result.code === 'committed' ? result.seq : 0n;
}

/** Replaces the first partition by narrow ones, the last of which ends where it ended. */
function smallPartitions(widths: readonly number[]): string {
  const bounds = [0];
  for (const width of widths) bounds.push((bounds.at(-1) as number) + width);
  bounds.push(2 ** 24);
  const made = bounds.slice(1).map((end, index) =>
    ['journal_events', 'transfers'].map((name) => {
      const unique = name === 'transfers' ? '' : ', unique (subject, version, journal_id)';
      return `create table ${name}_${index + 1} (like ${name} including all${unique});
        alter table ${name} attach partition ${name}_${index + 1} for values from (${bounds[index]}) to (${end});`;
    }),
  );
  return `drop table journal_events_1, transfers_1; ${made.flat().join('\n')}`;
}

const START = Date.UTC(2026, 0, 1);

async function grow(ledger: TestLedger, random: SeededRandom, units: number): Promise<void> {
  const { rows } = await ledger.db.query<{ at: Instant | null }>('select max(at) as at from journal_events');
  let now = rows[0]?.at == null ? START : Date.parse(rows[0].at);
  const waiting: Promise<unknown>[] = [];
  for (let n = 0; n < units; n += 1) {
    now += random.integer(0, 2) * 1000;
    const change = random.integer(0, 4) === 0 ? changeRow(ledger, random) : null;
    const events = [...randomEvents(random), ...(change === null ? [] : [change.event])];
    waiting.push(ledger.commit(instant(now), events, change === null ? [] : [change.write]));
    // Some arrive one by one and some together, so that batches are of many sizes.
    if (random.integer(0, 20) === 0) await Promise.all(waiting.splice(0));
  }
  await Promise.all(waiting);
}

/** The next change of a row; units are written in the order they come in, so its version is known before. */
function changeRow(
  { versions }: TestLedger,
  random: SeededRandom,
): { readonly event: NewEvent; readonly write: Write } {
  const id = random.pick(SELLERS);
  const expected = versions.get(id) ?? 0;
  versions.set(id, expected + 1);
  const row = { id, version: expected, state: 'active', marketplace: MARKETPLACE };
  return {
    event: event('seller.bank_account_changed', id, { last4: '0001', unblocked: false }),
    write: { table: 'sellers', id, expected, row },
  };
}

/** A release takes less than the capture of its unit brought, so that what is held never falls short. */
function randomEvents(random: SeededRandom): readonly NewEvent[] {
  const order = random.pick(ORDERS);
  const captured = event('payment.captured', newId('pay'), {
    network: NETWORK,
    order,
    captured: usd(random.integer(200, 260)),
  });
  const events: NewEvent[] = Array.from({ length: random.integer(0, 3) }, () =>
    event('seller.created', newId('sel'), { marketplace: MARKETPLACE, country: 'CN' }),
  );
  if (random.integer(0, 2) === 0) return [...events, captured];
  const parts = { net: usd(random.integer(1, 190)), fee: usd(random.integer(0, 9)) };
  const seller = random.pick(SELLERS);
  return [
    captured,
    ...events,
    event('order.released', newId('req'), { order, seller, marketplace: MARKETPLACE, ...parts, by: 'deadline' }),
  ];
}

async function addCheckpoints(ledger: TestLedger, random: SeededRandom, count: number): Promise<void> {
  const entries = await allEntries(ledger.db);
  const head = entries.at(-1)?.seq ?? 0n;
  for (let n = 0; n < count; n += 1) {
    const ref = random.pick(ACCOUNTS);
    const seq = BigInt(random.integer(1, Number(head)));
    const { debits, credits } = sumsOf(entries, ref, (entry) => entry.seq <= seq);
    await ledger.asOwner('insert into account_checkpoints values (1, $1, $2, $3, $4) on conflict do nothing', [
      accountUuid({ ...ref, currency: 'USD' }),
      seq,
      debits,
      credits,
    ]);
  }
}

/** A transfer as the simple way reads it. */
export interface PlainEntry {
  readonly seq: bigint;
  readonly leg: number;
  readonly at: Instant;
  readonly debit: string;
  readonly credit: string;
  readonly amount: bigint;
}

/** Every transfer there is, in order. */
export async function allEntries(db: Pool): Promise<readonly PlainEntry[]> {
  const { rows } = await db.query<PlainEntry>(
    `select t.seq, t.leg, e.at, replace(t.debit::text, '-', '') as debit, replace(t.credit::text, '-', '') as credit, t.amount
       from transfers t join journal_events e using (journal_id, seq) order by t.seq, t.leg`,
  );
  return rows;
}

export function sumsOf(entries: readonly PlainEntry[], ref: AccountRef, which: (entry: PlainEntry) => boolean) {
  const id = accountUuid({ ...ref, currency: 'USD' });
  let [debits, credits] = [0n, 0n];
  for (const entry of entries.filter(which)) {
    if (entry.debit === id) debits += entry.amount;
    if (entry.credit === id) credits += entry.amount;
  }
  return { debits, credits };
}

/** The balance by adding up everything that `which` picks. */
export function plainBalance(
  entries: readonly PlainEntry[],
  ref: AccountRef,
  which: (entry: PlainEntry) => boolean,
): bigint {
  const { debits, credits } = sumsOf(entries, ref, which);
  return chartLine(ref.name as AccountName).side === 'debit' ? debits - credits : credits - debits;
}

export const seeded = (seed: number): SeededRandom => seededRandom(seed);
