/** First attempts to one client: so many at a time, and handed on in lots. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextTurn } from '../../base/clock.ts';
import { createFirstAttempts } from './first-attempts.ts';

/** An attempt that ends when it is told to. */
function attempt() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { make: () => promise, resolve, reject };
}

describe('first attempts', () => {
  test('no more than so many are under way', async () => {
    const first = createFirstAttempts(2);
    let [underWay, most] = [0, 0];
    const busy = async (): Promise<void> => {
      underWay += 1;
      most = Math.max(most, underWay);
      await nextTurn();
      underWay -= 1;
    };
    await Promise.all(Array.from({ length: 9 }, () => first(busy)));
    assert.equal(most, 2);
  });

  test('what has ended is handed on with what was under way beside it', async () => {
    const first = createFirstAttempts(8);
    const [one, two] = [attempt(), attempt()];
    const handedOn: string[] = [];
    const both = [one, two].map(({ make }) => first(make).then((outcome) => handedOn.push(outcome)));
    one.resolve('one');
    await nextTurn();
    assert.deepEqual(handedOn, []);
    two.resolve('two');
    await Promise.all(both);
    assert.deepEqual(handedOn, ['one', 'two']);
  });

  test('a lot is full at 64: it does not wait for the next one', async () => {
    const first = createFirstAttempts(200);
    const late = attempt();
    const full = Array.from({ length: 64 }, (_, index) => first(async () => index));
    const next = first(late.make);
    assert.equal((await Promise.all(full)).length, 64);
    late.resolve('late');
    assert.equal(await next, 'late');
  });

  test('who comes when a lot has begun to end is of the next one, so somebody who is always being told keeps nothing back', async () => {
    const first = createFirstAttempts(8);
    const [one, two, three] = [attempt(), attempt(), attempt()];
    const both = [one, two].map(({ make }) => first(make));
    one.resolve('one');
    await nextTurn();
    const later = first(three.make);
    two.resolve('two');
    assert.deepEqual(await Promise.all(both), ['one', 'two']);
    three.resolve('three');
    assert.equal(await later, 'three');
  });

  test('an attempt that throws holds up nobody', async () => {
    const first = createFirstAttempts(8);
    const [good, bad] = [attempt(), attempt()];
    const outcomes = Promise.allSettled([first(good.make), first(bad.make)]);
    good.resolve('told');
    bad.reject(new Error('a bug'));
    assert.deepEqual(
      (await outcomes).map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    assert.equal(await first(async () => 'again'), 'again');
  });
});
