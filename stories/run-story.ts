/** `npm run story -- NAME [--json] [--seed N]`: one story in a temporary world of its own. The last line carries the three sides. */
import { parseArgs } from 'node:util';
import { seededRandom } from '../src/base/random.ts';
import { STORIES } from './index.ts';
import type { Story } from './story.ts';
import { jsonTeller, textTeller } from './tellers.ts';
import { readThreeSides } from './three-sides.ts';
import { startWorld } from './world.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
  },
});

if (values.list) {
  for (const { name, title } of STORIES) console.log(`${name.padEnd(24)} ${title}`);
} else {
  const story = STORIES.find(({ name }) => name === positionals[0]);
  if (story === undefined || !/^\d{1,9}$/.test(values.seed)) {
    console.error(
      `usage: npm run story -- NAME [--json] [--seed N]; stories: ${STORIES.map(({ name }) => name).join(', ')}`,
    );
    process.exit(2);
  }
  process.exitCode = await tell(story, Number(values.seed), values.json);
}

async function tell(story: Story, seed: number, json: boolean): Promise<number> {
  const teller = json ? jsonTeller() : textTeller();
  const world = await startWorld({ env: story.env ?? {} });
  const stop = (): void => void world.end().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    teller.chapter(story.title);
    const { expectedBreaks } = await story.run({ world, random: seededRandom(seed), tell: teller });
    const sides = await readThreeSides(world, expectedBreaks);
    for (const line of sides.disagreements) teller.text(`! ${line}`);
    const { ledger, acquirer, bank, hub, disagreements } = sides;
    const isHubs = Object.keys({ ...hub.wallets, ...hub.shops }).length > 0;
    console.log(
      JSON.stringify({
        story: story.name,
        ok: sides.ok,
        seed,
        ledger,
        acquirer,
        bank,
        ...(isHubs ? hub : {}),
        ...(sides.ok ? {} : { disagreements }),
      }),
    );
    return sides.ok ? 0 : 1;
  } catch (error) {
    console.log(JSON.stringify({ story: story.name, ok: false, seed, error: (error as Error).message }));
    return 1;
  } finally {
    await world.end();
  }
}
