import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, dayOf, instant, monotone, msOf, parseInstant } from './clock.ts';
import { idFromUuid, newId, parseId, uuidOf, uuidV7Hex } from './ids.ts';
import { seededRandom } from './random.ts';

test('ids are UUIDv7, ordered as made, and carry their kind', () => {
  const ids = Array.from({ length: 5000 }, uuidV7Hex);
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every((hex) => /^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/.test(hex)));
  const order = newId('ord');
  assert.equal(parseId('ord', order), order);
  assert.equal(parseId('pay', order), null);
  assert.equal(parseId('ord', `${order}0`), null);
  assert.equal(idFromUuid('ord', uuidOf(order)), order);
});

test('instants are UTC with milliseconds; what is not one is null', () => {
  assert.equal(parseInstant('2026-11-22T08:00:00Z'), '2026-11-22T08:00:00.000Z');
  for (const text of [
    '2026-02-30T00:00:00Z',
    '2026-11-22',
    '2026-11-22T08:00:00+01:00',
    '2026-11-22T25:00:00Z',
    5,
    null,
  ]) {
    assert.equal(parseInstant(text), null, String(text));
  }
  assert.equal(addDays(instant(0), 31), '1970-02-01T00:00:00.000Z');
  assert.equal(dayOf(instant(msOf(instant(0)) - 1)), '1969-12-31');
});

test('a clock never goes backwards, whatever its source does', () => {
  const readings = [10, 5, 20, 19];
  const clock = monotone(() => readings.shift() as number);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => msOf(clock.now())),
    [10, 10, 20, 20],
  );
});

test('a seed gives the same numbers again, and another seed gives others', () => {
  const draw = (seed: number) =>
    Array.from(
      { length: 20 },
      (
        (random) => () =>
          random.integer(1, 1000)
      )(seededRandom(seed)),
    );
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  assert.ok(draw(7).every((value) => value >= 1 && value <= 1000));
});
