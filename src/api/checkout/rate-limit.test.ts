import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateLimit } from './rate-limit.ts';

test('a window takes so many, then says how long to wait; the next window begins anew; keys do not share', () => {
  let now = 1000;
  const limit = createRateLimit(2, 500, () => now);
  assert.deepEqual([limit.take('a'), limit.take('a'), limit.take('a')], [0, 0, 500]);
  now += 200;
  assert.deepEqual([limit.take('a'), limit.take('b')], [300, 0]);
  now += 300;
  assert.equal(limit.take('a'), 0);
});

test('memory is bounded: after very many other keys a key begins anew', () => {
  const limit = createRateLimit(1, 1_000_000, () => 0);
  limit.take('first');
  assert.notEqual(limit.take('first'), 0);
  for (let each = 0; each < 20_000; each += 1) limit.take(`key ${each}`);
  assert.equal(limit.take('first'), 0);
});
