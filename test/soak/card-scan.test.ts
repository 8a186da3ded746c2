/** The soak `card-scan` at a twentieth. `npm run soak -- card-scan` is the whole of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardScan } from './card-scan.ts';

test('after paying through the vault no card number is in any answer, log, file or table', async (context) => {
  const { failures, counts } = await cardScan.run({
    seed: 1,
    count: cardScan.count / 20,
    verbose: false,
    say: (line) => context.diagnostic(line),
    onInterrupt: () => undefined,
    keep: async () => undefined,
  });
  context.diagnostic(JSON.stringify(counts));
  assert.deepEqual(failures, []);
  assert.equal(counts.found, 0);
});
