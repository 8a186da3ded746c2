/**
 * The embedded PostgreSQL: a real server with fsync on, started and stopped with the program, so that nothing has to be
 * installed. It listens on 127.0.0.1 only, with a random password kept in DATA_DIR. A keeper process owns it
 * (postgres-keeper.ts), so kill -9 of the program leaves nothing running.
 * Invariants: a cluster appears under its final name only when initdb has finished; nothing that was acknowledged is
 * lost by any kind of kill; a cluster of another major version is never touched.
 */
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { sleep } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { freePort, isFree } from '../base/free-port.ts';
import { randomSecret } from '../base/random.ts';
import {
  BARE_ENVIRONMENT,
  type EmbeddedLocation,
  hasCluster,
  locateEmbedded,
  processesIn,
} from './embedded-location.ts';
import type { FromKeeper, KeeperOrder, ToKeeper } from './postgres-keeper.ts';

export interface EmbeddedServer {
  /** The superuser's way in. */
  readonly connection: Connection;
  /** The postmaster that runs now; undefined between a death and the restart. */
  readonly pid: number | undefined;
  /** Fast shutdown; resolves when no process is left. */
  stop(): Promise<void>;
}

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** 0 or absent: the port of the last start, another free one when it is taken meanwhile. */
  readonly port?: number;
  readonly log?: (line: string) => void;
  /** Called when PostgreSQL or its keeper died and is being started again; connections of a pool will fail until then. */
  readonly onRestart?: (reason: string) => void;
}

const HOST = '127.0.0.1';
/** An eighth of the machine's memory, between 128 MiB and 2 GiB. */
const sharedBuffersMiB = (bytes: number): number => Math.min(2048, Math.max(128, Math.floor(bytes / 2 ** 23)));
const SUPERUSER = 'postgres';
const DATABASE = 'causeway';
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: `${sharedBuffersMiB(totalmem())}MB`,
  max_connections: '100',
  // Recycled segments need no zeroes written first; a checkpoint, and with it full page images, comes less often.
  min_wal_size: '1GB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  // Commits are serial: what the background writer has cleaned, the committing backend need not write itself.
  bgwriter_delay: '20ms',
  bgwriter_lru_maxpages: '1000',
  wal_compression: 'pglz', // the build has no lz4
  // The log is on its way to the disk while a batch is written: the commit's own flush is short.
  wal_writer_delay: '4ms',
  wal_writer_flush_after: '256kB',
  timezone: 'UTC',
  log_timezone: 'UTC',
};
/** Recovery after a kill replays up to max_wal_size; that is minutes on a slow disk. */
const READY_LIMIT_MS = 600_000;
const STOP_LIMIT_MS = 30_000;
const KEEPER_RESTART_MS = 200;
const PORT_TRIES = 3;
/** SQLSTATE invalid_password (PostgreSQL, appendix A). */
const WRONG_PASSWORD = '28P01';

/**
 * Starts the embedded PostgreSQL of a DATA_DIR and resolves once it answers queries and has the database `causeway`.
 * The caller holds the DATA_DIR's lock. Throws a Fault that says what to do, with the end of PostgreSQL's log.
 */
export async function startEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? (() => undefined);
  fs.mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const location = await locateEmbedded(dataDir, log);
  const password = passwordOf(dataDir, location);
  await initialise(location, password, log);
  assertVersion(location);
  const order: KeeperOrder = {
    postgres: location.postgres,
    cluster: location.cluster,
    runAs: location.runAs,
    logFile: join(dataDir, 'logs', 'postgres.log'),
  };
  const keeper = await openKeeper(order, log);
  try {
    const connection = await startOnFreePort(keeper, { dataDir, password, order, fixedPort: options.port ?? 0 });
    await createDatabase(connection);
    keeper.send({ type: 'keep' });
    return guard({ order, keeper, connection, log, onRestart: options.onRestart ?? (() => undefined) });
  } catch (error) {
    await keeper.stop();
    throw error;
  }
}

interface Keeper {
  readonly pid: number | undefined;
  send(message: ToKeeper): void;
  onMessage(listener: (message: FromKeeper) => void): void;
  /** Resolves when the keeper process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Forks a keeper and waits until it has cleared away what an earlier one left. */
async function openKeeper(order: KeeperOrder, log: (line: string) => void): Promise<Keeper> {
  const child = fork(fileURLToPath(new URL('./postgres-keeper.ts', import.meta.url)), [JSON.stringify(order)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
    ...(BARE_ENVIRONMENT === undefined ? {} : { env: BARE_ENVIRONMENT }),
  });
  let complaint = '';
  child.stderr?.on('data', (chunk) => (complaint += String(chunk)));
  const ended = new Promise<void>((settle) => child.once('exit', () => settle()).once('error', () => settle()));
  const cleared = new Promise<number>((settle) => {
    child.on('message', (message: FromKeeper) => void (message.type === 'clear' && settle(message.leftovers)));
  });
  const leftovers = await Promise.race([cleared, ended]);
  if (leftovers === undefined)
    throw new Fault('keeper_failed', `The database’s keeper did not start: ${complaint}`, { retryable: true });
  if (leftovers > 0) log(`Stopped a PostgreSQL of an earlier run (${leftovers} processes).`);
  return {
    pid: child.pid,
    send: (message) => void child.send(message, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    ended,
    stop: () => stopKeeper(child, ended),
  };
}

async function stopKeeper(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.connected) child.send({ type: 'stop' } satisfies ToKeeper, () => undefined);
  const waiting = new AbortController();
  await Promise.race([ended, sleep(STOP_LIMIT_MS, waiting.signal).catch(() => undefined)]);
  waiting.abort();
  child.kill('SIGKILL');
  await ended;
}

interface FirstStart {
  readonly dataDir: string;
  readonly password: string;
  readonly order: KeeperOrder;
  readonly fixedPort: number;
}

/** Starts PostgreSQL on the wanted port; where the port may vary, a port lost in between is replaced. */
async function startOnFreePort(
  keeper: Keeper,
  { dataDir, password, order, fixedPort }: FirstStart,
): Promise<Connection> {
  for (let tries = 1; ; tries += 1) {
    const port = await choosePort(dataDir, fixedPort);
    const logStart = fs.statSync(order.logFile, { throwIfNoEntry: false })?.size ?? 0;
    const connection = { host: HOST, port, user: SUPERUSER, password, database: DATABASE };
    const failed = new AbortController();
    keeper.onMessage((message) => void (message.type === 'exited' && failed.abort(message)));
    void keeper.ended.then(() => failed.abort());
    keeper.send({ type: 'start', args: serverArguments(port) });
    if (await becomesReady(connection, order.cluster, failed.signal)) {
      fs.writeFileSync(join(dataDir, 'postgres-port'), `${port}\n`);
      return connection;
    }
    const said = fs.existsSync(order.logFile)
      ? fs.readFileSync(order.logFile, 'utf8').slice(logStart).slice(-2_000).trim()
      : '';
    if (!said.includes('could not bind') || fixedPort !== 0 || tries === PORT_TRIES) {
      throw new Fault('postgres_start_failed', `PostgreSQL did not start; ${order.logFile} ends with:\n${said}`, {
        retryable: false,
      });
    }
  }
}

const serverArguments = (port: number): readonly string[] =>
  Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

interface Guarded {
  readonly order: KeeperOrder;
  readonly keeper: Keeper;
  readonly connection: Connection;
  readonly log: (line: string) => void;
  readonly onRestart: (reason: string) => void;
}

/** Watches a running server: PostgreSQL is the keeper's to restart, the keeper is ours. */
function guard({ order, keeper: first, connection, log, onRestart }: Guarded): EmbeddedServer {
  const stopping = new AbortController();
  let keeper = first;
  let pid = postmasterPid(order.cluster);
  const report = (reason: string): void => {
    pid = undefined;
    if (stopping.signal.aborted) return;
    log(reason);
    onRestart(reason);
  };
  const listen = (): void =>
    keeper.onMessage((message) => {
      if (message.type === 'started') pid = message.pid;
      if (message.type === 'exited')
        report(`PostgreSQL ended (${message.signal ?? `code ${message.code}`}); starting it again.`);
    });
  const watch = async (): Promise<void> => {
    for (;;) {
      await keeper.ended;
      if (stopping.signal.aborted) return;
      report('The database’s keeper was killed; starting the database again.');
      await sleep(KEEPER_RESTART_MS, stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted) return;
      keeper = await openKeeper(order, log).catch((error: unknown) => {
        log(String(error));
        return keeper;
      });
      listen();
      if (stopping.signal.aborted) return keeper.stop();
      keeper.send({ type: 'start', args: serverArguments(connection.port) });
      keeper.send({ type: 'keep' });
    }
  };
  listen();
  const watching = watch();
  return {
    connection,
    get pid() {
      return pid;
    },
    stop: async () => {
      stopping.abort();
      await keeper.stop();
      await watching;
    },
  };
}

const postmasterPid = (cluster: string): number | undefined =>
  Number.parseInt(fs.readFileSync(join(cluster, 'postmaster.pid'), 'utf8'), 10) || undefined;

/** The superuser's password: made once, before the cluster; a cluster without its password is nobody's to open. */
function passwordOf(dataDir: string, location: EmbeddedLocation): string {
  const file = join(dataDir, 'postgres-password');
  if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8').trim();
  if (hasCluster(location.base)) {
    throw new Fault(
      'postgres_password_missing',
      `${file} is missing, and the database in ${location.cluster} opens with no other; restore it.`,
      {
        retryable: false,
      },
    );
  }
  const password = randomSecret();
  fs.writeFileSync(`${file}.new`, `${password}\n`, { mode: 0o600, flush: true });
  fs.renameSync(`${file}.new`, file);
  return password;
}

/** Runs initdb in a folder with a name of its own and renames it when finished, so a killed initdb leaves no half cluster. */
async function initialise(location: EmbeddedLocation, password: string, log: (line: string) => void): Promise<void> {
  await removeDrafts(location.base);
  if (hasCluster(location.base)) return;
  log('Creating the database (first start).');
  const draft = join(location.base, `postgres.new-${randomSecret(6)}`);
  const passwordFile = `${draft}.password`;
  fs.mkdirSync(draft, { mode: 0o700 });
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (location.runAs !== null) {
    for (const path of [draft, passwordFile]) fs.chownSync(path, location.runAs.uid, location.runAs.gid);
  }
  try {
    await runInitdb(location, draft, passwordFile);
    fs.renameSync(draft, location.cluster);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    throw error;
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
}

/** What a killed first start left, and the initdb that may still be at it. */
async function removeDrafts(base: string): Promise<void> {
  for (const name of fs.readdirSync(base).filter((entry) => entry.startsWith('postgres.new-'))) {
    const draft = join(base, name);
    for (let pids = processesIn(draft); pids.length > 0; pids = processesIn(draft)) {
      for (const pid of pids) endProcess(pid);
      await sleep(20);
    }
    fs.rmSync(draft, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

/** Text sorts by code point on every machine (PostgreSQL's own C.UTF-8, not the operating system's). */
async function runInitdb({ initdb, runAs }: EmbeddedLocation, draft: string, passwordFile: string): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--auth=scram-sha-256', `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
  const child = spawn(initdb, [`--pgdata=${draft}`, ...locale, ...access, '--no-instructions'], {
    cwd: '/',
    env: BARE_ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...runAs,
  });
  const ended = new Promise<number | null>((settle, reject) => child.once('error', reject).once('close', settle));
  const [code, said, complained] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0)
    throw new Fault('initdb_failed', `The database could not be created:\n${said}${complained}`, { retryable: false });
}

function assertVersion({ cluster, postgres, runAs }: EmbeddedLocation): void {
  const data = fs.readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  const { stdout } = spawnSync(postgres, ['--version'], {
    encoding: 'utf8',
    cwd: '/',
    env: BARE_ENVIRONMENT,
    ...runAs,
  });
  const program = /(\d+)\.?\S*\s*$/.exec(stdout ?? '')?.[1];
  if (data === program) return;
  throw new Fault(
    'postgres_version_mismatch',
    `The data in ${cluster} was written by PostgreSQL ${data}; this version brings PostgreSQL ${program}. Dump it with the old version ` +
      'and restore it into a new DATA_DIR, or run PostgreSQL yourself and set DATABASE_URL.',
    { retryable: false },
  );
}

/** The fixed port, else the one of the last start, else any. Throws when a fixed port is taken. */
async function choosePort(dataDir: string, fixedPort: number): Promise<number> {
  const file = join(dataDir, 'postgres-port');
  const kept = fs.existsSync(file) ? Number.parseInt(fs.readFileSync(file, 'utf8'), 10) || 0 : 0;
  const wanted = fixedPort !== 0 ? fixedPort : kept;
  if (wanted !== 0 && (await isFree(wanted))) return wanted;
  if (fixedPort !== 0)
    throw new Fault('port_taken', `Port ${fixedPort}, meant for PostgreSQL, is taken.`, { retryable: false });
  return freePort();
}

/** Whether this very cluster answers a query before the signal says that it failed. Throws when the password is wrong. */
async function becomesReady(connection: Connection, cluster: string, failed: AbortSignal): Promise<boolean> {
  const deadline = AbortSignal.any([failed, AbortSignal.timeout(READY_LIMIT_MS)]);
  while (!deadline.aborted) {
    const directory = await ask(connection, 'show data_directory').catch((error: { code?: string }) => {
      if (error.code !== WRONG_PASSWORD) return undefined; // not listening yet, or still recovering
      throw new Fault('postgres_password_wrong', `DATA_DIR/postgres-password does not open ${cluster}; restore it.`, {
        retryable: false,
      });
    });
    if (directory === cluster) return true;
    await sleep(25, deadline).catch(() => undefined);
  }
  return false;
}

/** A server that was stopped between two statements has the database or not; both are fine the next time. */
async function createDatabase(connection: Connection): Promise<void> {
  const existing = await ask(connection, `select datname from pg_database where datname = '${DATABASE}'`);
  if (existing === undefined) await ask(connection, `create database ${DATABASE}`);
}

/** One statement on a connection of its own; answers the first column of the first row. */
async function ask(connection: Connection, statement: string): Promise<unknown> {
  const client = new pg.Client({ ...connection, database: 'postgres', connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // the query fails with the same error
  await client.connect();
  try {
    const { rows } = await client.query({ text: statement, rowMode: 'array' });
    // pg types the rows as any; the callers check what they got.
    return (rows as unknown[][])[0]?.[0];
  } finally {
    await client.end();
  }
}
