/** What the rounds come to, as tables: medians over the rounds of each side. */
import type { Table } from '../benchmark.ts';
import { median, quantile } from '../support/statistics.ts';
import type { Timed } from './generator.ts';
import { REQUESTS } from './life.ts';
import { HAS_PROC } from './processor-time.ts';
import type { Measured } from './rounds.ts';

const KINDS: readonly Timed[] = ['tokenize', ...REQUESTS];

/** Rates, latencies and processor time of what was compared, by the sides' names. */
export function tablesOf(compared: Readonly<Record<string, readonly Measured[]>>, atOnce: number): readonly Table[] {
  const sides = Object.entries(compared).map(([name, measured]) => [name, of(measured, atOnce)] as const);
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
    rows: KINDS.filter((kind) => sides.some(([, [first]]) => (first?.latencies[kind].length ?? 0) > 0)).map((kind) => [
      kind,
      ...sides.flatMap(([, measured]) =>
        [0.5, 0.99].map((share) => typical(measured, ({ latencies }) => quantile(latencies[kind], share))),
      ),
    ]),
  };
  return [rates, latency, processorTable(sides, atOnce)];
}

function processorTable(sides: readonly (readonly [string, readonly Measured[]])[], atOnce: number): Table {
  const processes = Object.keys(sides[0]?.[1][0]?.processor ?? {});
  return {
    title: HAS_PROC
      ? `Processor milliseconds a life, ${atOnce} lives at once`
      : 'Processor milliseconds a life: skipped, this machine has no /proc',
    header: ['', ...processes, 'together'],
    rows: HAS_PROC
      ? sides.map(([name, measured]) => [
          name,
          ...processes.map((part) => typical(measured, (each) => ((each.processor[part] ?? 0) * 1000) / each.lives)),
          typical(measured, processorMs),
        ])
      : [],
  };
}

export const of = (measured: readonly Measured[], atOnce: number): readonly Measured[] =>
  measured.filter((each) => each.atOnce === atOnce);

export const typical = (measured: readonly Measured[], figure: (each: Measured) => number): number =>
  median(measured.map(figure));

/** Milliseconds of all processes a life. */
export const processorMs = ({ processor, lives }: Measured): number =>
  (Object.values(processor).reduce((sum, seconds) => sum + seconds, 0) * 1000) / lives;

export const livesASecond = ({ lives, seconds }: Measured): number => lives / seconds;
