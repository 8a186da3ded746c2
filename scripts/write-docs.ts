/**
 * `npm run docs`: writes what can be drawn from the code, so that no document copies it by hand: docs/generated/* and
 * migrations/schema.sql. `--check` writes nothing and exits 1 when a file differs from what the code says now.
 * Invariant: the same code gives the same bytes on every machine; nothing here needs a running program. The schema is read
 * from a real PostgreSQL (scripts/docs/scratch-database.ts).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorsPage } from './docs/errors-page.ts';
import { openapiDocument } from './docs/openapi-document.ts';
import { policiesPage } from './docs/policies-page.ts';
import { postingsPage } from './docs/postings-page.ts';
import { dumpSchema } from './docs/schema-dump.ts';
import { withScratchDatabase } from './docs/scratch-database.ts';
import { settingsPage } from './docs/settings-page.ts';
import { statesPage } from './docs/states-page.ts';

interface GeneratedFile {
  /** From the repository's root. */
  readonly path: string;
  readonly make: () => string | Promise<string>;
}

const FILES: readonly GeneratedFile[] = [
  { path: 'docs/generated/states.md', make: statesPage },
  { path: 'docs/generated/postings.md', make: postingsPage },
  { path: 'docs/generated/errors.md', make: errorsPage },
  { path: 'docs/generated/settings.md', make: settingsPage },
  { path: 'docs/generated/policies.md', make: policiesPage },
  { path: 'docs/generated/openapi.json', make: openapiDocument },
  { path: 'migrations/schema.sql', make: () => withScratchDatabase(dumpSchema) },
];

const root = fileURLToPath(new URL('..', import.meta.url));
process.exitCode = process.argv.includes('--check') ? await checkAll() : await writeAll();

async function writeAll(): Promise<number> {
  for (const { path, make } of FILES) {
    const made = await make();
    if (readIfThere(path) === made) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), made);
    console.log(`wrote ${path}`);
  }
  return 0;
}

async function checkAll(): Promise<number> {
  let stale = 0;
  for (const { path, make } of FILES) {
    const difference = firstDifference(readIfThere(path), await make());
    if (difference === null) continue;
    stale += 1;
    console.log(`${path} is not what the code says; run npm run docs\n  ${difference}`);
  }
  return stale === 0 ? 0 : 1;
}

function readIfThere(path: string): string | null {
  const full = join(root, path);
  return existsSync(full) ? readFileSync(full, 'utf8') : null;
}

/** Where a file departs from what is made now, in words; null when it does not. */
function firstDifference(kept: string | null, made: string): string | null {
  if (kept === made) return null;
  if (kept === null) return 'it does not exist';
  const [old, fresh] = [kept.split('\n'), made.split('\n')];
  const at = fresh.findIndex((line, index) => line !== old[index]);
  const line = at === -1 ? fresh.length : at;
  return `line ${line + 1} is ${JSON.stringify(old[line] ?? null)}, the code says ${JSON.stringify(fresh[line] ?? null)}`;
}
