import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTestDatabase, NO_DATABASE, type TestDatabase } from '../../test/support/database.ts';
import { instant, systemClock } from '../base/clock.ts';
import { newId, uuidOf, uuidV7Hex } from '../base/ids.ts';
import { money } from '../base/money.ts';
import { createPool, type Pool } from '../db/pool.ts';
import { loadRow, type StateRow, stateTable } from '../db/state-table.ts';
import { finishJobs, leaseJobs } from '../jobs/queue.ts';
import { event, type NewEvent } from '../ledger/events.ts';
import {
  type Committer,
  type CommitUnit,
  commandKey,
  createCommitter,
  createJournal,
  deadline,
  insert,
  type NewJob,
  update,
} from './index.ts';

interface Seller extends StateRow {
  readonly marketplace: string;
  readonly note: string;
}
const sellers = stateTable<Seller>('sellers', 'sel');
const clock = systemClock();
const mkt = newId('mkt');
const net = newId('net');
const ord = newId('ord');

function unit(fields: Partial<CommitUnit> & { events: readonly NewEvent[] }): CommitUnit {
  return { at: clock.now(), writes: [], guards: [], jobs: [], ...fields };
}
const key = (name: string, fields: object = {}) => ({ command: commandKey('test', name, 'test', fields) });
const captured = (amount: bigint, order = ord) =>
  event('payment.captured', newId('pay'), { network: net, order, captured: money(amount, 'USD') });
const released = (amount: bigint, order = ord) =>
  event('order.released', newId('ord'), {
    order,
    seller: 'sel_x' as never,
    marketplace: mkt,
    net: money(amount, 'USD'),
    fee: money(0n, 'USD'),
    by: 'deadline',
  });

describe('commit', { skip: NO_DATABASE }, () => {
  let database: TestDatabase;
  let pool: Pool;
  let committer: Committer;
  before(async () => {
    database = await createTestDatabase();
    pool = createPool({ url: database.app, applicationName: 'test' });
    committer = createCommitter({ url: database.app, pool });
  });
  after(async () => {
    await committer.close();
    await pool.end();
    await database.drop();
  });
  const balance = async (name: string, owner: string): Promise<bigint> => {
    const { rows } = await pool.query(
      'select credits - debits as balance from accounts where name = $1 and owner = $2',
      [name, owner],
    );
    return rows[0]?.balance ?? 0n;
  };

  test('writes row, event, transfers, balances and job; seq has no gap', async () => {
    const seller: Seller = { id: newId('sel'), version: 0, state: 'active', marketplace: mkt, note: 'ä' };
    const result = await committer.commit(
      unit({
        ...key('one'),
        events: [event('seller.created', seller.id, { marketplace: mkt, country: 'CN' }), captured(1250n)],
        writes: [insert(sellers, seller)],
        jobs: [deadline('x', seller.id, clock.now())],
        answer: { hello: money(5n, 'JPY') },
      }),
    );
    assert.equal(result.code, 'committed');
    const row = await loadRow(pool, sellers, seller.id);
    assert.deepEqual(row, { ...seller, version: 1 });
    assert.equal(await balance('held', ord), 1250n);
    const second = await committer.commit(unit({ ...key('two'), events: [captured(50n)] }));
    assert.equal(second.code === 'committed' && result.code === 'committed' && second.seq - result.seq, 2n);
  });

  test('a repeated key gives the first answer and says whether the fields agree', async () => {
    const again = await committer.commit(unit({ ...key('one'), events: [captured(9n)] }));
    assert.deepEqual(again, { code: 'repeated', sameFields: true, open: false, answer: { hello: money(5n, 'JPY') } });
    const other = await committer.commit(unit({ ...key('one', { a: 1 }), events: [captured(9n)] }));
    assert.equal(other.code === 'repeated' && other.sameFields, false);
  });

  test('in one batch: stale versions, doubled keys and overdrawn accounts are refused, neighbours survive', async () => {
    const order = newId('ord');
    await committer.commit(unit({ ...key('fund'), events: [captured(100n, order)] }));
    const results = await Promise.all([
      committer.commit(unit({ ...key('r1'), events: [released(70n, order)] })),
      committer.commit(unit({ ...key('r2'), events: [released(70n, order)] })),
      committer.commit(unit({ ...key('r3'), events: [captured(40n, order)] })),
      committer.commit(unit({ ...key('r4'), events: [released(70n, order)] })),
      committer.commit(unit({ ...key('r3'), events: [captured(40n, order)] })),
    ]);
    assert.deepEqual(
      results.map(({ code }) => code),
      ['committed', 'insufficient_balance', 'committed', 'committed', 'repeated'],
    );
    assert.equal(await balance('held', order), 0n);
  });

  test('two units on one row: the first wins, the second meets the new version', async () => {
    const seller: Seller = { id: newId('sel'), version: 0, state: 'active', marketplace: mkt, note: '' };
    const created = event('seller.created', seller.id, { marketplace: mkt, country: 'CN' });
    await committer.commit(unit({ events: [created], writes: [insert(sellers, seller)] }));
    const row = (await loadRow(pool, sellers, seller.id)) as Seller;
    const change = (note: string) =>
      committer.commit(
        unit({
          events: [event('seller.bank_account_changed', row.id, { last4: '1', unblocked: true })],
          writes: [update(sellers, row, { note })],
        }),
      );
    const codes = (await Promise.all([change('a'), change('b'), change('c')])).map(({ code }) => code);
    assert.deepEqual(codes, ['committed', 'version_conflict', 'version_conflict']);
    assert.equal((await loadRow(pool, sellers, seller.id))?.note, 'a');
    assert.equal(
      (await committer.commit(unit({ events: [created], writes: [insert(sellers, seller)] }))).code,
      'version_conflict',
    );
  });

  test('a unit withdraws a job, even a leased one; a refused unit leaves it; whoever works on it has lost it', async () => {
    const [kept, taken, working] = [1, 2, 3].map(() => deadline('x', newId('ord'), clock.now()));
    const jobs = [kept, taken, working] as NewJob[];
    await committer.commit(unit({ ...key('jobs'), events: [captured(1n)], jobs }));
    const lease = uuidV7Hex();
    await pool.query('update jobs set lease = $1 where id = $2', [lease, working?.id]);
    const results = await Promise.all([
      committer.commit(unit({ ...key('jobs'), events: [captured(1n)], withdraws: [kept?.id as string] })),
      committer.commit(unit({ ...key('w1'), events: [captured(1n)], withdraws: [taken?.id, working?.id] as string[] })),
      committer.commit(unit({ ...key('w2'), events: [captured(1n)], withdraws: [uuidV7Hex()] })),
    ]);
    assert.deepEqual(
      results.map(({ code }) => code),
      ['repeated', 'committed', 'committed'],
    );
    const left = "select replace(id::text, '-', '') as id from jobs where id = any ($1)";
    assert.deepEqual((await pool.query(left, [jobs.map(({ id }) => id)])).rows, [{ id: kept?.id }]);
    const done = { job: working?.id as string, lease };
    assert.equal((await committer.commit(unit({ events: [captured(1n)], done }))).code, 'lease_lost');
  });

  test('withdrawing and finishing the same jobs at the same time never deadlocks', async () => {
    const jobs = Array.from({ length: 600 }, () => deadline('x', newId('ord'), clock.now()));
    await committer.commit(unit({ ...key('flood'), events: [captured(1n)], jobs }));
    const leased = await leaseJobs(pool, { now: clock.now(), limit: 600, leaseMs: 60_000 });
    const mixed = [...jobs].sort((a, b) => (a.id.slice(-6) < b.id.slice(-6) ? -1 : 1)).map(({ id }) => id);
    const rounds = Array.from({ length: 20 }, (_, n) => n);
    const part = <Item>(items: readonly Item[], n: number): readonly Item[] => items.slice(n * 30, n * 30 + 60);
    const results = await Promise.all([
      ...rounds.map((n) =>
        committer.commit(unit({ ...key(`flood ${n}`), events: [captured(1n)], withdraws: part(mixed, n) })),
      ),
      ...rounds.map((n) => finishJobs(pool, part(leased, 19 - n).toReversed())),
    ]);
    assert.ok(results.slice(0, 20).every((result) => result?.code === 'committed'));
    const ids = jobs.map(({ id }) => id);
    assert.deepEqual((await pool.query('select count(*)::int as n from jobs where id = any ($1)', [ids])).rows, [
      { n: 0 },
    ]);
  });

  test('many concurrent units keep seq gapless and every balance equal to its transfers', async () => {
    const results = await Promise.all(
      Array.from({ length: 400 }, (_, i) =>
        committer.commit(unit({ ...key(`m${i}`), events: [captured(BigInt(i + 1))] })),
      ),
    );
    assert.ok(results.every(({ code }) => code === 'committed'));
    const { rows } = await pool.query(
      'select count(*) as n, max(seq) as top, (select seq from journal_head) as head from journal_events',
    );
    assert.equal(rows[0].n, rows[0].top);
    assert.equal(rows[0].top, rows[0].head);
    const wrong = await pool.query(`select a.name from accounts a
      left join (select id, sum(d)::bigint d, sum(c)::bigint c from (select debit id, amount d, 0 c from transfers union all select credit, 0, amount from transfers) s group by id) t on t.id = a.id
      where (a.debits, a.credits) is distinct from (t.d, t.c)`);
    assert.deepEqual(wrong.rows, []);
  });

  test('a batch that fails for its own reason hurts only the unit that caused it', async () => {
    const bad: Seller = { id: newId('sel'), version: 0, state: 'no such state', marketplace: mkt, note: '' };
    const results = await Promise.allSettled([
      committer.commit(unit({ ...key('good1'), events: [captured(1n)] })),
      committer.commit(
        unit({
          events: [event('seller.created', bad.id, { marketplace: mkt, country: 'CN' })],
          writes: [insert(sellers, bad)],
        }),
      ),
      committer.commit(unit({ ...key('good2'), events: [captured(1n)] })),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
  });

  test('a connection cut in the middle: every unit is answered as it ended, none twice', async () => {
    const before = (await pool.query('select count(*)::int as n from journal_events')).rows[0].n;
    const owner = createPool({ url: database.owner, applicationName: 'test-killer' });
    const work = Array.from({ length: 300 }, (_, i) =>
      committer.commit(unit({ ...key(`cut${i}`), events: [captured(3n)] })),
    );
    for (let i = 0; i < 5; i += 1) {
      await owner.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'causeway-commit' and datname = current_database()",
      );
    }
    const results = await Promise.all(work);
    assert.ok(results.every(({ code }) => code === 'committed'));
    assert.equal((await pool.query('select count(*)::int as n from journal_events')).rows[0].n - before, 300);
    await owner.end();
  });

  test('the application role cannot change or remove what happened', async () => {
    for (const sql of [
      'update transfers set amount = 1',
      'delete from transfers',
      'update journal_events set type = type',
      'delete from journal_events',
      'delete from accounts',
      'truncate transfers',
    ]) {
      await assert.rejects(pool.query(sql), /permission denied/);
    }
  });

  test('run() decides again after a conflict and gives repeats the first answer', async () => {
    const journal = createJournal(pool, committer);
    const seller: Seller = { id: newId('sel'), version: 0, state: 'active', marketplace: mkt, note: '0' };
    await committer.commit(
      unit({
        events: [event('seller.created', seller.id, { marketplace: mkt, country: 'CN' })],
        writes: [insert(sellers, seller)],
      }),
    );
    const increment = () =>
      journal.run(undefined, async () => {
        const row = (await loadRow(pool, sellers, seller.id)) as Seller;
        const note = String(Number(row.note) + 1);
        return {
          ok: true,
          value: {
            value: note,
            unit: unit({
              events: [event('seller.bank_account_changed', row.id, { last4: note, unblocked: true })],
              writes: [update(sellers, row, { note })],
            }),
          },
        };
      });
    const results = await Promise.all([increment(), increment(), increment()]);
    assert.ok(results.every(({ ok }) => ok));
    assert.equal((await loadRow(pool, sellers, seller.id))?.note, '3');
    assert.ok(uuidOf(seller.id).length === 32 && instant(0) < clock.now());
  });
});
