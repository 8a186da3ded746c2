/** The soak `card-lives` at a twentieth: five hundred card lives with faults and one kill. `npm run soak -- card-lives` is the whole of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardLives } from './card-lives.ts';

test('five hundred card lives: the acquirer’s books and ours agree to the cent', async (context) => {
  const { failures, counts } = await cardLives.run({
    seed: 1,
    count: cardLives.count / 20,
    verbose: false,
    say: () => undefined,
    onInterrupt: () => undefined,
    keep: async () => undefined,
  });
  context.diagnostic(JSON.stringify(counts));
  assert.deepEqual(failures, []);
  assert.equal(counts.lives, cardLives.count / 20);
});
