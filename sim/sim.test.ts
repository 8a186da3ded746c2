import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawPlan } from './plan.ts';
import { simulate } from './simulate.ts';

test('the same seed draws the same plan, another seed another', () => {
  assert.deepEqual(drawPlan(7, 5, true), drawPlan(7, 5, true));
  for (const lives of ['lives', 'walletLives'] as const)
    assert.notDeepEqual(drawPlan(7, 5, true)[lives], drawPlan(8, 5, true)[lives]);
});

test('wallets’ lives are of every kind, and each kind of fault is dealt, in a world of some weeks', () => {
  const { walletLives } = drawPlan(7, 20, true);
  const kinds = new Set(walletLives.map(({ where, way, ending }) => `${where} ${way} ${ending}`));
  assert.ok(kinds.size >= 19, [...kinds].join(', '));
  const faults = new Set(
    walletLives.flatMap(({ payFault, backFault, told }) => [
      payFault.request,
      backFault.request,
      `${told.network} ${told.fault.request ?? told.fault.notify}`,
    ]),
  );
  for (const request of ['drop_after', 'drop_before', 'http_500', 'http_503', 'malformed', 'unknown_code', 'delay'])
    assert.ok(faults.has(request), request);
  for (const told of ['wallets notifyPayment notify_drop', 'shops notifyPayment drop_after'])
    assert.ok(faults.has(told), told);
  assert.equal(walletLives.filter(({ kill }) => kill).length, 2);
  assert.ok(drawPlan(7, 20, false).walletLives.every(({ payFault, kill }) => payFault.request === null && !kill));
});

test('a short world with faults, a kill and cuts keeps every law', async () => {
  const said: string[] = [];
  const result = await simulate({ seed: 4, days: 4, faults: true, say: (line) => said.push(line) });
  assert.deepEqual(result.findings, [], said.join('\n'));
  assert.ok(result.orders >= 40 && result.audits >= 10 && result.requests >= 100);
  assert.ok((result.hits['killed between decide and settle'] ?? 0) > 0);
  assert.ok((result.happened['hub.paid'] ?? 0) > 0 && (result.happened['payment.captured_converted'] ?? 0) > 0);
  assert.ok((result.hits['database connections cut'] ?? 0) > 0);
});
