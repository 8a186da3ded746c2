import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merge, part } from './unit.ts';

test('parts are merged in their order, however large', () => {
  const many = Array.from({ length: 300_000 }, (_, index) => String(index));
  const { withdraws, events } = merge(part({ withdraws: ['a'] }), part({}), part({ withdraws: many }));
  assert.deepEqual([withdraws?.length, withdraws?.[0], withdraws?.at(-1), events], [300_001, 'a', '299999', []]);
});
