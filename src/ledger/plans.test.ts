/**
 * What reading history costs, as PostgreSQL counts it: on a ledger of many partitions every statement of a read is run
 * under EXPLAIN, and must look only where it has to. Blocks are counted, not time, so that the test does not depend on the
 * machine.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { type Instant, instant } from '../base/clock.ts';
import type { Queryable } from '../db/pool.ts';
import { account, accountUuid } from './account.ts';
import { balanceAt, lastEntries } from './history.ts';
import { seqAt } from './seq-at.ts';
import { statement } from './statement.ts';
import { createTestLedger, MARKETPLACE, NETWORK, SELLERS, type TestLedger } from './test-ledger.ts';
import { trace } from './trace.ts';

const PARTITIONS = 40;
const WIDTH = 2000;
const EVENTS = PARTITIONS * WIDTH - 1;
const START = Date.UTC(2026, 0, 1);
const [RECEIVABLE, FEES, SELLER, RARE] = [
  account('receivable', NETWORK),
  account('fee_income', MARKETPLACE),
  account('seller', SELLERS[0]),
  account('seller', SELLERS[1]),
] as const;
const idOf = (ref: typeof RECEIVABLE): string => `'${accountUuid({ ...ref, currency: 'USD' })}'::uuid`;

/** One transfer an event: two hot accounts, one with every tenth entry, one with an entry in a thousand, long ago. */
const BULK = `
  insert into journal_events (journal_id, seq, unit_id, type, prefix, subject, version, at, data)
    select 1, n, gen_random_uuid(), 'payment.captured', 'pay', lpad(to_hex(n), 32, '0')::uuid, 1,
           timestamptz '2026-01-01' + n * interval '1 second', '{}' from generate_series(1, ${EVENTS}) n;
  insert into transfers (journal_id, seq, leg, debit, credit, amount)
    select 1, n, 0, case when n % 2 = 0 then ${idOf(RECEIVABLE)} else ${idOf(FEES)} end,
           case when n < ${EVENTS / 4} and n % 1000 = 0 then ${idOf(RARE)} when n % 10 = 0 then ${idOf(SELLER)}
                when n % 2 = 0 then ${idOf(FEES)} else ${idOf(RECEIVABLE)} end, 5 from generate_series(1, ${EVENTS}) n;
  insert into accounts (journal_id, id, name, owner, currency, floored, debit_normal, debits, credits)
    select 1, id, name, owner, 'USD', false, name = 'receivable', debits, credits
      from (values ${[RECEIVABLE, FEES, SELLER, RARE].map((ref) => `(${idOf(ref)}, '${ref.name}', '${ref.owner}')`).join(', ')}) a(id, name, owner)
      join (select id, sum(debits) as debits, sum(credits) as credits from (
              select debit as id, amount as debits, 0 as credits from transfers
              union all select credit, 0, amount from transfers) s group by id) s using (id);
  insert into account_checkpoints (journal_id, account, seq, debits, credits)
    select 1, id, seq, debits, credits from (
      select id, seq, sum(debits) over w as debits, sum(credits) over w as credits, row_number() over w as n from (
        select debit as id, seq, amount as debits, 0 as credits from transfers
        union all select credit, seq, 0, amount from transfers) s
      window w as (partition by id order by seq)) c where n % 1024 = 0;
  update journal_head set seq = ${EVENTS}, at = (select max(at) from journal_events);`;

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Node[];
}

/** What the statements of one read came to. */
interface Cost {
  blocks: number;
  readonly partitions: Set<string>;
  /** Statements with the tables that they read from one end to the other. */
  readonly scanned: string[];
}

/** Runs each statement twice: under EXPLAIN, and for its answer. */
function explaining(db: Queryable, cost: Cost): Queryable {
  return {
    query: async <Row extends object>(text: string, values?: unknown[]) => {
      const { rows } = await db.query<{ 'QUERY PLAN': string }>(
        `explain (analyze, buffers, timing off, format json) ${text}`,
        values,
      );
      const [{ Plan: root }] = JSON.parse(rows[0]?.['QUERY PLAN'] ?? '') as [{ Plan: Node }];
      cost.blocks += root['Shared Hit Blocks'] + root['Shared Read Blocks'];
      const walk = (node: Node): void => {
        const table = node['Relation Name'] ?? '';
        if (node['Actual Loops'] > 0 && /^(transfers|journal_events)_/.test(table)) {
          cost.partitions.add(table);
          const rows = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
          if (node['Node Type'] === 'Seq Scan' && rows > 0) cost.scanned.push(`${table}: ${text}`);
        }
        node.Plans?.forEach(walk);
      };
      walk(root);
      return db.query<Row>(text, values);
    },
  };
}

describe('plans', { skip: NO_DATABASE }, () => {
  let ledger: TestLedger;
  before(async () => {
    ledger = await createTestLedger(Array.from({ length: PARTITIONS }, () => WIDTH));
    await ledger.asOwner(BULK);
    await ledger.asOwner('vacuum analyze');
  });
  after(() => ledger?.close());

  const costOf = async (work: (db: Queryable) => Promise<unknown>): Promise<Cost> => {
    const cost: Cost = { blocks: 0, partitions: new Set(), scanned: [] };
    await work(explaining(ledger.db, cost));
    return cost;
  };
  const at = (share: number): Instant => instant(START + Math.floor(EVENTS * share) * 1000);
  const few = (cost: Cost, limit: { blocks: number; partitions: number; scanned?: number }, what: string): void => {
    const { blocks, partitions, scanned } = cost;
    const seen = `${what}: ${blocks} blocks, ${partitions.size} partitions (${[...partitions].join(' ')})`;
    assert.ok(blocks <= limit.blocks && partitions.size <= limit.partitions, seen);
    assert.ok(scanned.length <= (limit.scanned ?? 0), `${what} scans ${scanned.join('\n')}`);
  };

  test('an instant: some twenty look-ups by key', async () => {
    const cost = await costOf((db) => seqAt(db, at(0.4)));
    few(cost, { blocks: 120, partitions: 20 }, 'seqAt');
  });

  test('a balance of the past: from the last checkpoint on', async () => {
    for (const ref of [RECEIVABLE, SELLER, RARE])
      for (const share of [0.01, 0.5, 0.99]) {
        const cost = await costOf((db) => balanceAt(db, ref, 'USD', BigInt(Math.floor(EVENTS * share))));
        // A thousand entries of the account with one in ten lie in ten thousand events; the rare one has no checkpoint.
        few(cost, { blocks: 400, partitions: ref === RARE ? PARTITIONS : 7 }, `${ref.name} at ${share}`);
      }
  });

  test('the last fifty entries: where they are, and their events', async () => {
    for (const ref of [RECEIVABLE, FEES]) {
      const cost = await costOf((db) => lastEntries(db, ref, 'USD', { limit: 50 }));
      few(cost, { blocks: 450, partitions: 4 }, ref.name);
    }
    const cost = await costOf((db) => lastEntries(db, RARE, 'USD', { limit: 50 }));
    // Nothing says where its entries are: every partition's index is asked once for each side.
    few(cost, { blocks: 700, partitions: 2 * PARTITIONS }, 'the rare one');
  });

  test('a statement of a short period, in the middle: its own partitions only', async () => {
    const cost = await costOf(async (db) => {
      const { pages } = await statement(db, SELLER, 'USD', { from: at(0.5), to: at(0.52) });
      for await (const page of pages) assert.ok(page.length > 100);
    });
    // Two instants are looked for, and two balances.
    few(cost, { blocks: 2500, partitions: 50 }, 'statement');
  });

  test('a trace through an account with ten thousands of entries', async () => {
    const middle = Math.floor(EVENTS / 2 / 1000) * 1000;
    const cost = await costOf((db) => trace(db, `pay_${(middle + 2).toString(16).padStart(32, '0')}`));
    // Where half of a partition's transfers are the account's, reading all of them is the cheapest.
    few(cost, { blocks: 1000, partitions: PARTITIONS + 4, scanned: 2 }, 'trace');
  });
});
