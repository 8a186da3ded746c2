/** Reads one statement in a process of its own, which has nothing else in memory, and tells what it took. */
import { type Instant, monotonicMs } from '../../src/base/clock.ts';
import { createPool } from '../../src/db/pool.ts';
import type { Account } from '../../src/ledger/account.ts';
import { statement } from '../../src/ledger/index.ts';

export interface StatementOrder {
  readonly url: string;
  readonly account: Account;
  readonly from: Instant;
  readonly to: Instant;
}

export interface StatementReport {
  readonly entries: number;
  readonly firstPageMs: number;
  readonly seconds: number;
  /** Of the whole process, Node included. */
  readonly peakMiB: number;
  /** Of the process before it began. */
  readonly idleMiB: number;
}

const MIB = 2 ** 20;

process.once('message', (order: StatementOrder) => {
  void run(order).then((report) => {
    process.send?.(report);
    process.disconnect();
  });
});

async function run({ url, account, from, to }: StatementOrder): Promise<StatementReport> {
  const db = createPool({ url, applicationName: 'bench', max: 1 });
  await db.query('select 1');
  const idleMiB = process.memoryUsage().rss / MIB;
  const began = monotonicMs();
  const { pages } = await statement(db, account, account.currency, { from, to });
  let [entries, firstPageMs] = [0, 0];
  for await (const page of pages) {
    entries += page.length;
    if (firstPageMs === 0) firstPageMs = monotonicMs() - began;
  }
  const seconds = (monotonicMs() - began) / 1000;
  await db.end();
  return { entries, firstPageMs, seconds, peakMiB: process.resourceUsage().maxRSS / 1024, idleMiB };
}
