import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTestDatabase, NO_DATABASE, type TestDatabase } from '../../test/support/database.ts';
import { createPool, lookUp, type Pool, transaction } from './pool.ts';

const STATEMENT = { name: 'find a number', text: 'select $1::int as id, pg_backend_pid() as pid' };

describe('pool', { skip: NO_DATABASE }, () => {
  let database: TestDatabase;
  let pool: Pool;
  before(async () => {
    database = await createTestDatabase();
    pool = createPool({ url: database.app, applicationName: 'test', max: 4 });
  });
  after(async () => {
    await pool.end();
    await database.drop();
  });

  test('look-ups have connections of their own, with plans that are kept and do not depend on what tables hold', async () => {
    const { rows } = await lookUp<{ id: number }>(pool, { ...STATEMENT, values: [7] });
    assert.equal(rows[0]?.id, 7);
    const kept = "select name from pg_prepared_statements where name = 'find a number'";
    const settings = `select current_setting('enable_seqscan') as seqscan, exists (${kept}) as kept`;
    assert.deepEqual((await pool.query(settings)).rows, [{ seqscan: 'on', kept: false }]);
    const own = await lookUp(pool, { name: 'settings', text: settings, values: [] });
    assert.deepEqual(own.rows, [{ seqscan: 'off', kept: true }]);
  });

  test('in a transaction a look-up goes over its connection', async () => {
    await transaction(pool, async (db) => {
      const [own] = (await db.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
      const [asked] = (await lookUp<{ pid: number }>(db, { ...STATEMENT, values: [1] })).rows;
      assert.equal(asked?.pid, own?.pid);
    });
  });

  test('it has as many connections as it may have, in all; they close together', async () => {
    const small = createPool({ url: database.app, applicationName: 'test-small', max: 4 });
    const slow = 'select pg_sleep(0.05)';
    await Promise.all([
      ...Array.from({ length: 9 }, () => small.query(slow)),
      ...Array.from({ length: 9 }, () => lookUp(small, { name: 'slow', text: slow, values: [] })),
    ]);
    const count = "select count(*)::int as open from pg_stat_activity where application_name = 'test-small'";
    assert.deepEqual((await pool.query(count)).rows, [{ open: 4 }]);
    await small.end();
    for (let i = 0; i < 100 && (await pool.query<{ open: number }>(count)).rows[0]?.open !== 0; i += 1) {}
    assert.deepEqual((await pool.query(count)).rows, [{ open: 0 }]);
  });
});
