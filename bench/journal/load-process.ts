/**
 * One process of load: so many lanes, each with one unit in flight, as callers of commit() are. Told by its parent what to
 * run and when to begin; counts only what was acknowledged inside the measured time.
 */
import { monotonicMs, sleep } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/base/random.ts';
import { createPool } from '../../src/db/pool.ts';
import { createCommitter } from '../../src/journal/index.ts';
import { quantile } from '../support/statistics.ts';
import { createNaive, type Driver, type Engine } from './naive.ts';
import { type Load, type OwnRow, planUnit } from './shapes.ts';

export interface LoadOrder {
  readonly url: string;
  readonly engine: 'commit' | Driver;
  /** Connections of the naive engine. */
  readonly connections: number;
  readonly load: Load;
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Rows of the cast that are this process's own. */
  readonly rows: { readonly from: number; readonly to: number };
  readonly seed: number;
}

export interface LoadReport {
  readonly committed: number;
  readonly refused: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU seconds of this process in the measured time. */
  readonly cpu: number;
  readonly peakMiB: number;
}

/** A prime that does not divide any number of rows here: multiples of it visit every row once. */
const SCATTER = 15_485_863;

process.once('message', (order: LoadOrder) => {
  void run(order).then((report) => {
    process.send?.(report);
    process.disconnect();
  });
});

async function run(order: LoadOrder): Promise<LoadReport> {
  const engine = createEngine(order);
  const tally = { measuring: false, stopped: false, committed: 0, refused: 0, latencies: [] as number[] };
  const lanes = Array.from({ length: order.inFlight }, (_, lane) => runLane(order, engine, lane, tally));
  const failed = Promise.race(lanes.map((lane) => lane.then(() => undefined)));
  await Promise.race([sleep(order.warmUpMs), failed]);
  const [cpu, began] = [process.cpuUsage(), monotonicMs()];
  tally.measuring = true;
  await Promise.race([sleep(order.measureMs), failed]);
  tally.measuring = false;
  const [used, seconds] = [process.cpuUsage(cpu), (monotonicMs() - began) / 1000];
  tally.stopped = true;
  await Promise.all(lanes);
  await engine.close();
  return {
    committed: tally.committed,
    refused: tally.refused,
    seconds,
    p50: quantile(tally.latencies, 0.5),
    p99: quantile(tally.latencies, 0.99),
    cpu: (used.user + used.system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}

interface Tally {
  measuring: boolean;
  stopped: boolean;
  committed: number;
  refused: number;
  readonly latencies: number[];
}

async function runLane(order: LoadOrder, engine: Engine, lane: number, tally: Tally): Promise<void> {
  const random = seededRandom(order.seed * 100_003 + lane);
  const rows: OwnRow[] = [];
  const { from, to } = order.rows;
  // In no order of place: neighbours in a page are not changed together, as they would not be in life.
  for (let n = lane; n <= to - from; n += order.inFlight)
    rows.push({ n: from + ((n * SCATTER) % (to - from + 1)), version: 1, key: null });
  for (let turn = 0; !tally.stopped; turn += 1) {
    // Each row twice, so that there is a key to repeat.
    const row = rows[(turn >> 1) % rows.length] as OwnRow;
    const { unit, expected } = planUnit(order.load, row, random);
    const began = monotonicMs();
    const { code } = await engine.commit(unit);
    if (code !== expected) throw new Error(`a unit that should be ${expected} is ${code}`);
    if (code === 'committed') {
      row.version += 1;
      row.key = unit.command.key;
    }
    if (!tally.measuring) continue;
    tally.latencies.push(monotonicMs() - began);
    if (code === 'committed') tally.committed += 1;
    else tally.refused += 1;
  }
}

function createEngine({ engine, url, connections }: LoadOrder): Engine {
  if (engine !== 'commit') return createNaive(engine, url, connections);
  const pool = createPool({ url, applicationName: 'bench' });
  const committer = createCommitter({ url, pool });
  return {
    commit: (unit) => committer.commit(unit),
    close: async () => {
      await committer.close();
      await pool.end();
    },
  };
}
