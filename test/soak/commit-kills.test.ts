/** The soaks `database-kill` and `node-kill`, briefly. `npm run soak -- database-kill` is the whole of it. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { databaseKill } from './database-kill.ts';
import { nodeKill } from './node-kill.ts';
import { CAN_LOOK_UP } from './processes.ts';
import type { Soak } from './soak.ts';

const skip = CAN_LOOK_UP ? false : 'needs /proc to find the processes of PostgreSQL';

test('PostgreSQL killed under load: nothing acknowledged is lost, every unit is whole and once', { skip }, (context) =>
  briefly(databaseKill, 3, context),
);

test('Node killed under load: what was in flight is resolved by its key, with one effect', (context) =>
  briefly(nodeKill, 2, context));

async function briefly(soak: Soak, count: number, context: TestContext): Promise<void> {
  const { failures, counts } = await soak.run({
    seed: 1,
    count,
    verbose: false,
    say: (line) => context.diagnostic(line),
    onInterrupt: () => undefined,
    keep: async () => undefined,
  });
  context.diagnostic(JSON.stringify(counts));
  assert.deepEqual(failures, []);
  assert.equal(counts.kills, count);
  assert.ok(Number(counts.resolvedByKey) > 0, 'no unit was in flight at a kill');
}
