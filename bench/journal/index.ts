/**
 * The benchmark `journal`: commit() with everything on against the naive way, in interleaved rounds. The default run measures
 * what the bars need; --full adds loads, shapes, sizes and numbers of processes.
 */
import type { Bar, BenchContext, Benchmark, BenchResult, Table } from '../benchmark.ts';
import { startBenchServer } from '../support/database.ts';
import { median, round } from '../support/statistics.ts';
import { type Cell, killLoad, type Measured } from './cell.ts';
import type { Shape } from './shapes.ts';
import { createBenchWorld } from './world.ts';

export const journal: Benchmark = {
  name: 'journal',
  title: 'Commit throughput: units with everything on, against one call and one transaction for each unit',
  run,
};

const ROUNDS = 3;
const TIMES = { warmUpMs: 1500, measureMs: 3500 };
const NAIVE_IN_FLIGHT = 32;

interface Line {
  readonly name: string;
  readonly cell: Cell;
}

type Results = ReadonlyMap<string, readonly Measured[]>;

async function run(context: BenchContext): Promise<BenchResult> {
  const server = await startBenchServer();
  const stop = async (): Promise<void> => {
    killLoad();
    await server.stop();
  };
  context.onInterrupt(stop);
  try {
    const world = createBenchWorld(server);
    // Write-ahead log files are recycled and memory is touched in a server that has been running for a while.
    await world.run({ ...line('warm', { inFlight: 1024 }).cell, measureMs: 12_000 });
    const lines = context.full ? [...forBars(), ...forFull()] : forBars();
    const results = new Map<string, Measured[]>(lines.map(({ name }) => [name, []]));
    for (let turn = 1; turn <= ROUNDS; turn += 1)
      for (const { name, cell } of lines) {
        const measured = await world.run(cell);
        results.get(name)?.push(measured);
        context.say(`round ${turn}  ${name.padEnd(44)} ${Math.round(measured.rate).toLocaleString('en-US')} units/s`);
      }
    return conclude(lines, results);
  } finally {
    await stop();
  }
}

interface Changes {
  readonly engine?: Cell['engine'];
  readonly shape?: Shape;
  readonly accounts?: number;
  readonly refusedShare?: number;
  readonly inFlight?: number;
  readonly processes?: number;
}

function line(name: string, changes: Changes): Line {
  const { engine = 'commit', shape = 'random', accounts = 10_000, refusedShare = 0, processes = 1 } = changes;
  const inFlight = changes.inFlight ?? (engine === 'commit' ? 1024 : NAIVE_IN_FLIGHT);
  return { name, cell: { engine, load: { shape, accounts, refusedShare }, inFlight, processes, ...TIMES } };
}

/** A naive line for each driver: the better one of the two counts. */
const naive = (name: string, changes: Changes): Line[] => [
  line(`${name}, pg`, { ...changes, engine: 'pg' }),
  line(`${name}, postgres`, { ...changes, engine: 'postgres' }),
];

const forBars = (): readonly Line[] => [
  ...naive('naive random', {}),
  line('random, 1024', {}),
  line('hot, 1024', { shape: 'hot' }),
  ...naive('naive hot', { shape: 'hot' }),
  line('5 % refused, 1024', { refusedShare: 0.05 }),
  line('4 processes, 1024', { processes: 4 }),
  line('single transfer, 4096', { shape: 'single', inFlight: 4096 }),
  ...naive('naive single transfer', { shape: 'single' }),
  line('random, 64', { inFlight: 64 }),
  ...naive('naive random, 8 in flight', { inFlight: 8 }),
  line('random, 1', { inFlight: 1 }),
  ...naive('naive random, 1 in flight', { inFlight: 1 }),
];

const forFull = (): readonly Line[] => [
  line('random, 256', { inFlight: 256 }),
  line('random, 4096', { inFlight: 4096 }),
  line('hot, 64', { shape: 'hot', inFlight: 64 }),
  line('hot, 4096', { shape: 'hot', inFlight: 4096 }),
  line('payment of four transfers, 1024', { shape: 'payment' }),
  ...naive('naive payment of four transfers', { shape: 'payment' }),
  line('random of 1 M accounts, 1024', { accounts: 1_000_000 }),
  ...naive('naive random of 1 M accounts', { accounts: 1_000_000 }),
  line('2 processes, 1024', { processes: 2 }),
  line('hot, 4 processes, 1024', { shape: 'hot', processes: 4 }),
];

function conclude(lines: readonly Line[], results: Results): BenchResult {
  const mid = (name: string, of: (measured: Measured) => number): number => median((results.get(name) ?? []).map(of));
  const rate = (name: string): number => mid(name, (measured) => measured.rate);
  const p99 = (name: string): number => mid(name, (measured) => measured.p99);
  const best = (name: string): number => Math.max(rate(`${name}, pg`), rate(`${name}, postgres`));
  const quickest = (name: string, of: (measured: Measured) => number): number =>
    Math.min(mid(`${name}, pg`, of), mid(`${name}, postgres`, of));
  const bars: readonly Bar[] = [
    { name: 'randomRatio', value: rate('random, 1024') / best('naive random'), atLeast: 4 },
    { name: 'hotRatio', value: rate('hot, 1024') / best('naive hot'), atLeast: 12 },
    { name: 'hotOverRandom', value: rate('hot, 1024') / rate('random, 1024'), atLeast: 0.9 },
    { name: 'refusal5Ratio', value: rate('5 % refused, 1024') / rate('random, 1024'), atLeast: 0.8 },
    { name: 'procs4Ratio', value: rate('4 processes, 1024') / rate('random, 1024'), atLeast: 0.6 },
    { name: 'singleTransferRatio', value: rate('single transfer, 4096') / best('naive single transfer'), atLeast: 6 },
    { name: 'p99Ratio', value: p99('random, 64') / quickest('naive random, 8 in flight', (m) => m.p99), atMost: 5 },
    {
      name: 'oneInFlightRatio',
      value: mid('random, 1', (m) => m.p50) / quickest('naive random, 1 in flight', (m) => m.p50),
      atMost: 1.5,
    },
  ].map((bar) => ({ ...bar, value: round(bar.value) }));
  return {
    summary: Object.fromEntries(
      bars.filter(({ name }) => name !== 'oneInFlightRatio').map(({ name, value }) => [name, value]),
    ),
    bars,
    tables: [ratios(bars), absolute(lines, mid)],
  };
}

const ratios = (bars: readonly Bar[]): Table => ({
  title: `Ratios, medians of ${ROUNDS} interleaved rounds`,
  header: ['ratio', 'measured', 'bar'],
  rows: bars.map(({ name, value, atLeast, atMost }) => [
    name,
    value,
    atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`,
  ]),
});

function absolute(lines: readonly Line[], mid: (name: string, of: (measured: Measured) => number) => number): Table {
  return {
    title: 'Medians: units acknowledged a second; milliseconds; processor cores; bytes of write-ahead log a unit',
    header: ['load', 'units/s', 'p50', 'p99', 'Node', 'PostgreSQL', 'WAL', 'peak MiB'],
    rows: lines.map(({ name }) => [
      name,
      mid(name, (m) => m.rate),
      mid(name, (m) => m.p50),
      mid(name, (m) => m.p99),
      mid(name, (m) => m.nodeCores),
      mid(name, (m) => m.postgresCores),
      mid(name, (m) => m.walBytesPerUnit),
      mid(name, (m) => m.peakMiB),
    ]),
  };
}
