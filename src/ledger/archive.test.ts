/** Archiving on a ledger of narrow partitions: what stays is exact and lawful, what is gone says so. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { addMs, type Instant } from '../base/clock.ts';
import { accountUuid } from './account.ts';
import { checkLedger } from './check.ts';
import { balanceAt, lastEntries } from './history.ts';
import { seqAt, seqBefore } from './seq-at.ts';
import { statement } from './statement.ts';
import type { Position } from './sums.ts';
import {
  ACCOUNTS,
  allEntries,
  createTestLedger,
  type PlainEntry,
  plainBalance,
  seeded,
  type TestLedger,
} from './test-ledger.ts';
import { trace } from './trace.ts';

const ARCHIVED = { name: 'Fault', code: 'archived' };
/** Seqs of a partition. */
const WIDTH = 500;
/** The first partition has seqs 0 to 499, so its last one is 499. */
const END = 499n;
const FAR = '2100-01-01T00:00:00Z';

describe('archive', { skip: NO_DATABASE }, () => {
  const random = seeded(31);
  let ledger: TestLedger;
  let entries: readonly PlainEntry[];
  let events: readonly {
    readonly seq: bigint;
    readonly at: Instant;
    readonly subject: string;
    readonly prefix: string;
  }[];
  const archive = (number: number, before: string | null = FAR): Promise<unknown[]> =>
    ledger.asOwner('select * from archive_partition($1, $2)', [number, before]);
  before(async () => {
    ledger = await createTestLedger([WIDTH, WIDTH, WIDTH]);
    await ledger.grow(random, 600);
    await ledger.addCheckpoints(random, 40);
    entries = await allEntries(ledger.db);
    ({ rows: events } = await ledger.db.query('select seq, at, subject, prefix from journal_events order by seq'));
    assert.ok(events.length > 3.2 * WIDTH && events.length < 4 * WIDTH, `${events.length} events`);
  });
  after(() => ledger?.close());

  const laws = async (): Promise<readonly string[]> =>
    (await checkLedger(ledger.db)).laws.flatMap(({ law, ok, findings }) => (ok ? [] : [`${law}: ${findings[0]}`]));

  test('refused: a partition that does not exist, is not the oldest, is too young, or is still needed', async () => {
    await assert.rejects(archive(99), /no partition 99/);
    await assert.rejects(archive(2), /does not begin at seq 1: archive the oldest one first/);
    await assert.rejects(archive(1, (events[10] as { at: Instant }).at), /goes on until/);
    await assert.rejects(archive(1, null), /goes on until/);
    const { rows } = await ledger.db.query('select 1 from archived_partitions');
    assert.equal(rows.length, 0);
  });

  test('the application cannot archive', async () => {
    await assert.rejects(ledger.db.query("select archive_partition(1, '2100-01-01')"), /permission denied/);
    await assert.rejects(ledger.db.query('delete from archived_totals'), /permission denied/);
  });

  test('one partition leaves as two tables while units commit, and its sums stay', async () => {
    assert.deepEqual(await laws(), []);
    const moved = entries.filter(({ seq }) => seq <= END);
    const [archived] = await Promise.all([archive(1), ledger.grow(random, 60)]);
    entries = [...moved, ...(await allEntries(ledger.db))];
    const [row] = archived as { first_seq: string; last_seq: string; transfers: string }[];
    assert.deepEqual([row?.first_seq, row?.last_seq, row?.transfers], ['1', String(END), String(moved.length)]);
    const [left] = (await ledger.asOwner(
      `select (select count(*)::int from transfers_1) as transfers, (select count(*)::int from journal_events_1) as events,
              (select min(seq)::int from journal_events) as first`,
    )) as { transfers: number; events: number; first: number }[];
    assert.deepEqual(left, { transfers: moved.length, events: Number(END), first: Number(END) + 1 });
    assert.deepEqual(await laws(), []);
  });

  test('balances at and after the archive’s end are what they were', async () => {
    for (const ref of ACCOUNTS)
      for (const seq of [
        END,
        END + 1n,
        ...Array.from({ length: 10 }, () => BigInt(random.integer(500, events.length))),
      ]) {
        const { balance } = await balanceAt(ledger.db, ref, 'USD', seq);
        assert.equal(
          balance.amount,
          plainBalance(entries, ref, (each) => each.seq <= seq),
          `${ref.name} at ${seq}`,
        );
      }
    const at = (events[Number(END) - 1] as { at: Instant }).at;
    assert.ok((await seqAt(ledger.db, at)) >= END, 'the instant of the archive’s end can be asked for');
    assert.ok((await seqBefore(ledger.db, addMs(at, 1))) >= END);
  });

  test('what is before the archive’s end is refused as archived', async () => {
    const [ref] = ACCOUNTS as [(typeof ACCOUNTS)[number]];
    const early = (events[100] as { at: Instant }).at;
    await assert.rejects(balanceAt(ledger.db, ref, 'USD', END - 1n), ARCHIVED);
    await assert.rejects(balanceAt(ledger.db, ref, 'USD', early), ARCHIVED);
    await assert.rejects(seqAt(ledger.db, early), ARCHIVED);
    await assert.rejects(statement(ledger.db, ref, 'USD', { from: early, to: FAR as Instant }), ARCHIVED);
  });

  test('entries are read back to the archive, and not over it', async () => {
    for (const ref of ACCOUNTS) {
      const id = accountUuid({ ...ref, currency: 'USD' });
      const kept = entries.filter(({ seq, debit, credit }) => seq > END && (debit === id || credit === id)).length;
      let [seen, place]: [number, Position | undefined] = [0, undefined];
      while (seen < kept) {
        const { entries: page, next } = await lastEntries(ledger.db, ref, 'USD', { limit: 100, before: place });
        seen += page.length;
        assert.ok(next !== null, 'there is more, in the archive');
        place = next;
      }
      assert.equal(seen, kept);
      await assert.rejects(lastEntries(ledger.db, ref, 'USD', { limit: 100, before: place }), ARCHIVED);
    }
  });

  test('a statement that is being read while its entries are archived fails, it does not end early', async () => {
    const from = (events[Number(END) + 5] as { at: Instant }).at;
    const [receivable] = ACCOUNTS as [(typeof ACCOUNTS)[number]];
    const { pages } = await statement(ledger.db, receivable, 'USD', { from, to: FAR as Instant });
    await archive(2);
    await assert.rejects(async () => {
      for await (const page of pages) assert.ok(page.length > 0);
    }, ARCHIVED);
    assert.deepEqual(await laws(), []);
  });

  test('the partition that is written and the one before it stay', async () => {
    await assert.rejects(archive(3), /too new/);
    await assert.rejects(archive(4), /does not begin/);
  });

  test('a trace that leads into the archive says so', async () => {
    const shown = ({ prefix, subject }: { prefix: string; subject: string }) =>
      `${prefix}_${subject.replaceAll('-', '')}`;
    const captured = events.filter(({ prefix }) => prefix === 'pay');
    await assert.rejects(trace(ledger.db, shown(captured[0] as (typeof captured)[number])), ARCHIVED);
    // What the first orders released since then was paid in before.
    const kept = events.find(({ prefix, seq }) => prefix === 'req' && seq > 2n * END + 2n);
    await assert.rejects(trace(ledger.db, shown(kept as (typeof events)[number])), ARCHIVED);
    const last = captured.at(-1) as (typeof captured)[number];
    assert.ok((await trace(ledger.db, shown(last))).length > 0, 'what is recent can be traced');
  });

  test('commits go on, and the laws hold', async () => {
    await ledger.grow(random, 50);
    assert.deepEqual(await laws(), []);
    // A law that an archive could hide behind: sums that are not those of the archive.
    await ledger.asOwner('update archived_totals set debits = debits + 1 where debits > 0 and account = $1', [
      accountUuid({ ...(ACCOUNTS[0] as (typeof ACCOUNTS)[number]), currency: 'USD' }),
    ]);
    assert.ok((await laws()).some((law) => law.startsWith('balances:')));
  });
});
