/**
 * A world: the whole program with its sandbox networks, in a temporary folder on free ports, spoken to over HTTP as a client
 * would. Stories, simulations and soak runs build on it. A world can be killed and started again on the same data.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEmbeddedData } from '../src/db/embedded-location.ts';
import { companionEnvironment } from '../src/main/config.ts';
import { type Client, createClient } from './client.ts';

export interface Addresses {
  readonly api: string;
  readonly vault: string;
  readonly clock: string;
  readonly acquirer: string;
  /** Where the world was started with two. */
  readonly secondAcquirer: string | null;
  readonly bank: string;
  /** The sandbox's home wallets. */
  readonly wallets: string;
  /** The sandbox's acquirers abroad with their shops. */
  readonly shops: string;
  readonly fx: string;
  /** The API over TLS. */
  readonly amsTls: string;
}

export interface World {
  readonly dataDir: string;
  readonly addresses: Addresses;
  readonly operatorKey: string;
  /** The REST API with the operator's key. */
  readonly operator: Client;
  /** The REST API with another key. */
  as(key: string): Client;
  /** Moves business time; resolves when everything due has been done. */
  advance(days: number, hours?: number): Promise<{ now: string; steps: number; skipped: readonly string[] }>;
  now(): Promise<string>;
  /** A network's own view and its levers. */
  readonly acquirer: Client;
  readonly secondAcquirer: Client | null;
  readonly bank: Client;
  readonly wallets: Client;
  readonly shops: Client;
  /** The source of exchange rates. */
  readonly fx: Client;
  /** A card token from the vault; good for years unless it says otherwise. */
  tokenize(marketplace: string, number: string, expiry?: { month: number; year: number }): Promise<string>;
  readonly process: ChildProcess;
  /** SIGKILL to the program alone, as a crash would. */
  kill(): Promise<void>;
  /** Starts the program again on the same data and the same ports. */
  restart(): Promise<void>;
  /** Stops the program in order; its folder stays. */
  stop(): Promise<void>;
  /** Stops and removes everything. */
  end(): Promise<void>;
}

const START = join(import.meta.dirname, '../src/main/start.ts');
const STOP_MS = 15_000;

export interface WorldOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Shows what the program prints. */
  readonly verbose?: boolean;
  /** Gets what the program prints, piece by piece. */
  readonly onOutput?: (printed: Uint8Array) => void;
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'causeway-world-'));
  chmodSync(dataDir, 0o755); // as root, the user postgres has to pass; outside, its programs would be copied first
  const free = {
    PORT: '0',
    VAULT_PORT: '0',
    SANDBOX_CLOCK_PORT: '0',
    SANDBOX_ACQUIRER_PORT: '0',
    SANDBOX_BANK_PORT: '0',
    SANDBOX_WALLETS_PORT: '0',
    SANDBOX_SHOPS_PORT: '0',
    SANDBOX_FX_PORT: '0',
    AMS_TLS_PORT: '0',
  };
  let env: Record<string, string> = { ...free, DATA_DIR: dataDir, PROGRESS: 'off', LOG_LEVEL: 'warn', ...options.env };
  let running = await launch(env, options);
  // From now on the same ports, so that a restarted world is where its clients expect it.
  env = { ...env, ...portsOf(running.addresses) };
  const { addresses, operatorKey } = running;
  const clock = createClient(addresses.clock);
  const vault = createClient(addresses.vault);
  const ended = (): Promise<void> => endOf(running.process);
  const stop = async (): Promise<void> => {
    running.process.kill('SIGTERM');
    await ended();
  };
  return {
    dataDir,
    addresses,
    operatorKey,
    operator: createClient(addresses.api, operatorKey),
    as: (key) => createClient(addresses.api, key),
    advance: (days, hours = 0) => clock.post('/advance', { byMs: days * 86_400_000 + hours * 3_600_000 }),
    now: async () => (await clock.get<{ now: string }>('/now')).now,
    acquirer: createClient(addresses.acquirer),
    secondAcquirer: addresses.secondAcquirer === null ? null : createClient(addresses.secondAcquirer),
    bank: createClient(addresses.bank),
    wallets: createClient(addresses.wallets),
    shops: createClient(addresses.shops),
    fx: createClient(addresses.fx),
    tokenize: async (marketplace, number, { month, year } = { month: 12, year: 2031 }) => {
      // The issuer's test values for a matching code: four digits on American Express, three elsewhere.
      const card = { number, expiryMonth: month, expiryYear: year, cvv: /^3[47]/.test(number) ? '1111' : '111' };
      return (await vault.post<{ token: string }>('/v1/tokens', { marketplace, card })).token;
    },
    get process() {
      return running.process;
    },
    kill: async () => {
      running.process.kill('SIGKILL');
      await ended();
    },
    restart: async () => {
      running = await launch(env, options);
    },
    stop,
    end: async () => {
      await stop();
      await removeEmbeddedData(dataDir);
    },
  };
}

interface Launched {
  readonly process: ChildProcess;
  readonly addresses: Addresses;
  readonly operatorKey: string;
}

function launch(env: Record<string, string>, { verbose = false, onOutput }: WorldOptions): Promise<Launched> {
  const child = fork(START, [], {
    env: companionEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
      if (verbose) process.stderr.write(chunk);
      onOutput?.(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve({ process: child, ...(message as Omit<Launched, 'process'>) }));
    child.once('exit', (code, signal) =>
      reject(new Error(`the program ended at start (${code ?? signal}):\n${output}`)),
    );
  });
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const limit = AbortSignal.timeout(STOP_MS);
  await once(child, 'exit', { signal: limit }).catch(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    throw new Error(`the program did not stop within ${STOP_MS / 1000} s`);
  });
}

function portsOf(addresses: Addresses): Record<string, string> {
  const port = (url: string): string => new URL(url).port;
  return {
    PORT: port(addresses.api),
    VAULT_PORT: port(addresses.vault),
    SANDBOX_CLOCK_PORT: port(addresses.clock),
    SANDBOX_ACQUIRER_PORT: port(addresses.acquirer),
    SANDBOX_BANK_PORT: port(addresses.bank),
    SANDBOX_WALLETS_PORT: port(addresses.wallets),
    SANDBOX_SHOPS_PORT: port(addresses.shops),
    SANDBOX_FX_PORT: port(addresses.fx),
    AMS_TLS_PORT: port(addresses.amsTls),
    ...(addresses.secondAcquirer === null ? {} : { SANDBOX_SECOND_ACQUIRER_PORT: port(addresses.secondAcquirer) }),
  };
}
