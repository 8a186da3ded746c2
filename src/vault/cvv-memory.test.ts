import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CVV_LIFETIME_MS, cvvMemory } from './cvv-memory.ts';

test('a value is given out once', () => {
  const memory = cvvMemory();
  memory.keep('a', '123');
  assert.equal(memory.take('a')?.cvv, '123');
  assert.equal(memory.take('a'), undefined);
  assert.equal(memory.size, 0);
});

test('a value that was put back lasts no longer than before, and never replaces a newer one', () => {
  let now = 0;
  const memory = cvvMemory(() => now);
  memory.keep('a', '123');
  now = CVV_LIFETIME_MS - 1;
  const held = memory.take('a');
  assert.ok(held);
  memory.putBack('a', held);
  now += 1;
  assert.equal(memory.take('a'), undefined);
  memory.keep('a', '456');
  memory.putBack('a', held);
  assert.equal(memory.take('a')?.cvv, '456');
});

test('a value is forgotten after its time, by asking and by sweeping', () => {
  let now = 0;
  const memory = cvvMemory(() => now);
  memory.keep('a', '123');
  memory.keep('b', '456');
  now = CVV_LIFETIME_MS - 1;
  memory.sweep();
  assert.equal(memory.size, 2);
  now = CVV_LIFETIME_MS;
  assert.equal(memory.take('a'), undefined);
  memory.sweep();
  assert.equal(memory.size, 0);
});

test('memory is bounded: the oldest makes room', () => {
  const memory = cvvMemory(() => 0, 2);
  for (const token of ['a', 'b', 'c']) memory.keep(token, token);
  assert.equal(memory.size, 2);
  assert.equal(memory.take('a'), undefined);
  assert.equal(memory.take('c')?.cvv, 'c');
});
