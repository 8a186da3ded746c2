/**
 * `npm run bench -- lifecycle`: whole lives of orders over HTTP, a second, against the ceiling of the same routes with canned
 * answers; then lives whose cards go through the vault against lives with a stub token. A life counts when its payout is
 * posted and filed and every job it left has run.
 */
import type { BenchContext, Benchmark, BenchResult, Table } from '../benchmark.ts';
import { round } from '../support/statistics.ts';
import { HAS_PROC } from './processor-time.ts';
import { type Bench, type Measured, measureRounds, type Rounds, type Sizes } from './rounds.ts';
import { livesASecond, of, processorMs, tablesOf, typical } from './tables.ts';
import { measureVaultRounds, type VaultRounds } from './vault-rounds.ts';

const SIZES: Sizes = { rounds: 3, lives: 4000, ceilingLives: 12_000, atOnce: [256] };
const FULL: Sizes = { ...SIZES, atOnce: [64, 128, 256] };
const BAR = 0.25;
const VAULT_BAR = 0.75;

export const lifecycle: Benchmark = {
  name: 'lifecycle',
  title: 'An order’s whole life over HTTP, against the same routes with canned answers',
  run: async (context) => {
    const { rounds, vaultRounds } = await measured(context.full ? FULL : SIZES, context);
    return resultOf(rounds, vaultRounds);
  },
};

interface AllRounds {
  readonly rounds: Rounds;
  readonly vaultRounds: VaultRounds;
}

async function measured(sizes: Sizes, { say, onInterrupt }: BenchContext): Promise<AllRounds> {
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
    const rounds = await measureRounds(sizes, bench, say);
    await stop(); // each part has the machine to itself
    return { rounds, vaultRounds: await measureVaultRounds(sizes, bench, say) };
  } finally {
    await stop();
  }
}

function resultOf(rounds: Rounds, vaultRounds: VaultRounds): BenchResult {
  const { platform, ceiling } = rounds;
  const { vault, stub } = vaultRounds;
  const widths = [...new Set(platform.map(({ atOnce }) => atOnce))];
  const ratios = widths.map((atOnce) => ratioOf(platform, ceiling, atOnce));
  const vaultRatios = widths.map((atOnce) => ratioOf(vault, stub, atOnce));
  const lifecycleRatio = round(Math.max(...ratios), 3);
  const vaultRatio = round(Math.max(...vaultRatios), 3);
  const costs = widths.map((atOnce) => costRatioOf(vault, stub, atOnce));
  return {
    summary: { lifecycleRatio, vaultRatio, ...(HAS_PROC ? { vaultCostRatio: round(Math.max(...costs), 3) } : {}) },
    bars: [
      { name: 'lifecycleRatio', value: lifecycleRatio, atLeast: BAR },
      { name: 'vaultRatio', value: vaultRatio, atLeast: VAULT_BAR },
    ],
    tables: [
      {
        title: 'Share of the ceiling; lives with the vault ÷ lives with a stub token',
        header: ['lives at once', 'lifecycleRatio', 'bar', 'goal', 'vaultRatio', 'bar', 'by processor time'],
        rows: widths.map((atOnce, index) => [
          String(atOnce),
          ratios[index] as number,
          BAR,
          0.4,
          vaultRatios[index] as number,
          VAULT_BAR,
          HAS_PROC ? (costs[index] as number) : 'no /proc',
        ]),
      },
      ...widths.flatMap((atOnce) => tablesOf({ platform, ceiling }, atOnce)),
      perLife(rounds),
      ...widths.flatMap((atOnce) => tablesOf({ vault, 'stub token': stub }, atOnce)),
    ],
  };
}

function ratioOf(product: readonly Measured[], baseline: readonly Measured[], atOnce: number): number {
  return typical(of(product, atOnce), livesASecond) / typical(of(baseline, atOnce), livesASecond);
}

/** What a life costs the baseline, of what it costs the product: other work on the machine changes it less than rates. */
function costRatioOf(product: readonly Measured[], baseline: readonly Measured[], atOnce: number): number {
  return typical(of(baseline, atOnce), processorMs) / typical(of(product, atOnce), processorMs);
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
