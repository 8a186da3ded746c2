/** Every fault that can be ordered, on the acquirer: what it does to the answer, and whether the request acted. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DAYS, startAcquirer, type TestAcquirer } from './test-acquirer.ts';

let sandbox: TestAcquirer;
before(async () => {
  sandbox = await startAcquirer();
});
after(() => sandbox.close());

const order = (kind: string, operation = 'payments', changes: Record<string, unknown> = {}) =>
  sandbox.admin('POST', 'faults', { kind, operation, count: 1, ...changes });
const acted = async (reference: string) =>
  (await sandbox.client.send('GET', `/api/v2/payments?requestIdentifier=${reference}`, 'Q')).status === 200;
const heard = (reference: string) =>
  sandbox.told.filter(({ body }) => body.requestId === reference).map(({ body }) => body.notificationId);

test('requests: refused before they act, or acting with the answer lost or spoiled', async () => {
  const cases = [
    ['http_429', 429, false],
    ['http_500', 500, false],
    ['http_503', 503, false],
    ['drop_before', null, false],
    ['drop_after', null, true],
    ['malformed', null, true],
    ['unknown_code', 200, true],
    ['delay', 200, true],
  ] as const;
  for (const [kind, status, acts] of cases) {
    assert.equal((await order(kind, 'payments', { delayMs: 20 })).status, 201);
    const answer = await sandbox.client.pay(kind, 1_000).catch(() => null);
    assert.equal(answer?.status ?? null, status, kind);
    assert.equal(await acted(kind), acts, kind);
    if (kind === 'unknown_code') assert.equal(answer?.body.responseCode, 'SANDBOX_CODE_999');
    assert.equal((await sandbox.client.pay(kind, 1_000)).body.responseCode, 'APPROVED', 'only once');
  }
});

test('each operation has its own, the kinds of PATCH among them', async () => {
  const { body } = await sandbox.client.pay('OP', 10_000);
  const path = `/api/v2/payments/${String(body.transactionId)}`;
  const patches = [
    ['increment', { amount: 11_000 }],
    ['reverse', { amount: 10_500 }],
    ['capture_and_reverse', { captureMethod: 'NOW', amount: 1 }],
    ['reauthorize', { isReauthorization: true }],
    ['void', { isVoid: true }],
  ] as const;
  for (const [operation, change] of patches) {
    await order('http_503', operation);
    assert.equal((await sandbox.client.send('PATCH', path, operation, change)).status, 503, operation);
    if (operation === 'increment' || operation === 'reverse') {
      assert.equal((await sandbox.client.send('PATCH', path, operation, change)).body.responseStatus, 'SUCCESS');
    }
  }
  const posts = [
    ['captures', `${path}/captures`],
    ['refunds', '/api/v2/refunds'],
    ['verifications', '/api/v2/verifications'],
    ['authentications', '/api/v2/three-ds/authentications'],
    ['disputes', '/commerce/v1/disputes/1/accept'],
  ] as const;
  for (const [operation, target] of posts) {
    await order('http_503', operation);
    assert.equal((await sandbox.client.send('POST', target, operation, {})).status, 503, operation);
  }
});

test('what is ordered is listed and can be cleared; the hits stay', async () => {
  assert.equal((await order('nonsense')).status, 422);
  assert.equal((await order('drop_after', 'nothing')).status, 422);
  assert.equal((await order('late_settlement', 'payments')).status, 422, 'a file is no payment');
  await order('drop_after', 'refunds', { count: 3 });
  const before = (await sandbox.admin('GET', 'faults')).body as { ordered: unknown[]; kinds: Record<string, unknown> };
  assert.deepEqual(before.ordered, [{ kind: 'drop_after', operation: 'refunds', count: 3, delayMs: 0 }]);
  assert.equal((await sandbox.admin('DELETE', 'faults')).status, 204);
  const cleared = (await sandbox.admin('GET', 'faults')).body as typeof before;
  assert.deepEqual(cleared.ordered, []);
  assert.deepEqual(cleared.kinds.drop_after, { remaining: 0, hits: 1 });
});

test('notifications: lost, doubled, late, overtaken', async () => {
  await order('notify_drop');
  await sandbox.client.pay('N-DROP', 1_000);
  await order('notify_duplicate');
  await sandbox.client.pay('N-TWICE', 1_000);
  await order('notify_delay', 'payments', { delayMs: 3_600_000 });
  await sandbox.client.pay('N-LATE', 1_000);
  await order('notify_reorder');
  await sandbox.client.pay('N-FIRST', 1_000);
  await sandbox.advance(1_000);
  assert.deepEqual(heard('N-FIRST'), [], 'held for the next one');
  await sandbox.client.pay('N-SECOND', 1_000);
  await sandbox.advance(1_000);
  const order2 = sandbox.told.map(({ body }) => body.requestId).filter((id) => id === 'N-FIRST' || id === 'N-SECOND');
  assert.deepEqual(order2, ['N-SECOND', 'N-FIRST']);
  assert.deepEqual([heard('N-TWICE').length, new Set(heard('N-TWICE')).size], [2, 1]);
  assert.deepEqual(heard('N-LATE'), []);
  await order('notify_reorder');
  await sandbox.client.pay('N-ALONE', 1_000);
  await sandbox.advance(DAYS);
  assert.equal(heard('N-LATE').length, 1);
  assert.deepEqual(heard('N-DROP'), []);
  assert.equal(heard('N-ALONE').length, 1, 'with nobody to overtake it, it comes after a while');
});

test('a late settlement: the money comes in time, the files of the day a day after', async () => {
  const day = sandbox.today();
  assert.equal(await sandbox.report('settlement-details', day), 404, 'not closed');
  await order('late_settlement', 'reports');
  await sandbox.advance(DAYS);
  const kinds = ['settlement-details', 'fee-details', 'deposit-details', 'dispute-details'];
  for (const kind of kinds) assert.equal(await sandbox.report(kind, day), 404, kind);
  await sandbox.advance(DAYS);
  for (const kind of kinds) assert.equal(typeof (await sandbox.report(kind, day)), 'string', kind);
  await order('http_503', 'reports');
  assert.equal(await sandbox.report('fee-details', day), 503);
  assert.equal(await sandbox.report('tax-details', day), 404);
});
