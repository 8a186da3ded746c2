/**
 * `npm start`: database, sandbox networks, vault, API, worker and pages, in this order; Ctrl-C or SIGTERM stops them in the
 * other. What was started is stopped, whatever fails on the way.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { changesWait } from '../ams/index.ts';
import { buildServer, type Server } from '../api/server.ts';
import { every, monotonicMs, sleep } from '../base/clock.ts';
import { freePort } from '../base/free-port.ts';
import { startEmbeddedServer } from '../db/embedded-server.ts';
import { migrate, type RoleUrls } from '../db/migrate.ts';
import { createPool } from '../db/pool.ts';
import { releaseLeases, startWorker } from '../jobs/index.ts';
import { loadGatewayKey } from './ams-keys.ts';
import { createApp, type WiredApp } from './app.ts';
import { startChild } from './children.ts';
import { serviceSource, systemSource } from './clock-source.ts';
import { assertPortsFree, type Config, readConfig } from './config.ts';
import { lockDataDir } from './data-lock.ts';
import { firstSteps, type Welcome } from './first-steps.ts';
import { listenTls } from './listen-tls.ts';
import { type Networks, type StartNetworks, startNetworks } from './networks.ts';
import { clockParticipant } from './participant.ts';
import type { Introduce } from './sandbox-wallets.ts';
import { loadSecrets } from './secrets.ts';

/** Where everything listens, on this machine. */
export interface Addresses {
  readonly api: string;
  readonly vault: string;
  readonly clock: string | null;
  readonly acquirer: string;
  readonly secondAcquirer: string | null;
  readonly bank: string;
  readonly wallets: string | null;
  readonly shops: string | null;
  readonly fx: string | null;
  /** The API over TLS, for clients of the AMS gateway; null when there is no such listener. */
  readonly amsTls: string | null;
}

export interface Running {
  readonly url: string;
  readonly welcome: Welcome;
  readonly addresses: Addresses;
  stop(): Promise<void>;
}

/** How often the journal is read for what clients of the AMS gateway want to know. */
const ANNOUNCE_MS = 250;
const LEASE_MARGIN_MS = 30_000;
const DRAIN_MS = 3000;
const PORTS_MS = 2000;
const PORTS_STEP_MS = 100;

/** Starts the program. On failure everything that was started is stopped before the error is thrown. */
export async function start(config: Config, say: (line: string) => void): Promise<Running> {
  const stops: (() => Promise<unknown> | unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop())
      await Promise.resolve(next()).catch((error: unknown) => say(String(error)));
  };
  try {
    return { ...(await bringUp(config, say, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Stops = (() => Promise<unknown> | unknown)[];

async function bringUp(config: Config, say: (line: string) => void, stops: Stops): Promise<Omit<Running, 'stop'>> {
  const { lock, log, secrets } = takeFolder(config, stops);
  await untilPortsFree(config);
  const port = config.port === 0 ? await freePort() : config.port;
  const url = `http://127.0.0.1:${port}`;
  const publicUrl = config.publicUrl ?? `http://localhost:${port}`;
  const gatewayKey = loadGatewayKey(config);
  const [{ roles, db }, networks] = await bothOf(
    openDatabase(config, say, stops),
    openNetworks({ config, secrets, ownUrl: url, gatewayKey, log: (line) => log.warn(line) }, stops),
  );
  const source = networks.clockUrl === null ? systemSource() : await serviceSource(networks.clockUrl);
  const vault = await startVault(
    config,
    {
      ...{ roles, publicUrl, url, log },
      vaultSecret: secrets.vaultSecret,
      acquirerUrls: networks.acquirers.map(({ url: each }) => each),
    },
    stops,
  );

  const wired = await createApp({
    config,
    secrets,
    networks,
    vault,
    ...{ publicUrl, db },
    databaseUrl: roles.app,
    clock: source.clock,
    log,
    version: readVersion(),
    gatewayKey,
  });
  stops.push(() => wired.app.journal.close());
  const worker = startWork(config, wired, log, stops);
  const server = await listen(wired, {
    port,
    source,
    worker: worker ?? null,
    only: config.role === 'worker' ? 'health' : undefined,
    requestLimit: config.requestLimit,
    host: config.publicUrl === null ? '127.0.0.1' : '0.0.0.0',
  });
  const name = `causeway-${port}`;
  await source.register(name, `${url}/_sandbox/clock`);
  stops.push(() => source.leave(name));
  // Connections close first, the worker drains next, then everything they used.
  stops.push(() => server.close());
  const tls = await listenTls(config, server);
  stops.push(() => tls?.stop());
  const amsTls = tls?.url ?? null;
  const welcome = await firstSteps({
    app: wired.app,
    config,
    secrets,
    addresses: { api: publicUrl, vault: vault.publicUrl, networks, amsTls },
  });
  lock.setAddresses({
    console: `${publicUrl}/console/`,
    api: publicUrl,
    vault: vault.publicUrl,
    ...(networks.clockUrl === null ? {} : { clock: networks.clockUrl }),
  });
  return {
    url,
    welcome,
    addresses: { api: url, vault: vault.url, ...networkAddresses(networks), amsTls },
  };
}

/**
 * Two that need not each other and take seconds at a first start, beside each other. An error of one is thrown when the other has
 * ended too, so that what it has begun is stopped.
 */
async function bothOf<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

const networkAddresses = ({
  clockUrl,
  acquirers,
  bank,
  walletsUrl,
  shopsUrl,
  fx,
}: Networks): Omit<Addresses, 'api' | 'vault' | 'amsTls'> => ({
  clock: clockUrl,
  acquirer: acquirers[0].url,
  secondAcquirer: acquirers[1]?.url ?? null,
  bank: bank.baseUrl,
  wallets: walletsUrl,
  shops: shopsUrl,
  fx: fx?.baseUrl ?? null,
});

/** Companions of a program that was just killed need a moment to end: their ports are asked for again for a while. */
async function untilPortsFree(config: Config): Promise<void> {
  for (let waited = 0; waited < PORTS_MS; waited += PORTS_STEP_MS) {
    const taken = await assertPortsFree(config).catch((error: unknown) => error);
    if (taken === undefined) return;
    await sleep(PORTS_STEP_MS);
  }
  await assertPortsFree(config);
}

/** The folder is this process's from here on: its lock, its log, its secrets. */
function takeFolder(config: Config, stops: Stops) {
  mkdirSync(join(config.dataDir, 'logs'), { recursive: true });
  mkdirSync(join(config.dataDir, 'sandbox'), { recursive: true });
  const lock = lockDataDir(config.dataDir);
  stops.push(() => lock.release());
  const log = pino({ level: config.logLevel }, pino.destination(join(config.dataDir, 'logs', 'causeway.log')));
  stops.push(() => log.flush());
  const own = loadSecrets(config.dataDir);
  return { lock, log, secrets: { ...own, vaultSecret: config.vaultSecret ?? own.vaultSecret } };
}

function startWork(config: Config, { app, handlers, announce }: WiredApp, log: Logger, stops: Stops) {
  if (config.role === 'api') return undefined;
  const worker = startWorker({
    db: app.journal.db,
    clock: app.clock,
    handlers,
    concurrency: config.jobConcurrency,
    leaseMs: config.acquirerTimeoutMs + LEASE_MARGIN_MS,
    log: (message, facts) => log.error(facts, message),
  });
  app.journal.onJobs(() => worker.wake());
  stops.push(() => worker.stop(DRAIN_MS));
  const announcing = (): Promise<void> =>
    announce().catch((error: unknown) => log.error({ error: String(error) }, 'changes were not announced'));
  stops.push(every(ANNOUNCE_MS, announcing));
  return worker;
}

async function openNetworks(input: StartNetworks, stops: Stops): Promise<Networks> {
  const networks = await startNetworks(input);
  for (const child of [...networks.children].reverse()) stops.push(() => child.stop());
  return networks;
}

/** The newest schema, and a pool in the application's role. */
async function openDatabase(config: Config, say: (line: string) => void, stops: Stops) {
  const roles = await migrateDatabase(config, say, stops);
  const db = createPool({ url: roles.app, applicationName: 'causeway', max: 20 });
  stops.push(() => db.end());
  // With an embedded server and the folder's lock no other worker can be alive: what is leased was left by a crash.
  if (config.databaseUrl === null) await releaseLeases(db);
  return { roles, db };
}

async function migrateDatabase(config: Config, say: (line: string) => void, stops: Stops): Promise<RoleUrls> {
  if (config.databaseUrl !== null) return migrate(config.databaseUrl);
  const embedded = await startEmbeddedServer({ dataDir: config.dataDir, log: say });
  stops.push(() => embedded.stop());
  const { host, port, user, password, database } = embedded.connection;
  return migrate(`postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`);
}

interface VaultInput {
  readonly roles: RoleUrls;
  readonly vaultSecret: string;
  readonly acquirerUrls: readonly string[];
  readonly publicUrl: string;
  readonly url: string;
  readonly log: Logger;
}

async function startVault(
  config: Config,
  input: VaultInput,
  stops: Stops,
): Promise<{ url: string; publicUrl: string }> {
  if (config.vaultUrl !== null) return { url: config.vaultUrl, publicUrl: config.vaultUrl };
  const child = await startChild({
    name: 'vault',
    script: join(import.meta.dirname, '../vault/main.ts'),
    logsDir: join(config.dataDir, 'logs'),
    log: (line) => input.log.warn(line),
    restart: true,
    nodeArgs: ['--disable-warning=ExperimentalWarning'],
    env: {
      PORT: String(config.vaultPort),
      VAULT_DATABASE_URL: input.roles.vault,
      VAULT_SECRET: input.vaultSecret,
      VAULT_DATA_DIR: config.dataDir,
      VAULT_ALLOWED_HOSTS: [...new Set(input.acquirerUrls.map((each) => new URL(each).origin))].join(','),
      VAULT_FRAME_ANCESTORS: [...new Set([new URL(input.publicUrl).origin, input.url])].join(','),
      ...(config.vaultBrands === null ? {} : { VAULT_BRANDS: config.vaultBrands }),
      ...(config.vaultKmsUrl === null ? {} : { VAULT_KMS_URL: config.vaultKmsUrl }),
      ...(config.vaultKmsToken === null ? {} : { VAULT_KMS_TOKEN: config.vaultKmsToken }),
    },
  });
  stops.push(() => child.stop());
  return { url: `http://127.0.0.1:${child.port}`, publicUrl: `http://localhost:${child.port}` };
}

interface Listening {
  readonly port: number;
  readonly host: string;
  readonly only: 'health' | undefined;
  readonly requestLimit: number;
  readonly source: Parameters<typeof clockParticipant>[1]['source'];
  readonly worker: Parameters<typeof clockParticipant>[1]['worker'];
}

async function listen({ app, introduce }: WiredApp, listening: Listening): Promise<Server> {
  const { port, host, source, worker, only, requestLimit } = listening;
  const extras = source.movable
    ? [
        (scope: Server) => meetFirst(scope, introduce),
        (scope: Server) =>
          clockParticipant(scope, {
            ...{ source, worker, db: app.journal.db, inFlight: app.payments.inFlight },
            unread: () => (worker === null || app.ams.key === null ? Promise.resolve(false) : changesWait(app.ams)),
          }),
      ]
    : [];
  const server = await buildServer(app, { extras, requestLimit, ...(only === undefined ? {} : { only }) });
  await server.listen({ port, host });
  return server;
}

/** A wallet of the sandbox is met before its first message is checked. */
function meetFirst(scope: Server, introduce: Introduce): void {
  scope.addHook('onRequest', async ({ url, headers }) => {
    if (url.startsWith('/aps/')) await introduce(String(headers['client-id'] ?? ''));
  });
}

function readVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function main(): Promise<void> {
  const began = monotonicMs();
  const say = (line: string): void => console.log(line);
  let running: Running | undefined;
  let _stopping: Promise<void> | undefined;
  const stopNow = (): void => {
    _stopping ??= (async () => {
      if (config.progress) say('stopping …');
      await running?.stop();
      process.exit(0);
    })();
  };
  const config = readConfig();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stopNow);
  running = await start(config, (line) => (config.progress ? say(line) : undefined));
  for (const line of running.welcome.lines) say(line);
  if (config.progress) say(`ready in ${((monotonicMs() - began) / 1000).toFixed(1)} s. Ctrl-C stops everything.`);
  process.send?.({ ready: true, addresses: running.addresses, operatorKey: running.welcome.operatorKey });
  process.on('disconnect', stopNow);
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    console.error((error as Error).message ?? error);
    process.exit(1);
  });
}
