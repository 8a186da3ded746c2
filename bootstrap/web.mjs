/**
 * Builds web/ when its source changed. web/dist/.stamp holds the hash of the source of the last complete build, so an
 * interrupted build is repeated.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';

const SOURCES = ['src', 'public', 'index.html', 'checkout.html', 'vite.config.ts', 'package.json'];

/** Makes web/dist agree with the source of the pages. Does nothing but say so while there are no pages to build. */
export async function ensureWebBuilt(root, node) {
  const web = join(root, 'web');
  if (!existsSync(join(web, 'vite.config.ts'))) {
    console.error('No pages to build yet: web/vite.config.ts does not exist.');
    return;
  }
  if (isBuilt(web)) return;
  await withLock(root, 'Another run is building the pages; waiting for it.', () => {
    if (!isBuilt(web)) build(root, web, node);
  });
}

const stampPath = (web) => join(web, 'dist', '.stamp');

const isBuilt = (web) => existsSync(stampPath(web)) && readFileSync(stampPath(web), 'utf8') === sourceHash(web);

function build(root, web, node) {
  process.stderr.write('Building the pages … ');
  const startedAt = Date.now();
  const hash = sourceHash(web);
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const run = spawnSync(node, [vite, 'build', '--logLevel', 'warn'], { cwd: web, encoding: 'utf8' });
  if (run.status !== 0) {
    process.stderr.write('failed\n');
    throw new Error(`The pages could not be built:\n${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}`);
  }
  writeFileSync(stampPath(web), hash);
  process.stderr.write(`done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

function sourceHash(web) {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((name) => filesUnder(web, name)).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(web, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The files of a path relative to `base`, itself when it is a file, none when it does not exist. */
function filesUnder(base, path) {
  if (!existsSync(join(base, path))) return [];
  try {
    return readdirSync(join(base, path)).flatMap((name) => filesUnder(base, `${path}/${name}`));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}
