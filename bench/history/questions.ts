/**
 * What people ask of an account's past, asked two ways: as the product does, and naively, by adding up its transfers (with
 * the same indexes). Both must give the same answer.
 */
import assert from 'node:assert/strict';
import { type Instant, instant, MS_PER_DAY, monotonicMs } from '../../src/base/clock.ts';
import { type SeededRandom, seededRandom } from '../../src/base/random.ts';
import type { Pool } from '../../src/db/pool.ts';
import { type Account, accountUuid } from '../../src/ledger/account.ts';
import { balanceAt, lastEntries } from '../../src/ledger/index.ts';
import { FEES, seller } from './build.ts';
import { YEAR } from './sizes.ts';

/** Each of these is asked of a random seller and of the hottest account. */
interface Question {
  readonly name: string;
  ours(db: Pool, account: Account, at: Instant): Promise<readonly bigint[]>;
  naive(db: Pool, account: Account, at: Instant): Promise<readonly bigint[]>;
}

const LAST = 50;
const SIGNED = `case when t.credit = $1 then t.amount else -t.amount end`;
const OWN = `t.journal_id = 1 and (t.debit = $1 or t.credit = $1)`;

const QUESTIONS: readonly Question[] = [
  {
    name: 'balance now',
    ours: async (db, account) => [(await balanceAt(db, account, account.currency)).balance.amount],
    naive: (db, account) =>
      read(db, account, `select coalesce(sum(${SIGNED}), 0)::bigint as value from transfers t where ${OWN}`),
  },
  {
    name: `last ${LAST} entries with balances`,
    ours: async (db, account) =>
      (await lastEntries(db, account, account.currency, { limit: LAST })).entries.map(({ balance }) => balance.amount),
    naive: (db, account) =>
      read(
        db,
        account,
        `select value from (
           select t.seq, t.leg, (sum(${SIGNED}) over (order by t.seq, t.leg))::bigint as value from transfers t where ${OWN}) b
          order by seq desc, leg desc limit ${LAST}`,
      ),
  },
  {
    name: 'balance at a past instant',
    ours: async (db, account, at) => [(await balanceAt(db, account, account.currency, at)).balance.amount],
    naive: (db, account, at) =>
      read(
        db,
        account,
        `select coalesce(sum(${SIGNED}), 0)::bigint as value
           from transfers t join journal_events e using (journal_id, seq) where ${OWN} and e.at <= $2`,
        at,
      ),
  },
];

/** The accounts asked are on the credit side. */
async function read(db: Pool, account: Account, sql: string, ...values: unknown[]): Promise<readonly bigint[]> {
  const { rows } = await db.query<{ value: bigint }>(sql, [accountUuid(account), ...values]);
  return rows.map(({ value }) => value);
}

export interface Asked {
  readonly name: string;
  readonly of: 'random seller' | 'hottest account';
  /** Milliseconds of each time it was asked. */
  readonly ours: readonly number[];
  readonly naive: readonly number[];
}

/** Asks everything; the naive way less often, as it takes longer. */
export async function askAll(db: Pool, people: number): Promise<readonly Asked[]> {
  const random = seededRandom(8);
  const asked: Asked[] = [];
  for (const question of QUESTIONS) {
    asked.push(
      await ask(db, question, 'random seller', {
        accounts: () => seller(random.integer(1, people)),
        times: [400, 40],
        random,
      }),
    );
    asked.push(await ask(db, question, 'hottest account', { accounts: () => FEES, times: [400, 3], random }));
  }
  return asked;
}

interface How {
  readonly accounts: () => Account;
  readonly times: readonly [ours: number, naive: number];
  readonly random: SeededRandom;
}

async function ask(
  db: Pool,
  { name, ours, naive }: Question,
  of: Asked['of'],
  { accounts, times, random }: How,
): Promise<Asked> {
  const asked = { name, of, ours: [] as number[], naive: [] as number[] };
  for (let n = 0; n < times[0]; n += 1) {
    const [account, at] = [accounts(), instant(YEAR.from + Math.floor(random.next() * YEAR.days * MS_PER_DAY))];
    const answer = await timed(asked.ours, () => ours(db, account, at));
    if (n >= times[1]) continue;
    assert.deepEqual(
      answer,
      await timed(asked.naive, () => naive(db, account, at)),
      `${name} of ${account.owner} at ${at}`,
    );
  }
  return asked;
}

async function timed<Value>(times: number[], work: () => Promise<Value>): Promise<Value> {
  const began = monotonicMs();
  const value = await work();
  times.push(monotonicMs() - began);
  return value;
}
