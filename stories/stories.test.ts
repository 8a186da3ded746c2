import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { STORIES } from './index.ts';

interface Ending {
  readonly story: string;
  readonly ok: boolean;
  readonly error?: string;
  readonly disagreements?: readonly string[];
}

/** Runs a story as `npm run story` does and returns every line it printed. */
async function tell(name: string, seed: number): Promise<{ code: number | null; lines: readonly string[] }> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'run-story.ts'), name, '--json', '--seed', String(seed)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, lines: output.trim().split('\n') };
}

/**
 * What they tell is in tests of card connector, payments, disputes and reconciliation too, and a world costs ten seconds of processor
 * time: they are told with STORIES=all.
 */
const ON_DEMAND: ReadonlySet<string> = new Set([
  'card-partial-capture',
  'card-multi-capture',
  'card-refund-partial-twice',
  'card-increment',
  'card-auth-expires',
  'card-declined-then-other-card',
  'card-timeout-acted',
  'card-timeout-not-acted',
  'lost-answer',
  'refund-before-release',
  'short-settlement',
  'gross-funded-account',
  'payout-returned',
  'chargeback-won',
]);
const ALL = process.env.STORIES === 'all';

// Each has a world of its own; a world waits for its own clock more than it works.
test('each story that is told on demand is one', () => {
  const names = new Set(STORIES.map(({ name }) => name));
  assert.deepEqual(
    [...ON_DEMAND].filter((name) => !names.has(name)),
    [],
  );
});

describe('stories', { concurrency: 2 }, () => {
  for (const [index, { name, title }] of STORIES.entries()) {
    const skip = !ALL && ON_DEMAND.has(name) ? 'told with STORIES=all' : false;
    test(`${name}: ${title}`, { skip }, async () => {
      const { code, lines } = await tell(name, 11 + index);
      const parsed = lines.map((line) => JSON.parse(line) as Ending);
      const ending = parsed.at(-1) as Ending;
      assert.deepEqual(
        { ...ending, error: ending.error, disagreements: ending.disagreements },
        { ...ending, story: name, ok: true, error: undefined, disagreements: undefined },
      );
      assert.equal(code, 0);
      assert.ok(lines.length > 2, 'every step is a line of its own');
    });
  }
});
