import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLANTS, runPlanted } from './plant.ts';

// Together: each waits mostly for its own world.
test('planted bugs are found', { concurrency: 2 }, async (t) => {
  await Promise.all(
    PLANTS.map((plant) =>
      t.test(plant.name, async () => {
        const { exitCode, output } = await runPlanted(plant, ['--seed', '1', '--days', '4', '--json']);
        assert.equal(exitCode, 1, output.slice(-3000));
        const last = JSON.parse(output.trim().split('\n').at(-1) as string) as {
          ok: boolean;
          sim: { findings: { law: string }[]; history: string };
        };
        assert.equal(last.ok, false);
        assert.ok(
          last.sim.findings.some(({ law }) => law.startsWith(plant.law)),
          `expected "${plant.law}", found ${JSON.stringify(last.sim.findings).slice(0, 2000)}`,
        );
        assert.match(output, /LAW BROKEN \(seed 1\)/);
      }),
    ),
  );
});
