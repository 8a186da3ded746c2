import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { createTestDatabase, NO_DATABASE, type TestDatabase } from '../../test/support/database.ts';
import { OPERATION_MOVES, PAYMENT_MOVES, REFUND_MOVES } from '../payments/index.ts';
import { PAYOUT_FILE_MOVES, PAYOUT_MOVES } from '../payouts/index.ts';
import { ORDER_MOVES } from '../protection/index.ts';
import { BANK_LINE_MOVES, BREAK_MOVES, SETTLEMENT_MOVES } from '../reconciliation/index.ts';
import { migrate } from './migrate.ts';

describe('migrations', { skip: NO_DATABASE }, () => {
  let database: TestDatabase;
  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database.drop());
  const query = async (url: string, sql: string): Promise<Record<string, string>[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  test('running them again changes nothing, even by several programs at once', async () => {
    const before = await query(database.owner, 'select * from schema_migrations order by name');
    const roles = await Promise.all([migrate(database.owner), migrate(database.owner), migrate(database.owner)]);
    assert.deepEqual(await query(database.owner, 'select * from schema_migrations order by name'), before);
    assert.equal(new Set(roles.map(({ app }) => app)).size, 1);
  });

  test('a migration that differs from the one that ran stops the program', async () => {
    await query(database.owner, "update schema_migrations set sha256 = 'other' where name like '0001%'");
    await assert.rejects(migrate(database.owner), /0001_create_journal.sql differs/);
  });

  test('the database repeats the states of every machine as a check', async () => {
    const machines = {
      orders: ORDER_MOVES,
      payments: PAYMENT_MOVES,
      operations: OPERATION_MOVES,
      refunds: REFUND_MOVES,
      payouts: PAYOUT_MOVES,
      payout_files: PAYOUT_FILE_MOVES,
      settlements: SETTLEMENT_MOVES,
      bank_lines: BANK_LINE_MOVES,
      breaks: BREAK_MOVES,
    };
    const checks = await query(
      database.owner,
      "select conrelid::regclass::text as name, pg_get_constraintdef(oid) as definition from pg_constraint where contype = 'c' and pg_get_constraintdef(oid) like '%state%'",
    );
    for (const [table, moves] of Object.entries(machines)) {
      const definition = checks.find(({ name }) => name === table)?.definition ?? '';
      const states = [...definition.matchAll(/'([a-z_]+)'/g)].map((match) => match[1]).sort();
      assert.deepEqual(states, Object.keys(moves).sort(), table);
    }
  });

  test('the vault sees its own schema and nothing of the platform; the platform nothing of the vault', async () => {
    await assert.rejects(query(database.vault, 'select * from public.orders'), /permission denied/);
    await assert.rejects(query(database.app, 'select * from vault.cards'), /permission denied/);
    assert.deepEqual(await query(database.vault, 'select count(*)::int as n from vault.cards'), [{ n: 0 }]);
  });
});
