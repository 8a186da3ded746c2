/**
 * Companion processes (card vault, sandbox networks): started, watched, restarted when they die, stopped with us.
 * A companion is a TypeScript file that listens, says process.send({ ready: true, port }), and exits on SIGTERM and when
 * its channel to us closes, so that a killed program leaves none behind. It has a process group of its own: a Ctrl-C in
 * the terminal must not stop it before the program has finished with it.
 * Invariant: a restarted companion listens on the port it had before (PORT in its environment), so its address stays.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { companionEnvironment } from './config.ts';

const READY_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 3_000;
const FIRST_RESTART_MS = 100;
const SLOWEST_RESTART_MS = 5_000;
const ERROR_TAIL_CHARS = 2_000;

export interface ChildOptions {
  /** Names the log file and the messages. */
  readonly name: string;
  /** The TypeScript file to run. */
  readonly script: string | URL;
  /** Where <name>.log is written: DATA_DIR/logs. */
  readonly logsDir: string;
  /** What the child sees besides the machine's own variables. PORT is the port it should listen on, '0' for any. */
  readonly env: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
  readonly log: (line: string) => void;
  /** Whether a child that dies is started again, after 100 ms doubling to 5 s. */
  readonly restart: boolean;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Milliseconds until it is started again; null when it will not be. */
  readonly restartInMs: number | null;
}

export interface Child {
  readonly name: string;
  readonly port: number;
  /** The process that runs now; undefined between a death and the restart. */
  readonly pid: number | undefined;
  /** Calls the listener at every exit that stop() did not ask for. */
  onExit(listener: (exit: ChildExit) => void): void;
  /** SIGTERM, SIGKILL after three seconds. Resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Starts a companion and resolves once it listens. Throws a Fault with the end of its log when it does not in 20 s. */
export async function startChild(options: ChildOptions): Promise<Child> {
  mkdirSync(options.logsDir, { recursive: true });
  const first = launch(options, options.env);
  const port = await readyPort(options, first);
  const stopping = new AbortController();
  const listeners: ((exit: ChildExit) => void)[] = [];
  let current: ChildProcess | undefined = first.process;
  const tell = (exit: ChildExit): void => {
    current = undefined;
    options.log(`${options.name} ${describe(exit)}`);
    for (const listener of listeners) listener(exit);
  };
  const supervision = supervise(options, { first: first.process, port, stopping: stopping.signal, tell }, (child) => {
    current = child;
  });
  return {
    name: options.name,
    port,
    get pid() {
      return current?.pid;
    },
    onExit: (listener) => void listeners.push(listener),
    stop: async () => {
      stopping.abort();
      if (current !== undefined) await stopProcess(current);
      await supervision;
    },
  };
}

interface Launched {
  readonly process: ChildProcess;
  readonly logFile: string;
  /** Where this run's output begins in the log. */
  readonly logStart: number;
}

interface Supervised {
  readonly first: ChildProcess;
  readonly port: number;
  readonly stopping: AbortSignal;
  readonly tell: (exit: ChildExit) => void;
}

/** Waits for each death and starts the child again until it is told to stop. Never throws. */
async function supervise(
  options: ChildOptions,
  { first, port, stopping, tell }: Supervised,
  running: (child: ChildProcess) => void,
): Promise<void> {
  let child = first;
  let waitMs = FIRST_RESTART_MS;
  for (;;) {
    const { code, signal } = await exitOf(child);
    if (stopping.aborted) return;
    tell({ code, signal, restartInMs: options.restart ? waitMs : null });
    if (!options.restart) return;
    await sleep(waitMs, stopping).catch(() => undefined);
    if (stopping.aborted) return;
    const next = launch(options, { ...options.env, PORT: String(port) });
    child = next.process;
    running(child);
    try {
      await readyPort(options, next);
      waitMs = FIRST_RESTART_MS;
    } catch (error) {
      if (!stopping.aborted) options.log(String(error));
      waitMs = Math.min(waitMs * 2, SLOWEST_RESTART_MS);
    }
  }
}

/** Output goes straight into the file: nothing is lost when we die first, and nothing waits for us to read. */
function launch(options: ChildOptions, env: Readonly<Record<string, string>>): Launched {
  const logFile = join(options.logsDir, `${options.name}.log`);
  const output = openSync(logFile, 'a', 0o600);
  try {
    const child = fork(options.script, {
      execPath: process.execPath,
      execArgv: ['--disable-warning=ExperimentalWarning', ...(options.nodeArgs ?? [])],
      env: companionEnvironment(env),
      stdio: ['ignore', output, output, 'ipc'],
      detached: process.platform !== 'win32',
    });
    child.on('error', (error) => options.log(`${options.name}: ${error.message}`));
    return { process: child, logFile, logStart: fstatSync(output).size };
  } finally {
    closeSync(output);
  }
}

/** The port the child says it listens on. A child that is late or ends before saying so is killed and reported. */
async function readyPort(options: ChildOptions, launched: Launched): Promise<number> {
  const waiting = new AbortController();
  const outcome = await Promise.race([
    readyMessage(launched.process),
    exitOf(launched.process).then((exit) => describe({ ...exit, restartInMs: null })),
    sleep(READY_LIMIT_MS, waiting.signal).then(
      () => `was not ready after ${READY_LIMIT_MS / 1000} s`,
      () => '',
    ),
  ]);
  waiting.abort();
  if (typeof outcome === 'number') return outcome;
  await stopProcess(launched.process, 0);
  const tail = readFileSync(launched.logFile, 'utf8').slice(launched.logStart).slice(-ERROR_TAIL_CHARS).trim();
  throw new Fault('child_not_ready', `${options.name} ${outcome}${tail === '' ? '' : `:\n${tail}`}`, {
    retryable: true,
  });
}

function readyMessage(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.on('message', (message: unknown) => {
      if (typeof message !== 'object' || message === null || !('ready' in message) || !('port' in message)) return;
      if (message.ready === true && typeof message.port === 'number') resolve(message.port);
    });
  });
}

async function stopProcess(child: ChildProcess, graceMs = STOP_LIMIT_MS): Promise<void> {
  if (hasEnded(child)) return;
  const gone = exitOf(child);
  const waiting = new AbortController();
  child.kill(graceMs === 0 ? 'SIGKILL' : 'SIGTERM');
  await Promise.race([gone, sleep(graceMs, waiting.signal).catch(() => undefined)]);
  waiting.abort();
  if (!hasEnded(child)) child.kill('SIGKILL');
  await gone;
}

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

async function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  if (!hasEnded(child)) await once(child, 'exit');
  return { code: child.exitCode, signal: child.signalCode };
}

const describe = ({ code, signal, restartInMs }: ChildExit): string =>
  `ended ${signal === null ? `with code ${code}` : `by ${signal}`}${restartInMs === null ? '' : `, starting again in ${restartInMs} ms`}`;
