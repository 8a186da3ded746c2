import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttemptStore, beginAttempt, endAttempt, isDefinite, openAttempt } from './attempt.ts';

function memoryStore(): AttemptStore {
  const rows = new Map<string, string>();
  return {
    getItem: (key) => rows.get(key) ?? null,
    setItem: (key, value) => void rows.set(key, value),
    removeItem: (key) => void rows.delete(key),
  };
}
function counter(): () => string {
  let n = 0;
  return () => `key-${++n}`;
}

test('an open attempt keeps its key and its body, whatever is asked next', () => {
  const store = memoryStore();
  const mint = counter();
  const first = beginAttempt(store, 'ord_1 refund', { amount: '10' }, mint);
  const again = beginAttempt(store, 'ord_1 refund', { amount: '20' }, mint);
  assert.deepEqual(again, first);
  assert.equal(again.body.amount, '10');
  assert.deepEqual(openAttempt(store, 'ord_1 refund'), first);
});

test('a definite answer rotates the key, and scopes do not share keys', () => {
  const store = memoryStore();
  const mint = counter();
  const first = beginAttempt(store, 'ord_1 pay', {}, mint);
  const other = beginAttempt(store, 'ord_2 pay', {}, mint);
  assert.notEqual(first.key, other.key);
  endAttempt(store, 'ord_1 pay');
  assert.equal(openAttempt(store, 'ord_1 pay'), null);
  assert.notEqual(beginAttempt(store, 'ord_1 pay', {}, mint).key, first.key);
});

test('a damaged record is no attempt', () => {
  const store = memoryStore();
  store.setItem('causeway.attempt.x', '{"key":5}');
  assert.equal(openAttempt(store, 'x'), null);
  store.setItem('causeway.attempt.x', 'not json');
  assert.equal(openAttempt(store, 'x'), null);
});

test('only a definite answer settles an attempt', () => {
  for (const status of [200, 201, 204, 400, 403, 404, 422]) assert.equal(isDefinite(status, false), true, `${status}`);
  for (const status of [202, 401, 408, 425, 429, 500, 502, 503])
    assert.equal(isDefinite(status, false), false, `${status}`);
  assert.equal(isDefinite(409, true), false);
  assert.equal(isDefinite(409, false), true);
});
