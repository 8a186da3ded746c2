/** Statements against adding up everything: any period, empty ones, and periods that are still going on. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { addMs, type Instant } from '../base/clock.ts';
import { type AccountRef, account, accountUuid } from './account.ts';
import type { Entry } from './entry.ts';
import { type AccountStatement, statement } from './statement.ts';
import {
  ACCOUNTS,
  allEntries,
  createTestLedger,
  NETWORK,
  type PlainEntry,
  plainBalance,
  seeded,
  type TestLedger,
} from './test-ledger.ts';

async function allOf({ pages }: AccountStatement): Promise<readonly Entry[]> {
  const all: Entry[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

describe('statement', { skip: NO_DATABASE }, () => {
  const random = seeded(23);
  let ledger: TestLedger;
  let entries: readonly PlainEntry[];
  let times: readonly Instant[];
  before(async () => {
    ledger = await createTestLedger();
    await ledger.grow(random, 3000);
    await ledger.addCheckpoints(random, 40);
    entries = await allEntries(ledger.db);
    times = entries.map(({ at }) => at);
  });
  after(() => ledger?.close());

  const check = async (ref: AccountRef, from: Instant, to: Instant): Promise<number> => {
    const id = accountUuid({ ...ref, currency: 'USD' });
    const read = await statement(ledger.db, ref, 'USD', { from, to });
    const all = await allOf(read);
    const own = entries.filter(({ debit, credit, at }) => (debit === id || credit === id) && at >= from && at < to);
    assert.deepEqual(
      all.map(({ seq, leg, amount }) => [seq, leg, amount.amount]),
      own.map(({ seq, leg, amount }) => [seq, leg, amount]),
    );
    let balance = plainBalance(entries, ref, ({ at }) => at < from);
    assert.equal(read.opening.amount, balance);
    for (const [index, entry] of all.entries()) {
      balance += plainBalance([own[index] as PlainEntry], ref, () => true);
      assert.equal(entry.balance.amount, balance);
    }
    assert.equal(read.closing.amount, balance);
    return all.length;
  };

  test('any period of any account: opening, every entry with its balance, closing', async () => {
    let most = 0;
    for (let n = 0; n < 30; n += 1) {
      const [one, two] = [random.pick(times), random.pick(times)].sort() as [Instant, Instant];
      most = Math.max(most, await check(random.pick(ACCOUNTS), one, two));
    }
    const [first, last] = [times[0] as Instant, times.at(-1) as Instant];
    most = Math.max(most, await check(account('receivable', NETWORK), first, addMs(last, 1)));
    assert.ok(most > 2000, `several pages were read at once, ${most} entries at most`);
  });

  test('an empty period opens and closes with the same balance', async () => {
    const [first, last] = [times[0] as Instant, times.at(-1) as Instant];
    for (const ref of ACCOUNTS) {
      assert.equal(await check(ref, addMs(first, -(10 ** 9)), first), 0);
      assert.equal(await check(ref, addMs(last, 1), addMs(last, 10 ** 9)), 0);
      assert.equal(await check(ref, first, first), 0);
    }
  });

  test('what commits while a statement is read is not in it', async () => {
    const to = addMs(times.at(-1) as Instant, 10 ** 9);
    const ref = account('receivable', NETWORK);
    const read = await statement(ledger.db, ref, 'USD', { from: times[0] as Instant, to });
    const writing = ledger.grow(random, 300);
    let [count, closing] = [0, 0n];
    for await (const page of read.pages) {
      count += page.length;
      closing = page.at(-1)?.balance.amount ?? 0n;
      await ledger.grow(random, 1);
    }
    await writing;
    assert.equal(
      count,
      entries.filter(({ seq, debit }) => seq <= read.seq && debit === accountUuid({ ...ref, currency: 'USD' })).length,
    );
    assert.equal(closing, read.closing.amount);
  });
});
