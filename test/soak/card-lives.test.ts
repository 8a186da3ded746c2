/** The soak `card-lives` in small: three hundred card lives with faults and one kill. `npm run soak -- card-lives` is the whole of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardLives } from './card-lives.ts';

const LIVES = 300;

test('three hundred card lives: the acquirer’s books and ours agree to the cent', async (context) => {
  const { failures, counts } = await cardLives.run({
    seed: 1,
    count: LIVES,
    verbose: false,
    say: () => undefined,
    onInterrupt: () => undefined,
    keep: async () => undefined,
  });
  context.diagnostic(JSON.stringify(counts));
  assert.deepEqual(failures, []);
  assert.equal(counts.lives, LIVES);
});
