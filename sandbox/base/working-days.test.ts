/** Cut-offs at their edges and over a weekend. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Day, instant } from '../../src/base/clock.ts';
import { addWorkingDays, nextDaily, nextWorking, startOf, timeOfDay } from './working-days.ts';

const at = (text: string): number => Date.parse(text);

test('the next daily cut-off is strictly later', () => {
  const cutOff = timeOfDay(22);
  assert.equal(instant(nextDaily(at('2026-01-05T21:59:59.999Z'), cutOff)), '2026-01-05T22:00:00.000Z');
  assert.equal(instant(nextDaily(at('2026-01-05T22:00:00.000Z'), cutOff)), '2026-01-06T22:00:00.000Z');
});

test('working days are Monday to Friday', () => {
  const noon = timeOfDay(14);
  // 2026-01-09 is a Friday.
  assert.equal(instant(nextWorking(at('2026-01-09T22:00:00.000Z'), noon)), '2026-01-12T14:00:00.000Z');
  assert.equal(instant(nextWorking(at('2026-01-09T13:00:00.000Z'), noon)), '2026-01-09T14:00:00.000Z');
  assert.equal(instant(addWorkingDays(at('2026-01-09T14:00:00.000Z'), 2, noon)), '2026-01-13T14:00:00.000Z');
  assert.equal(instant(startOf('2026-01-09' as Day)), '2026-01-09T00:00:00.000Z');
});
