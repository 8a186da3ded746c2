/** `npm run soak -- NAME [--count N] [--seed N] [--json]`: one long proof in a world of its own; `--list` names them. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cardLives } from './card-lives.ts';
import { cardScan } from './card-scan.ts';
import { databaseKill } from './database-kill.ts';
import { kills } from './kills.ts';
import { nodeKill } from './node-kill.ts';
import type { Soak } from './soak.ts';
import { wallets } from './wallets.ts';

const SOAKS: readonly Soak[] = [kills, databaseKill, nodeKill, cardLives, cardScan, wallets];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    logs: { type: 'string' },
  },
});
const WHOLE = /^[1-9]\d{0,5}$/;

if (values.list) {
  for (const { name, title, count } of SOAKS) console.log(`${name.padEnd(14)} ${title} (${count} by default)`);
} else {
  const soak = SOAKS.find(({ name }) => name === positionals[0]);
  if (soak === undefined || !WHOLE.test(values.seed) || (values.count !== undefined && !WHOLE.test(values.count))) {
    console.error('usage: npm run soak -- NAME [--count N] [--seed N] [--json] [--logs FOLDER]');
    console.error(`soaks: ${SOAKS.map(({ name }) => name).join(', ')}`);
    process.exit(2);
  }
  // Clients that still wait for an answer must not keep a failed run alive.
  process.exit(await prove(soak));
}

/** Text: progress, the counts, the failures. JSON: one object on the last line. */
async function prove(soak: Soak): Promise<number> {
  const seed = Number(values.seed);
  const count = values.count === undefined ? soak.count : Number(values.count);
  const say = (line: string): void => {
    if (!values.json) console.log(line);
  };
  say(`${soak.title}\nseed ${seed}, ${count} times`);
  const { failures, counts } = await soak
    .run({
      seed,
      count,
      say,
      verbose: values.logs !== undefined,
      onInterrupt,
      keep: async ({ dataDir }) => keepLogs(dataDir),
    })
    .catch((error: unknown) => ({ failures: [(error as Error).stack ?? String(error)], counts: {} }));
  const ok = failures.length === 0;
  if (values.json) console.log(JSON.stringify({ soak: soak.name, ok, seed, count, counts, failures }));
  else {
    for (const [name, value] of Object.entries(counts)) console.log(`${name.padEnd(22)} ${shown(value)}`);
    for (const failure of failures) console.log(`! ${failure}`);
    console.log(ok ? 'ok' : `${failures.length} failures`);
  }
  return ok ? 0 : 1;
}

function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** With --logs, what the processes wrote stays for whoever looks for the cause of a failure. */
function keepLogs(dataDir: string): void {
  if (values.logs !== undefined) cpSync(join(dataDir, 'logs'), values.logs, { recursive: true });
}

function onInterrupt(undo: () => Promise<void>): void {
  const stop = (): void => void undo().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
}
