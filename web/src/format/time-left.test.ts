import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSoon, timeLeft } from './time-left.ts';

const NOW = '2026-11-30T12:00:00Z';

test('time left in whole units, never more than there is, and null when it is over', () => {
  assert.equal(timeLeft(NOW, '2026-12-30T11:59:59Z'), '29 d 23 h');
  assert.equal(timeLeft(NOW, '2026-11-30T16:12:59Z'), '4 h 12 min');
  assert.equal(timeLeft(NOW, '2026-11-30T12:00:30Z'), '0 min');
  assert.equal(timeLeft(NOW, '2026-11-30T11:59:59Z'), null);
});

test('less than three days is soon', () => {
  assert.equal(isSoon(NOW, '2026-12-03T11:59:59Z'), true);
  assert.equal(isSoon(NOW, '2026-12-03T12:00:00Z'), false);
});
