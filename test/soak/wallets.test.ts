/** The soak `wallets` at a twentieth: two hundred lives on three days, faults on both sides and one kill. `npm run soak -- wallets` is the whole of it.
 * Too long for every run: with SOAK=wallets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wallets } from './wallets.ts';

test('two hundred wallet lives: every participant’s files are its own books', {
  skip: process.env.SOAK === 'wallets' ? false : 'runs with SOAK=wallets',
}, async (context) => {
  const { failures, counts } = await wallets.run({
    seed: 1,
    count: wallets.count / 20,
    verbose: false,
    say: () => undefined,
    onInterrupt: () => undefined,
    keep: async () => undefined,
  });
  context.diagnostic(JSON.stringify(counts));
  assert.deepEqual(failures, []);
  assert.equal(counts.lives, wallets.count / 20);
});
