#!/usr/bin/env node
/** The `causeway` command: makes sure of the dependencies, then runs cli/causeway.ts with Node 24 where the caller is. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies, explainFailure } from './install.mjs';
import { findNode24, launch } from './launch.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

async function main(args) {
  await ensureDependencies(ROOT);
  return launch({ node: findNode24(ROOT), script: join(ROOT, 'cli/causeway.ts'), args, cwd: process.cwd() });
}

main(process.argv.slice(2)).then((code) => process.exit(code), explainFailure);
