/**
 * `npm test`: everything that guards a change. Starts one embedded PostgreSQL in a temporary folder (TEST_DATABASE_URL
 * for the store tests), runs the checks, then every *.test.ts with Node's test runner. Arguments are path prefixes of the
 * files to run (`npm test -- src/base`), without the checks; `--name=PATTERN` keeps the tests with that name. Every body that
 * any process of the run sends to the acquirer is recorded, and validated at the end against the published OpenAPI file.
 * Invariant: whatever happens, PostgreSQL is stopped and the folder removed; exit code 0 means that everything passed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventData, run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { removeEmbeddedData } from '../src/db/embedded-location.ts';
import { type Connection, startEmbeddedServer } from '../src/db/embedded-server.ts';
import { exportVariable } from '../src/main/config.ts';
import { auditRecordedBodies } from '../test/support/body-audit.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['scripts', 'src', 'sandbox', 'stories', 'sim', 'cli', 'test'];
/** More than the two cores this is meant for: many tests wait, for a network that is silent or a clock that steps. */
const CONCURRENCY = 3;
/** For one test, and for one file as a whole. */
const TEST_LIMIT_MS = 300_000;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interrupted.abort());
process.chdir(ROOT);
process.exitCode = await testEverything(process.argv.slice(2));

async function testEverything(args: readonly string[]): Promise<number> {
  const prefixes = args.filter((arg) => !arg.startsWith('--')).map((arg) => arg.replace(/^\.\//, ''));
  const names = args.filter((arg) => arg.startsWith('--name=')).map((arg) => arg.slice('--name='.length));
  const files = testFiles(prefixes);
  if (files.length === 0) return complain(`no test file begins with ${prefixes.join(' or ')}`);
  const checksPass = args.length > 0 || (await runChecks());
  const testsPass = !interrupted.signal.aborted && (await withDatabase((folder) => testAndAudit(folder, files, names)));
  if (interrupted.signal.aborted) return complain('interrupted');
  if (!checksPass) return complain('the checks failed, see above the tests (npm run check)');
  return testsPass ? 0 : 1;
}

function complain(what: string): number {
  console.error(`npm test: ${what}`);
  return 1;
}

function testFiles(prefixes: readonly string[]): readonly string[] {
  return globSync(FOLDERS.map((folder) => `${folder}/**/*.test.ts`))
    .filter((file) => prefixes.length === 0 || prefixes.some((prefix) => file.startsWith(prefix)))
    .sort();
}

async function runChecks(): Promise<boolean> {
  if (!existsSync('scripts/check.ts')) return true;
  const child = spawn(process.execPath, [...process.execArgv, 'scripts/check.ts'], { stdio: 'inherit' });
  interrupted.signal.addEventListener('abort', () => child.kill());
  const [code] = await once(child, 'exit');
  return code === 0;
}

async function withDatabase(work: (folder: string) => Promise<boolean>): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-test-'));
  chmodSync(folder, 0o755); // as root, the user postgres has to pass
  try {
    const dataDir = join(folder, 'data');
    const server = await startEmbeddedServer({ dataDir, log: console.log, onRestart: console.error });
    mkdirSync(join(folder, 'tmp'));
    exportVariable('TMPDIR', join(folder, 'tmp')); // what a killed test leaves goes with the rest
    exportVariable('TEST_DATABASE_URL', urlOf(server.connection));
    try {
      return await work(folder);
    } finally {
      await server.stop();
    }
  } finally {
    removeEmbeddedData(folder);
  }
}

function urlOf({ user, password, host, port, database }: Connection): string {
  return `postgres://${user}:${password}@${host}:${port}/${database}`;
}

/** Runs the tests; a body that breaks the acquirer's published schema fails the run, whichever process sent it. */
async function testAndAudit(folder: string, files: readonly string[], names: readonly string[]): Promise<boolean> {
  const bodies = join(folder, 'bodies');
  mkdirSync(bodies);
  exportVariable('RECORD_BODIES', bodies);
  const preload = `--import=${new URL('../test/support/record-bodies.ts', import.meta.url).href}`;
  exportVariable('NODE_OPTIONS', [process.env.NODE_OPTIONS, preload].filter(Boolean).join(' '));
  const passed = await runTests(files, names);
  const { summary, faults, absent } = auditRecordedBodies(bodies);
  console.log(summary);
  for (const fault of faults) console.error(`  ${fault}`);
  // The whole run sends every kind; when one is missing, it is the recording that is broken.
  const isWhole = files.length === testFiles([]).length && names.length === 0;
  if (isWhole && absent.length > 0) console.error(`  none of ${absent.join(', ')} was recorded`);
  return passed && faults.length === 0 && !(isWhole && absent.length > 0);
}

/** Prints one line per file while it runs, then the failures and the runner's summary. */
async function runTests(files: readonly string[], names: readonly string[]): Promise<boolean> {
  const stream = run({
    files: files.map((file) => join(ROOT, file)),
    concurrency: CONCURRENCY,
    timeout: TEST_LIMIT_MS,
    signal: interrupted.signal,
    ...(names.length > 0 ? { testNamePatterns: [...names] } : {}),
  });
  let passed = true;
  stream.on('test:fail', ({ todo, skip }: EventData.TestFail) => {
    if (todo === undefined && skip === undefined) passed = false;
  });
  const report = stream.compose(new spec());
  report.pipe(process.stdout);
  await once(report, 'end');
  return passed;
}
