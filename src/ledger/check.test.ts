/** Every law of the journal finds what breaks it, and nothing else does. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { checkLedger } from './check.ts';
import { createTestLedger, seeded, type TestLedger } from './test-ledger.ts';

/** One change by the owner of the database, who alone can, and the laws that must see it. */
const DAMAGES: readonly { readonly damage: string; readonly sql: string; readonly broken: readonly RegExp[] }[] = [
  {
    damage: 'an event is gone',
    sql: "delete from journal_events where seq = (select max(seq) from journal_events where type = 'payment.captured')",
    broken: [/^journal: seq has no gap/, /^transfers: every one belongs/],
  },
  {
    damage: 'the head is ahead',
    sql: 'update journal_head set seq = seq + 1',
    broken: [/^journal: seq has no gap/],
  },
  {
    damage: 'an event is older than the one before it',
    sql: "update journal_events set at = at - interval '1 day' where seq = 500",
    broken: [/^journal: business time/],
  },
  {
    damage: 'a version is left out',
    sql: "update journal_events set version = 2 where seq = (select min(seq) from journal_events where type = 'seller.created')",
    broken: [/^journal: the events of every subject/],
  },
  {
    damage: 'an amount is changed',
    sql: "update transfers set amount = amount + 1 where seq = (select max(seq) from journal_events where type = 'payment.captured')",
    broken: [/^balances:/, /^checkpoints:/],
  },
  {
    damage: 'a checkpoint is wrong',
    sql: 'update account_checkpoints set debits = debits + 1 where (account, seq) in (select account, seq from account_checkpoints limit 1)',
    broken: [/^checkpoints:/],
  },
  {
    damage: 'two currencies meet',
    sql: "update accounts set currency = 'EUR' where name = 'fee_income'",
    broken: [/^legs balance/],
  },
];

describe('check', { skip: NO_DATABASE }, () => {
  let ledger: TestLedger;
  before(async () => {
    const random = seeded(5);
    ledger = await createTestLedger();
    await ledger.grow(random, 500);
    await ledger.addCheckpoints(random, 30);
  });
  after(() => ledger?.close());

  const broken = async (): Promise<readonly string[]> =>
    (await checkLedger(ledger.db)).laws.filter(({ ok, alarm }) => !ok && !alarm).map(({ law }) => law);

  test('a ledger as the product writes it breaks no law', async () => {
    assert.deepEqual(await broken(), []);
    const { rows } = await ledger.db.query('select 1 from account_checkpoints');
    assert.ok(rows.length >= 25, 'there are checkpoints to verify');
  });

  for (const { damage, sql, broken: expected } of DAMAGES)
    test(`${damage}: found`, async () => {
      // The table as it was is kept aside and put back.
      const table = /^(?:delete from|update) (\w+)/.exec(sql)?.[1] as string;
      await ledger.asOwner(`create table kept as table ${table}`);
      try {
        await ledger.asOwner(sql);
        const laws = await broken();
        assert.equal(laws.length, expected.length, laws.join('; '));
        for (const law of expected)
          assert.ok(
            laws.some((each) => law.test(each)),
            `${law} among ${laws.join('; ')}`,
          );
      } finally {
        await ledger.asOwner(`delete from ${table}`);
        await ledger.asOwner(`insert into ${table} table kept`);
        await ledger.asOwner('drop table kept');
      }
      assert.deepEqual(await broken(), []);
    });
});
