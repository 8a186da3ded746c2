/**
 * `npm run bench -- lifecycle`: whole lives of orders over HTTP, a second, against the ceiling of the same routes with canned
 * answers. A life counts when its payout is posted and filed and every job it left has run.
 */
import type { BenchContext, Benchmark, BenchResult, Table } from '../benchmark.ts';
import { median, quantile, round } from '../support/statistics.ts';
import { REQUESTS } from './life.ts';
import { HAS_PROC } from './processor-time.ts';
import { type Bench, type Measured, measureRounds, type Rounds, type Sizes } from './rounds.ts';

const SIZES: Sizes = { rounds: 3, lives: 4000, ceilingLives: 12_000, atOnce: [256] };
const FULL: Sizes = { ...SIZES, atOnce: [64, 128, 256] };
const BAR = 0.25;

export const lifecycle: Benchmark = {
  name: 'lifecycle',
  title: 'An order’s whole life over HTTP, against the same routes with canned answers',
  run: async (context) => resultOf(await measured(context.full ? FULL : SIZES, context)),
};

async function measured(sizes: Sizes, { say, onInterrupt }: BenchContext): Promise<Rounds> {
  const bench: Bench = { stops: [] };
  const stop = async (): Promise<void> => {
    for (const undo of bench.stops.splice(0).reverse()) await undo();
  };
  onInterrupt(stop);
  say(
    `${sizes.lives} lives a round, ${sizes.atOnce.join(', ')} at once, each with a seller and a payout of its own; ` +
      `ceiling ${sizes.ceilingLives} lives; medians of ${sizes.rounds} interleaved rounds`,
  );
  try {
    return await measureRounds(sizes, bench, say);
  } finally {
    await stop();
  }
}

function resultOf(rounds: Rounds): BenchResult {
  const widths = [...new Set(rounds.platform.map(({ atOnce }) => atOnce))];
  const ratios = widths.map((atOnce) => ratioOf(rounds, atOnce));
  const lifecycleRatio = round(Math.max(...ratios), 3);
  return {
    summary: { lifecycleRatio },
    bars: [{ name: 'lifecycleRatio', value: lifecycleRatio, atLeast: BAR }],
    tables: [
      {
        title: 'Share of the ceiling',
        header: ['lives at once', 'ratio', 'bar', 'goal'],
        rows: widths.map((atOnce, index) => [String(atOnce), ratios[index] as number, BAR, 0.4]),
      },
      ...widths.flatMap((atOnce) => tablesOf(rounds, atOnce)),
      perLife(rounds),
    ],
  };
}

const of = (measured: readonly Measured[], atOnce: number): readonly Measured[] =>
  measured.filter((each) => each.atOnce === atOnce);

const typical = (measured: readonly Measured[], figure: (each: Measured) => number): number =>
  median(measured.map(figure));

const livesASecond = ({ lives, seconds }: Measured): number => lives / seconds;

function ratioOf({ platform, ceiling }: Rounds, atOnce: number): number {
  return typical(of(platform, atOnce), livesASecond) / typical(of(ceiling, atOnce), livesASecond);
}

function tablesOf(rounds: Rounds, atOnce: number): readonly Table[] {
  const sides = [
    ['platform', of(rounds.platform, atOnce)],
    ['ceiling', of(rounds.ceiling, atOnce)],
  ] as const;
  const rates: Table = {
    title: `Rates, ${atOnce} lives at once`,
    header: ['', 'lives/s', 'requests/s while living', 'living s', 'payout run s', 'filing s', 'deadlines s'],
    rows: sides.map(([name, measured]) => [
      name,
      typical(measured, livesASecond),
      typical(measured, ({ lives, livesSeconds }) => (lives * REQUESTS.length) / livesSeconds),
      typical(measured, ({ livesSeconds }) => livesSeconds),
      typical(measured, ({ payoutSeconds }) => payoutSeconds),
      typical(measured, ({ filingSeconds }) => filingSeconds),
      typical(measured, ({ deadlinesSeconds }) => deadlinesSeconds),
    ]),
  };
  const latency: Table = {
    title: `Latency in ms, ${atOnce} lives at once`,
    header: ['', ...sides.flatMap(([name]) => [`${name} p50`, `${name} p99`])],
    rows: REQUESTS.map((kind) => [
      kind,
      ...sides.flatMap(([, measured]) =>
        [0.5, 0.99].map((share) => typical(measured, ({ latencies }) => quantile(latencies[kind], share))),
      ),
    ]),
  };
  const processor: Table = {
    title: HAS_PROC
      ? `Processor milliseconds a life, ${atOnce} lives at once`
      : 'Processor milliseconds a life: skipped, this machine has no /proc',
    header: ['', 'server', 'PostgreSQL', 'generator'],
    rows: HAS_PROC
      ? sides.map(([name, measured]) => [
          name,
          ...(['server', 'postgres', 'generator'] as const).map((part) =>
            typical(measured, (each) => (each.processor[part] * 1000) / each.lives),
          ),
        ])
      : [],
  };
  return [rates, latency, processor];
}

function perLife({ platform, database }: Rounds): Table {
  return {
    title: 'What one life costs the database',
    header: ['', 'a life'],
    rows: [
      ['transactions', database.commits / database.lives],
      ['events', database.events / database.lives],
      ['WAL KiB', typical(platform, ({ walBytes, lives }) => walBytes / lives / 1024)],
    ],
  };
}
