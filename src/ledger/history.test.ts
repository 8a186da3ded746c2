/** Balances and entries of the past against adding up everything, on random ledgers. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { addMs, type Instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { account, accountUuid } from './account.ts';
import { balanceAt, lastEntries } from './history.ts';
import { seqAt, seqBefore } from './seq-at.ts';
import type { Position } from './sums.ts';
import {
  ACCOUNTS,
  allEntries,
  createTestLedger,
  NETWORK,
  ORDERS,
  type PlainEntry,
  plainBalance,
  seeded,
  type TestLedger,
} from './test-ledger.ts';

const isBefore = (entry: Position, place: Position): boolean =>
  entry.seq < place.seq || (entry.seq === place.seq && entry.leg < place.leg);

describe('history', { skip: NO_DATABASE }, () => {
  const random = seeded(11);
  let ledger: TestLedger;
  let entries: readonly PlainEntry[];
  let events: readonly { readonly seq: bigint; readonly at: Instant }[];
  before(async () => {
    ledger = await createTestLedger();
    await ledger.grow(random, 3000);
    await ledger.addCheckpoints(random, 60);
    entries = await allEntries(ledger.db);
    events = (await ledger.db.query<{ seq: bigint; at: Instant }>('select seq, at from journal_events order by seq'))
      .rows;
  });
  after(() => ledger?.close());

  const lastWhere = (holds: (at: Instant) => boolean): bigint =>
    events.reduce((last, { seq, at }) => (holds(at) ? seq : last), 0n);

  test('an instant is one place in the journal: at it, just before it, before all, after all', async () => {
    const first = events[0] as { at: Instant };
    const shared = events.filter(({ at }, index) => events[index + 1]?.at === at);
    assert.ok(shared.length > 100, 'many events share their instant');
    const instants = [...Array.from({ length: 40 }, () => random.pick(shared).at), first.at];
    for (const at of [...instants, ...instants.map((each) => addMs(each, -1)), addMs(first.at, 10 ** 12)]) {
      assert.equal(
        await seqAt(ledger.db, at),
        lastWhere((each) => each <= at),
        at,
      );
      assert.equal(
        await seqBefore(ledger.db, at),
        lastWhere((each) => each < at),
        at,
      );
    }
  });

  test('the balance at any seq and instant is the sum of what came before', async () => {
    for (let n = 0; n < 60; n += 1) {
      const [ref, { seq, at }] = [random.pick(ACCOUNTS), random.pick(events)];
      const bySeq = await balanceAt(ledger.db, ref, 'USD', seq);
      assert.deepEqual([bySeq.seq, bySeq.balance.amount], [seq, plainBalance(entries, ref, (each) => each.seq <= seq)]);
      const byInstant = await balanceAt(ledger.db, ref, 'USD', at);
      assert.equal(
        byInstant.balance.amount,
        plainBalance(entries, ref, (each) => each.at <= at),
        `${ref.name} at ${at}`,
      );
    }
  });

  test('now, and what has not happened yet, is the balance of the account', async () => {
    const head = (events.at(-1) as { seq: bigint }).seq;
    for (const ref of ACCOUNTS)
      for (const when of [undefined, head, head + 1000n, addMs((events.at(-1) as { at: Instant }).at, 5000)]) {
        const { seq, balance } = await balanceAt(ledger.db, ref, 'USD', when);
        assert.deepEqual([seq, balance.amount], [head, plainBalance(entries, ref, () => true)]);
      }
  });

  test('an account that was never posted to: zero, no entries', async () => {
    const nobody = account('seller', newId('sel'));
    for (const when of [undefined, 100n, (events[500] as { at: Instant }).at])
      assert.equal((await balanceAt(ledger.db, nobody, 'USD', when)).balance.amount, 0n);
    assert.deepEqual(await lastEntries(ledger.db, nobody, 'USD', { limit: 50 }), { entries: [], next: null });
    const euros = await lastEntries(ledger.db, account('held', ORDERS[0]), 'EUR', { limit: 50 });
    assert.deepEqual(euros, { entries: [], next: null });
  });

  test('entries from the newest back: every one once, with the balance it left, page by page to the first', async () => {
    for (const ref of ACCOUNTS) {
      const id = accountUuid({ ...ref, currency: 'USD' });
      const own = entries.filter(({ debit, credit }) => debit === id || credit === id).reverse();
      let [place, seen]: [Position | undefined, number] = [undefined, 0];
      for (;;) {
        const { entries: page, next } = await lastEntries(ledger.db, ref, 'USD', {
          limit: random.integer(1, 700),
          before: place,
        });
        for (const entry of page) {
          const expected = own[seen] as PlainEntry;
          assert.deepEqual(
            [entry.seq, entry.leg, entry.side, entry.amount.amount, entry.at],
            [expected.seq, expected.leg, expected.debit === id ? 'debit' : 'credit', expected.amount, expected.at],
          );
          seen += 1;
        }
        const last = page.at(-1);
        if (last !== undefined)
          assert.equal(
            last.balance.amount,
            plainBalance(entries, ref, (each) => !isBefore(last, each)),
            ref.name,
          );
        if (next === null) break;
        place = next;
      }
      assert.equal(seen, own.length, ref.name);
    }
  });

  test('an entry says what it was and where the money went', async () => {
    const { entries: page } = await lastEntries(ledger.db, account('receivable', NETWORK), 'USD', { limit: 5 });
    for (const { event, subject, side, other } of page) {
      assert.deepEqual([event, side, other.name], ['payment.captured', 'debit', 'held']);
      assert.match(subject, /^pay_[0-9a-f]{32}$/);
      assert.ok((ORDERS as readonly string[]).includes(other.owner));
    }
  });

  test('while units commit, a page fits together', async () => {
    const writing = ledger.grow(random, 400);
    const ref = account('receivable', NETWORK);
    for (let n = 0; n < 40; n += 1) {
      const { entries: page } = await lastEntries(ledger.db, ref, 'USD', { limit: 20 });
      const [newest] = page;
      assert.ok(newest !== undefined);
      const { balance } = await balanceAt(ledger.db, ref, 'USD', newest.seq);
      assert.equal(balance.amount, newest.balance.amount);
    }
    await writing;
  });
});
