/**
 * `npm run check`: what can be judged without running the product, in under a minute. Prints one line for each check, then
 * notes, then every finding; exit code 1 when there is any. `--json` prints the sizes of files and functions instead.
 *
 * Programs (Biome, tsc, the writer of documents) run beside each other while this process scans the tree.
 */
import { fileURLToPath } from 'node:url';
import { type CheckResult, showFinding } from './check/finding.ts';
import { checkHomes } from './check/homes.ts';
import { checkImports } from './check/imports.ts';
import { checkLeaks } from './check/leaks.ts';
import { checkNames } from './check/names.ts';
import { checkSizes, sizesOf } from './check/sizes.ts';
import { checkBiome, checkGenerated, checkTypes } from './check/tools.ts';
import { readTree, type Tree } from './check/tree.ts';

interface Done extends CheckResult {
  readonly name: string;
  readonly ms: number;
}

// Type stripping from a program is marked experimental; its warning would stand above every report.
process.removeAllListeners('warning');

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
if (process.argv.includes('--json')) console.log(JSON.stringify(sizesOf(readTree(root)), null, 2));
else report(await runAll());

function runAll(): Promise<Done[]> {
  const programs = [
    timed('format and lint', () => checkBiome(root)),
    timed('types', () => checkTypes(root, '.')),
    timed('types of web', () => checkTypes(root, 'web')),
    timed('generated documents', () => checkGenerated(root)),
  ];
  const tree = readTree(root);
  const scan = (name: string, check: (tree: Tree) => CheckResult): Promise<Done> =>
    timed(name, async () => check(tree));
  const scans = [
    scan('imports', checkImports),
    scan('sizes', checkSizes),
    scan('names', checkNames),
    scan('homes', checkHomes),
    scan('leaks', checkLeaks),
  ];
  return Promise.all([...programs, ...scans]);
}

async function timed(name: string, check: () => Promise<CheckResult>): Promise<Done> {
  const began = performance.now();
  const result = await check();
  return { ...result, name, ms: performance.now() - began };
}

function report(all: readonly Done[]): void {
  for (const { name, findings, looked, skipped, ms } of all) {
    const verdict = findings.length > 0 ? 'FAIL' : skipped === undefined ? 'ok' : 'skip';
    const count = findings.length > 0 ? `${findings.length} findings` : '';
    const words = [count, looked ?? skipped ?? ''].filter((word) => word !== '').join(', ');
    console.log(`${verdict.padEnd(5)}${name.padEnd(21)}${(ms / 1000).toFixed(1).padStart(5)} s  ${words}`);
  }
  for (const note of all.flatMap(({ notes }) => notes ?? [])) console.log(`note ${note}`);
  for (const { name, findings } of all.filter((done) => done.findings.length > 0)) {
    console.log(`\n${name}`);
    for (const finding of findings) console.log(`  ${showFinding(finding)}`);
  }
  if (all.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
}
