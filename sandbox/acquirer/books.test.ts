/** The whole book in pages: every row once, in the order of writing, however many there are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startAcquirer } from './test-acquirer.ts';

/** One sale as often as it takes to fill more than two pages. */
const COPIES = `
  with recursive n (i) as (select 1 union all select i + 1 from n where i < 2200)
  insert into operation (id, kind, payment_id, request_id, currency, amount, status, response_code, response_message,
    order_number, interchange, assessment, processing, created_ms)
  select id || i, kind, payment_id, request_id || '-' || i, currency, i, status, response_code, response_message,
    order_number, 0, 0, 0, created_ms from operation, n`;

test('the book is read to its end in pages', async () => {
  const sandbox = await startAcquirer();
  try {
    await sandbox.client.pay('R1', 5_000, { captureMethod: 'NOW' });
    sandbox.acquirer.store.run(COPIES);
    const seen: unknown[] = [];
    let pages = 0;
    for (let after: unknown = 0; after !== null; pages += 1) {
      const { body } = await sandbox.admin('GET', `transactions?after=${after}`);
      seen.push(...(body.transactions as { id: unknown; kind: string }[]).map(({ kind, id }) => `${kind} ${id}`));
      after = body.next;
    }
    assert.deepEqual([pages, seen.length, new Set(seen).size], [3, 2_202, 2_202]);
    const { body } = await sandbox.admin('GET', 'disputes?after=0');
    assert.deepEqual(body, { disputes: [], next: null });
    assert.equal((await sandbox.admin('GET', 'transactions?after=x')).status, 422);
    const latest = await sandbox.admin('GET', 'transactions');
    assert.deepEqual([(latest.body.transactions as unknown[]).length, latest.body.next], [1_001, undefined]);
  } finally {
    await sandbox.close();
  }
});
