import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextTurn } from './clock.ts';
import { gather } from './gather.ts';

/** Work that is done lot by lot when the test says so: doubles what it is asked. */
function scene(settings = { atOnce: 2, most: 3 }) {
  const lots: { asks: readonly number[]; finish(): void; fail(): void }[] = [];
  const ask = gather<number, number>(
    settings,
    (asks) =>
      new Promise((resolve, reject) => {
        const finish = (): void => resolve(asks.map((each) => each * 2));
        lots.push({ asks, finish, fail: () => reject(new Error('gone')) });
      }),
  );
  return { lots, ask, seen: () => lots.map(({ asks }) => asks) };
}

test('what is asked in one turn is one lot, and each gets its own answer', async () => {
  const { lots, ask, seen } = scene();
  const answers = Promise.all([1, 2, 3].map(ask));
  assert.deepEqual(seen(), [], 'nothing before the turn is over');
  await nextTurn();
  assert.deepEqual(seen(), [[1, 2, 3]]);
  lots[0]?.finish();
  assert.deepEqual(await answers, [2, 4, 6]);
});

test('a lot is bounded, and beyond the lots under way what comes is gathered', async () => {
  const { lots, ask, seen } = scene();
  const answers = [1, 2, 3, 4].map(ask);
  await nextTurn();
  for (const later of [5, 6]) {
    answers.push(ask(later));
    await nextTurn();
  }
  assert.deepEqual(seen(), [[1, 2, 3], [4]]);
  lots[0]?.finish();
  while (lots.length < 3) await nextTurn();
  assert.deepEqual(lots[2]?.asks, [5, 6]);
  for (const lot of lots) lot.finish();
  assert.deepEqual(await Promise.all(answers), [2, 4, 6, 8, 10, 12]);
});

test('a lot that fails fails those who asked, and the next one is done', async () => {
  const { lots, ask } = scene();
  const lost = [ask(1), ask(2)];
  await nextTurn();
  lots[0]?.fail();
  for (const each of lost) await assert.rejects(each, /gone/);
  const next = ask(3);
  while (lots.length < 2) await nextTurn();
  lots[1]?.finish();
  assert.equal(await next, 6);
});

test('work that loses an answer is a bug, and nobody waits for ever', async () => {
  const ask = gather<number, number>({ atOnce: 1, most: 10 }, async () => [1]);
  const lost = [ask(1), ask(2)];
  for (const each of lost) await assert.rejects(each, /one answer for each/);
});
