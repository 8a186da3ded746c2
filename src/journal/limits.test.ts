/** The edges of commit(): the largest amounts, the largest units, the fullest queue, the end of a partition. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTestDatabase, NO_DATABASE, type TestDatabase } from '../../test/support/database.ts';
import { addMs, type Instant, instant, msOf, systemClock } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { money } from '../base/money.ts';
import { seededRandom } from '../base/random.ts';
import { createPool, type Pool } from '../db/pool.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import { event, type NewEvent } from '../ledger/events.ts';
import { type Committer, type CommitUnit, commandKey, createCommitter, insert } from './index.ts';

const net = newId('net');
const at = systemClock().now();
const LARGEST = 2n ** 63n - 1n;

let keys = 0;
const unit = (events: readonly NewEvent[], when: Instant = at): CommitUnit & { command: object } => ({
  at: when,
  events,
  writes: [],
  guards: [],
  jobs: [],
  command: commandKey('limits', `key ${++keys}`, 'test', {}),
});
const captured = (amount: bigint, order: Id<'ord'>): NewEvent =>
  event('payment.captured', newId('pay'), { network: net, order, captured: money(amount, 'USD') });
const locked = (amount: bigint, order: Id<'ord'>): NewEvent =>
  event('refund.initiated', newId('ref'), {
    refund: newId('ref'),
    order,
    payment: newId('pay'),
    fromHeld: money(amount, 'USD'),
  });

describe('limits of commit', { skip: NO_DATABASE }, () => {
  let database: TestDatabase;
  let pool: Pool;
  let owner: Pool;
  let committer: Committer;
  before(async () => {
    database = await createTestDatabase();
    pool = createPool({ url: database.app, applicationName: 'test' });
    owner = createPool({ url: database.owner, applicationName: 'test', max: 1 });
    committer = createCommitter({ url: database.app, pool });
  });
  after(async () => {
    await committer.close();
    await pool.end();
    await owner.end();
    await database.drop();
  });
  const held = async (order: string): Promise<bigint> => {
    const sql = "select credits - debits as balance from accounts where name = 'held' and owner = $1";
    return (await pool.query<{ balance: bigint }>(sql, [order])).rows[0]?.balance ?? 0n;
  };
  const count = async (table: string): Promise<bigint> =>
    (await pool.query<{ n: bigint }>(`select count(*) as n from ${table}`)).rows[0]?.n as bigint;

  test('amounts around 2^53 and up to 2^63 - 1 are exact', async () => {
    for (const amount of [2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 62n + 1n]) {
      const order = newId('ord');
      const own = event('payment.captured', newId('pay'), {
        network: newId('net'),
        order,
        captured: money(amount, 'USD'),
      });
      assert.equal((await committer.commit(unit([own]))).code, 'committed');
      assert.equal(await held(order), amount);
    }
  });

  test('an account cannot pass 2^63 - 1: a clear fault, nothing written, the neighbours are', async () => {
    const order = newId('ord');
    const other = (amount: bigint): NewEvent =>
      event('payment.captured', newId('pay'), { network: newId('net'), order, captured: money(amount, 'USD') });
    assert.equal((await committer.commit(unit([other(LARGEST - 10n)]))).code, 'committed');
    const transfers = await count('transfers');
    const results = await Promise.allSettled([
      committer.commit(unit([captured(1n, newId('ord'))])),
      committer.commit(unit([other(11n)])),
      committer.commit(unit([other(LARGEST), other(LARGEST)])),
      committer.commit(unit([other(10n)])),
    ]);
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value.code : result.reason.code)),
      ['committed', 'amount_out_of_range', 'amount_out_of_range', 'committed'],
    );
    assert.equal(await held(order), LARGEST);
    assert.equal((await count('transfers')) - transfers, 2n);
    assert.throws(() => money(LARGEST + 1n, 'USD'), /beyond 64 bits/);
  });

  test('a document that PostgreSQL cannot keep fails its own unit, before the head is locked, and no other', async () => {
    const [events, transfers] = [await count('journal_events'), await count('transfers')];
    const id = newId('sel');
    const odd = insert(stateTable('sellers', 'sel'), { id, version: 0, state: 'active', name: 'a\u0000b' } as StateRow);
    const results = await Promise.allSettled([
      committer.commit(unit([captured(1n, newId('ord'))])),
      committer.commit({ ...unit([event('payment.declined', id, { code: 'x' })]), writes: [odd] }),
      committer.commit(unit([captured(2n, newId('ord'))])),
    ]);
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value.code : result.reason.code)),
      ['committed', '22P05', 'committed'],
    );
    assert.equal((await count('journal_events')) - events, 2n);
    assert.equal((await count('transfers')) - transfers, 2n);
  });

  test('an event is kept as it was written, whatever a network put into it', async () => {
    const declined = event('payment.declined', newId('pay'), { code: 'a\u0000b', z: 1, a: '\ud800' } as never);
    const result = await committer.commit(unit([declined]));
    assert.ok(result.code === 'committed');
    const sql = 'select data::text as data from journal_events where seq = $1';
    const { rows } = await pool.query<{ data: string }>(sql, [result.seq]);
    assert.equal(rows[0]?.data, '{"code":"a\\u0000b","z":1,"a":"\\ud800"}');
  });

  test('an amount of zero moves nothing and is an event all the same', async () => {
    const [events, transfers] = [await count('journal_events'), await count('transfers')];
    assert.equal((await committer.commit(unit([captured(0n, newId('ord'))]))).code, 'committed');
    assert.equal((await count('journal_events')) - events, 1n);
    assert.equal(await count('transfers'), transfers);
  });

  test('a unit with 1,000 events and transfers is one unit: all of it, or nothing', async () => {
    const order = newId('ord');
    const many = Array.from({ length: 1000 }, () => captured(7n, order));
    const small = committer.commit(unit([captured(1n, newId('ord'))]));
    const result = await committer.commit(unit(many));
    assert.equal(result.code, 'committed');
    assert.equal((await small).code, 'committed');
    assert.equal(await held(order), 7000n);
    const events = await count('journal_events');
    const tooMuch = await committer.commit(unit([...many, locked(14_001n, order)]));
    assert.equal(tooMuch.code, 'insufficient_balance');
    assert.equal(await held(order), 7000n);
    assert.equal(await count('journal_events'), events);
  });

  test('beyond the queue’s limit callers are told busy at once; what was accepted is committed', async () => {
    const narrow = createCommitter({ url: database.app, pool, queueLimit: 100 });
    const results = await Promise.allSettled(
      Array.from({ length: 250 }, () => narrow.commit(unit([captured(1n, newId('ord'))]))),
    );
    await narrow.close();
    const busy = results.filter((result) => result.status === 'rejected' && result.reason.code === 'busy');
    const committed = results.filter((result) => result.status === 'fulfilled' && result.value.code === 'committed');
    assert.equal(busy.length, 150);
    assert.equal(committed.length, 100);
  });

  test('one batch gives what its units would give one after the other', async () => {
    const random = seededRandom(7);
    for (let round = 0; round < 60; round += 1) {
      const orders = [newId('ord'), newId('ord')];
      const balances = [0n, 0n];
      const plans = Array.from({ length: random.integer(2, 16) }, () => {
        const moves = Array.from({ length: random.integer(1, 3) }, () => {
          const [which, amount] = [random.integer(0, 1), BigInt(random.integer(1, 9))];
          return { which, change: random.chance(0.5) ? amount : -amount };
        });
        return { moves, repeated: random.chance(0.1) };
      });
      const used = unit([captured(1n, newId('ord'))]);
      await committer.commit(used);
      const expected = plans.map(({ moves, repeated }) => {
        if (repeated) return 'repeated';
        const next = [...balances];
        for (const { which, change } of moves) next[which] = (next[which] as bigint) + change;
        if (next.some((balance) => balance < 0n)) return 'insufficient_balance';
        next.forEach((balance, which) => {
          balances[which] = balance;
        });
        return 'committed';
      });
      const results = await Promise.all(
        plans.map(({ moves, repeated }) => {
          const events = moves.map(({ which, change }) =>
            (change > 0n ? captured : locked)(change > 0n ? change : -change, orders[which] as Id<'ord'>),
          );
          // Only one unit of a batch may carry a key: the others that repeat it come a batch later, with the same answer.
          return committer.commit(repeated ? { ...unit(events), command: used.command as never } : unit(events));
        }),
      );
      assert.deepEqual(
        results.map(({ code }) => code),
        expected,
      );
      assert.deepEqual(await Promise.all(orders.map(held)), balances);
    }
  });

  test('business time never goes back in the order of the journal', async () => {
    await committer.commit(unit([captured(1n, newId('ord'))], addMs(at, 5000)));
    await committer.commit(unit([captured(1n, newId('ord'))], addMs(at, 1000)));
    await Promise.all(
      [9000, 7000, 8000].map((ms) => committer.commit(unit([captured(1n, newId('ord'))], addMs(at, ms)))),
    );
    const { rows } = await pool.query<{ at: Instant }>('select at from journal_events order by seq desc limit 5');
    const times = rows.map((row) => msOf(row.at) - msOf(at)).reverse();
    assert.deepEqual(times, [5000, 5000, 9000, 9000, 9000]);
    assert.ok(instant(0) < at);
  });

  test('the next partition is made before it is needed; a unit may cross the border', async () => {
    const width = 2n ** 24n;
    await owner.query('update journal_head set seq = $1', [width - 1_000_002n]);
    await committer.commit(unit([captured(1n, newId('ord'))]));
    await committer.commit(unit([captured(1n, newId('ord'))]));
    const { rows } = await owner.query<{ upto: bigint }>('select partitioned_to as upto from journal_head');
    assert.equal(rows[0]?.upto, 2n * width);
    await owner.query('update journal_head set seq = $1', [width - 2n]);
    const order = newId('ord');
    const result = await committer.commit(unit(Array.from({ length: 3 }, () => captured(5n, order))));
    assert.deepEqual(result, { code: 'committed', seq: width - 1n });
    assert.equal(await held(order), 15n);
    assert.equal(await count('journal_events where seq >= 16777216'), 2n);
  });
});
