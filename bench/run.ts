/**
 * `npm run bench -- NAME [--json] [--full]`: prints the machine and the settings, ratios first, then absolute figures.
 * With --json the last line is one object of the ratios, and what misses its bar goes to the error stream. Exit code 1 when
 * a bar is missed.
 */
import { parseArgs } from 'node:util';
import { ams } from './ams/index.ts';
import { type Benchmark, type BenchResult, missed } from './benchmark.ts';
import { history } from './history/index.ts';
import { journal } from './journal/index.ts';
import { lifecycle } from './lifecycle/index.ts';
import { payoutRun } from './payout-run/index.ts';
import { machine } from './support/machine.ts';
import { render } from './support/table.ts';

const BENCHMARKS: readonly Benchmark[] = [journal, history, lifecycle, payoutRun, ams];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

if (values.list) {
  for (const { name, title } of BENCHMARKS) console.log(`${name.padEnd(12)} ${title}`);
} else {
  const benchmark = BENCHMARKS.find(({ name }) => name === positionals[0]);
  if (benchmark === undefined || positionals.length !== 1) {
    console.error('usage: npm run bench -- NAME [--json] [--full]');
    console.error(`benchmarks: ${BENCHMARKS.map(({ name }) => name).join(', ')}`);
    process.exit(2);
  }
  process.exit(await measure(benchmark));
}

async function measure(benchmark: Benchmark): Promise<number> {
  const say = (line: string): void => {
    if (!values.json) console.log(line);
  };
  say(`${benchmark.title}\n${machine()}`);
  const result = await benchmark.run({ full: values.full, say, onInterrupt });
  const misses = result.bars.map(missed).filter((miss) => miss !== null);
  if (!values.json) show(result, misses);
  else {
    for (const miss of misses) console.error(`! ${miss}`);
    console.log(JSON.stringify(result.summary));
  }
  return misses.length === 0 ? 0 : 1;
}

function show({ tables, bars }: BenchResult, misses: readonly string[]): void {
  for (const table of tables) console.log(`\n${render(table)}`);
  for (const miss of misses) console.log(`! ${miss}`);
  console.log(
    misses.length === 0 ? `\nall ${bars.length} bars hold` : `\n${misses.length} of ${bars.length} bars missed`,
  );
}

function onInterrupt(undo: () => Promise<void>): void {
  const stop = (): void => void undo().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
}
