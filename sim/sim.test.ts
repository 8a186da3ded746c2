import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawPlan } from './plan.ts';
import { simulate } from './simulate.ts';

test('the same seed draws the same plan, another seed another', () => {
  assert.deepEqual(drawPlan(7, 5, true), drawPlan(7, 5, true));
  assert.notDeepEqual(drawPlan(7, 5, true).lives, drawPlan(8, 5, true).lives);
});

test('a short world with faults, a kill and cuts keeps every law', async () => {
  const said: string[] = [];
  const result = await simulate({ seed: 16, days: 4, faults: true, say: (line) => said.push(line) });
  assert.deepEqual(result.findings, [], said.join('\n'));
  assert.ok(result.orders >= 20 && result.audits >= 10 && result.requests >= 100);
  assert.ok((result.hits['killed between decide and settle'] ?? 0) > 0);
  assert.ok((result.hits['database connections cut'] ?? 0) > 0);
});
