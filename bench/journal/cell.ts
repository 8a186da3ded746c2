/** One cell: a fresh copy of the world, one or more processes of load on it, and what PostgreSQL spent meanwhile. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { sleep } from '../../src/base/clock.ts';
import type { BenchDatabase, BenchServer } from '../support/database.ts';
import { familySeconds } from '../support/processor.ts';
import type { LoadOrder, LoadReport } from './load-process.ts';
import type { Load } from './shapes.ts';

export interface Cell {
  readonly engine: LoadOrder['engine'];
  readonly load: Load;
  /** Units in flight, over all processes. */
  readonly inFlight: number;
  readonly processes: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface Measured {
  /** Units acknowledged a second, refused ones included. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Cores in use. */
  readonly nodeCores: number;
  readonly postgresCores: number;
  readonly walBytesPerUnit: number;
  readonly peakMiB: number;
}

const NAIVE_CONNECTIONS = 32;
/** State rows of the cast. */
export const ROWS = 40_000;

let children: ChildProcess[] = [];
let seed = 0;

export async function runCell(server: BenchServer, database: BenchDatabase, cell: Cell): Promise<Measured> {
  seed += 1;
  const url = cell.engine === 'commit' ? database.app : database.owner;
  const probe = new pg.Client({ connectionString: database.owner });
  await probe.connect();
  await probe.query('checkpoint');
  const share = Math.floor(ROWS / cell.processes);
  const orders = Array.from(
    { length: cell.processes },
    (_, index): LoadOrder => ({
      url,
      engine: cell.engine,
      connections: Math.min(NAIVE_CONNECTIONS, cell.inFlight),
      load: cell.load,
      inFlight: cell.inFlight / cell.processes,
      warmUpMs: cell.warmUpMs,
      measureMs: cell.measureMs,
      rows: { from: index * share + 1, to: (index + 1) * share },
      seed: seed * 16 + index,
    }),
  );
  const reports = Promise.all(orders.map(start));
  await sleep(cell.warmUpMs);
  const before = await spent(server, probe);
  await sleep(cell.measureMs);
  const after = await spent(server, probe);
  const done = await reports;
  await probe.end();
  const units = sum(done, ({ committed, refused }) => committed + refused);
  const seconds = sum(done, (report) => report.seconds) / done.length;
  return {
    rate: units / seconds,
    p50: Math.max(...done.map(({ p50 }) => p50)),
    p99: Math.max(...done.map(({ p99 }) => p99)),
    nodeCores: sum(done, ({ cpu }) => cpu) / seconds,
    postgresCores: (after.seconds - before.seconds) / seconds,
    walBytesPerUnit: Number(after.wal - before.wal) / Math.max(1, units),
    peakMiB: Math.max(...done.map(({ peakMiB }) => peakMiB)),
  };
}

/** Ends the processes of a cell that was interrupted. */
export function killLoad(): void {
  for (const child of children) child.kill('SIGKILL');
}

async function start(order: LoadOrder): Promise<LoadReport> {
  const child = fork(fileURLToPath(new URL('./load-process.ts', import.meta.url)), {
    // The flags of the product's processes, without what ties them to their launcher.
    execArgv: process.execArgv.filter((arg) => /^--(disable-warning|max-|cpu-prof)/.test(arg)),
  });
  children.push(child);
  child.send(order);
  const report = once(child, 'message').then(([message]) => message as LoadReport);
  const ended = once(child, 'exit').then(([code]) => {
    children = children.filter((other) => other !== child);
    if (code !== 0) throw new Error(`a process of load ended with ${code}`);
  });
  const result = await Promise.race([report, ended.then(() => report)]);
  await ended;
  return result;
}

async function spent(server: BenchServer, probe: pg.Client): Promise<{ seconds: number; wal: bigint }> {
  const { rows } = await probe.query<{ wal: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint as wal`,
  );
  return { seconds: familySeconds(server.pid), wal: BigInt((rows[0] as { wal: string }).wal) };
}

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
