/**
 * The process that owns the embedded PostgreSQL. It outlives a killed program just long enough: when its channel to the
 * program closes it shuts PostgreSQL down (SIGINT: fast; SIGQUIT after five seconds, which costs a crash recovery but
 * nothing that was committed). Before it starts anything it stops a PostgreSQL that a killed keeper left in the same
 * folder. PostgreSQL that dies is started again, after 100 ms doubling to 5 s.
 * It has a process group of its own, so a Ctrl-C in the terminal does not take the database from under the program.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicMs, sleep } from '../base/clock.ts';
import { BARE_ENVIRONMENT, processesIn, type RunAs } from './embedded-location.ts';

/** The keeper's one argument, as JSON. */
export interface KeeperOrder {
  readonly postgres: string;
  readonly cluster: string;
  readonly runAs: RunAs;
  readonly logFile: string;
}
/** Program → keeper. `keep` asks for restarts from now on; before that an exit is only reported. */
export type ToKeeper =
  | { readonly type: 'start'; readonly args: readonly string[] }
  | { readonly type: 'keep' }
  | { readonly type: 'stop' };
/** Keeper → program. `clear`: nothing of an earlier run is left. */
export type FromKeeper =
  | { readonly type: 'clear'; readonly leftovers: number }
  | { readonly type: 'started'; readonly pid: number | undefined }
  | {
      readonly type: 'exited';
      readonly code: number | null;
      readonly signal: string | null;
      readonly restartInMs: number | null;
    };

const STEP_MS = 5_000;
const FIRST_RESTART_MS = 100;
const SLOWEST_RESTART_MS = 5_000;
const CALM_MS = 30_000;
const LOG_LIMIT_BYTES = 20_000_000;

if (process.argv[2] !== undefined && process.send !== undefined) await keep(JSON.parse(process.argv[2]) as KeeperOrder);

async function keep(order: KeeperOrder): Promise<void> {
  const stopping = new AbortController();
  const state: { child: ChildProcess | null; kept: boolean; ended: Promise<void> } = {
    child: null,
    kept: false,
    ended: Promise.resolve(),
  };
  const stop = async (): Promise<void> => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    if (state.child !== null) await stopPostgres(state.child);
    await state.ended;
    process.exit(0);
  };
  for (const event of ['disconnect', 'SIGTERM', 'SIGINT', 'SIGHUP']) process.on(event, stop);
  process.on('message', (message: ToKeeper) => {
    if (message.type === 'stop') void stop();
    if (message.type === 'keep') state.kept = true;
    if (message.type === 'start')
      state.ended = state.ended.then(() => serve(order, message.args, state, stopping.signal));
  });
  const leftovers = await stopLeftovers(order.cluster);
  tell({ type: 'clear', leftovers });
}

/** Runs PostgreSQL, again and again once it is to be kept. Resolves when it is to run no more. */
async function serve(
  order: KeeperOrder,
  args: readonly string[],
  state: { child: ChildProcess | null; readonly kept: boolean },
  stopping: AbortSignal,
): Promise<void> {
  let waitMs = FIRST_RESTART_MS;
  while (!stopping.aborted) {
    const startedAt = monotonicMs();
    const child = spawnPostgres(order, args);
    state.child = child;
    tell({ type: 'started', pid: child.pid });
    const { code, signal } = await endOf(child);
    state.child = null;
    if (monotonicMs() - startedAt > CALM_MS) waitMs = FIRST_RESTART_MS;
    const again = state.kept && !stopping.aborted;
    tell({ type: 'exited', code, signal, restartInMs: again ? waitMs : null });
    if (!again) return;
    await sleep(waitMs, stopping).catch(() => undefined);
    waitMs = Math.min(waitMs * 2, SLOWEST_RESTART_MS);
    await stopLeftovers(order.cluster); // backends of a killed postmaster need a moment to notice
  }
}

function spawnPostgres(order: KeeperOrder, args: readonly string[]): ChildProcess {
  if ((statSync(order.logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES)
    renameSync(order.logFile, `${order.logFile}.1`);
  const output = openSync(order.logFile, 'a', 0o600);
  try {
    return spawn(order.postgres, ['-D', order.cluster, ...args], {
      cwd: order.cluster,
      env: BARE_ENVIRONMENT,
      stdio: ['ignore', output, output],
      ...order.runAs,
    });
  } finally {
    closeSync(output);
  }
}

async function endOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  try {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return { code: child.exitCode, signal: child.signalCode };
  } catch (error) {
    return { code: null, signal: String(error) }; // it could not be started
  }
}

/** Fast shutdown, then immediate, then by force; five seconds each. */
async function stopPostgres(child: ChildProcess): Promise<void> {
  const gone = endOf(child).then(() => true);
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    child.kill(signal);
    if (await Promise.race([gone, sleep(STEP_MS).then(() => false)])) return;
  }
}

/** Stops what an earlier keeper left running in this cluster; answers how many processes that were. */
async function stopLeftovers(cluster: string): Promise<number> {
  const found = workersOf(cluster);
  const postmaster = postmasterPid(cluster);
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    const running = workersOf(cluster);
    if (running.length === 0) break;
    const targets =
      signal === 'SIGKILL' || postmaster === null || !running.includes(postmaster) ? running : [postmaster];
    for (const pid of targets) kill(pid, signal);
    for (let waited = 0; waited < STEP_MS && workersOf(cluster).length > 0; waited += 50) await sleep(50);
  }
  // Its process id may meanwhile be another program's, and PostgreSQL would refuse to start beside that.
  if (postmaster !== null && isAlive(postmaster)) rmSync(join(cluster, 'postmaster.pid'), { force: true });
  return found.length;
}

function postmasterPid(cluster: string): number | null {
  try {
    return Number.parseInt(readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10) || null;
  } catch {
    return null;
  }
}

/** What runs in this cluster; without /proc the postmaster, when its command line names the cluster. */
function workersOf(cluster: string): readonly number[] {
  if (process.platform === 'linux') return processesIn(cluster);
  const pid = postmasterPid(cluster);
  if (pid === null || process.platform === 'win32') return [];
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.includes(`-D ${cluster}`) === true ? [pid] : [];
}

function isAlive(pid: number): boolean {
  return kill(pid, 0);
}

function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function tell(message: FromKeeper): void {
  if (process.connected) process.send?.(message, () => undefined); // the program may be gone: nobody to tell
}
