import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runPlanted, TREES } from './plant.ts';

const ALL = process.env.PLANTS === 'all';

// Together: each waits mostly for its own world.
test('planted bugs are found, and nothing else', { concurrency: 2 }, async (t) => {
  await Promise.all(
    TREES.map((tree) =>
      t.test(tree.name, { skip: tree.atRest && !ALL && 'runs with PLANTS=all' }, async () => {
        const { exitCode, output } = await runPlanted(tree);
        assert.equal(exitCode, 1, output.slice(-3000));
        const last = JSON.parse(output.trim().split('\n').at(-1) as string) as {
          ok: boolean;
          sim: { findings: { law: string }[]; history: string };
        };
        assert.equal(last.ok, false);
        const found = last.sim.findings.map(({ law }) => law);
        for (const { name, laws } of tree.plants)
          assert.ok(
            found.some((law) => law.startsWith(laws[0])),
            `${name}: found ${JSON.stringify(last.sim.findings).slice(0, 2000)}`,
          );
        const expected = tree.plants.flatMap(({ laws }) => laws);
        const others = last.sim.findings.filter(({ law }) => !expected.some((each) => law.startsWith(each)));
        assert.deepEqual(others, []);
        assert.match(output, /LAW BROKEN \(seed 1\)/);
      }),
    ),
  );
});
