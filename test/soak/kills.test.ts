/** The soak `kills` at a twentieth: one kill of each kind in a world of its own. `npm run soak -- kills` is the whole of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KILL_KINDS } from './kill-plan.ts';
import { kills } from './kills.ts';
import { CAN_LOOK_UP } from './processes.ts';

const skip = CAN_LOOK_UP ? false : 'needs /proc to find the processes of a world';

test('five kills, one of each kind: nothing acknowledged is lost, nothing is doubled', { skip }, async (context) => {
  const { failures, counts } = await kills.run({
    seed: 1,
    count: KILL_KINDS.length,
    verbose: false,
    say: (line) => context.diagnostic(line),
    onInterrupt: () => undefined,
    keep: async () => undefined,
  });
  context.diagnostic(JSON.stringify(counts));
  assert.deepEqual(failures, []);
  assert.equal(counts.kills, KILL_KINDS.length);
});
