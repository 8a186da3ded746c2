/**
 * What `npm start`, `npm test` and the other npm commands run. Plain JavaScript without dependencies, for any
 * Node ≥ 20: it makes a fresh clone ready (locked dependencies, pages) and hands over to Node 24, which runs TypeScript
 * as it is. A second run with nothing changed only compares two hashes.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies, explainFailure } from './install.mjs';
import { findNode24, launch } from './launch.mjs';
import { ensureWebBuilt } from './web.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const COMMANDS = {
  start: { script: 'src/main/start.ts', pages: true },
  test: { script: 'scripts/test.ts', pages: true },
  demo: { script: 'stories/run-demo.ts', pages: false },
  story: { script: 'stories/run-story.ts', pages: false },
  sim: { script: 'sim/run.ts', pages: false },
  soak: { script: 'test/soak/run.ts', pages: false },
  bench: { script: 'bench/run.ts', pages: false },
  check: { script: 'scripts/check.ts', pages: false },
  docs: { script: 'scripts/write-docs.ts', pages: false },
  'new-connector': { script: 'scripts/new-connector.ts', pages: false },
};

async function main([name = '', ...args]) {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    console.error(`usage: node bootstrap/run.mjs <command> [arguments]\ncommands: ${Object.keys(COMMANDS).join(', ')}`);
    return 2;
  }
  const script = join(ROOT, command.script);
  if (!existsSync(script)) throw new Error(`npm run ${name} needs ${command.script}, which is not in this checkout.`);
  await ensureDependencies(ROOT);
  const node = findNode24(ROOT);
  if (command.pages) await ensureWebBuilt(ROOT, node);
  return launch({ node, script, args, cwd: ROOT });
}

main(process.argv.slice(2)).then((code) => process.exit(code), explainFailure);
