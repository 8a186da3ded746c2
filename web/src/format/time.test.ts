import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayBounds, instantText, isDay, utcText } from './time.ts';

test('an instant is shown in its zone, named when asked', () => {
  assert.equal(instantText('2026-03-12T13:05:00.000Z', { zone: 'Europe/Berlin' }), '12 Mar 2026, 14:05');
  assert.match(instantText('2026-03-12T13:05:00.000Z', { zone: 'Asia/Shanghai', named: true }), /21:05 GMT\+8$/);
  assert.equal(utcText('2026-03-12T13:05:00.123Z'), '2026-03-12 13:05:00 UTC');
});

test('filter days are whole UTC days; what is not a day is left out', () => {
  assert.deepEqual(dayBounds('2026-02-01', '2026-02-28'), {
    from: '2026-02-01T00:00:00.000Z',
    to: '2026-02-28T23:59:59.999Z',
  });
  assert.deepEqual(dayBounds('2026-02-30', undefined), {});
  assert.equal(isDay('2028-02-29'), true);
  assert.equal(isDay('2026-02-29'), false);
  assert.equal(isDay('yesterday'), false);
});
