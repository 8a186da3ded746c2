/**
 * The benchmark `history`: commits on a ledger with a year behind it against commits on a small one, in interleaved rounds,
 * and what it takes to read the past, against adding it up. The default world is a fifth of the one the bars are meant for;
 * --full builds that.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { instant, monotonicMs } from '../../src/base/clock.ts';
import { createPool } from '../../src/db/pool.ts';
import { checkLedger } from '../../src/ledger/index.ts';
import type { Bar, BenchContext, Benchmark, BenchResult } from '../benchmark.ts';
import { type Cell, killLoad, type Measured, runCell } from '../journal/cell.ts';
import { createBenchWorld } from '../journal/world.ts';
import { type BenchDatabase, type BenchServer, startBenchServer } from '../support/database.ts';
import { median, quantile, round } from '../support/statistics.ts';
import { buildWorld, FEES, seller } from './build.ts';
import { type Asked, askAll } from './questions.ts';
import { markWorld } from './rewind.ts';
import { DEFAULT, FULL, type Size } from './sizes.ts';
import type { StatementOrder, StatementReport } from './statement-process.ts';
import { type Findings, tablesOf } from './tables.ts';

export const history: Benchmark = {
  name: 'history',
  title: 'A ledger with a year behind it: commits against a small one, and reading the past against adding it up',
  run,
};

const ROUNDS = 3;
const SMALL_ACCOUNTS = 10_000;
const MONTH = { from: instant(Date.UTC(2026, 9, 1)), to: instant(Date.UTC(2026, 10, 1)) };

async function run(context: BenchContext): Promise<BenchResult> {
  const size = context.full ? FULL : DEFAULT;
  const words = `${size.transfers.toLocaleString('en-US')} transfers, ${size.accounts.toLocaleString('en-US')} accounts`;
  context.say(context.full ? words : `${words}; --full has ${FULL.transfers.toLocaleString('en-US')}`);
  const server = await startBenchServer();
  const stop = async (): Promise<void> => {
    killLoad();
    await server.stop();
  };
  context.onInterrupt(stop);
  try {
    const database = await server.createDatabase('history');
    await buildWorld(database, size, context.say);
    return conclude({
      size,
      check: await check(database),
      asked: await questions(database, size, context),
      statements: await statements(database),
      commits: await commits(server, database, size, context),
    });
  } finally {
    await stop();
  }
}

/** The laws hold on what was built, and this is how long finding that out takes. */
async function check({ app }: BenchDatabase): Promise<Findings['check']> {
  const pool = createPool({ url: app, applicationName: 'bench', max: 1 });
  const began = monotonicMs();
  const { laws } = await checkLedger(pool);
  const seconds = (monotonicMs() - began) / 1000;
  await pool.end();
  const broken = laws.filter(({ ok, alarm }) => !ok && !alarm);
  if (broken.length > 0) throw new Error(`the world breaks laws: ${JSON.stringify(broken)}`);
  return { laws: laws.length, seconds };
}

async function questions({ app }: BenchDatabase, { people }: Size, { say }: BenchContext): Promise<readonly Asked[]> {
  const pool = createPool({ url: app, applicationName: 'bench', max: 1 });
  const asked = await askAll(pool, people);
  await pool.end();
  for (const { name, of, ours } of asked) say(`  ${`${name}, ${of}`.padEnd(50)} ${quantile(ours, 0.5).toFixed(2)} ms`);
  return asked;
}

async function statements({ app }: BenchDatabase): Promise<Findings['statements']> {
  const read = (account: StatementOrder['account']) => statementInChild({ url: app, account, ...MONTH });
  return [
    { of: 'a month of a busy seller', ...(await read(seller(1))) },
    { of: 'a month of the hottest account', ...(await read(FEES)) },
  ];
}

async function statementInChild(order: StatementOrder): Promise<StatementReport> {
  const child = fork(fileURLToPath(new URL('./statement-process.ts', import.meta.url)), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  child.send(order);
  const ended = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`the process of a statement ended with ${code}`);
  });
  const [report] = (await Promise.race([once(child, 'message'), ended])) as [StatementReport];
  await ended;
  return report;
}

async function commits(
  server: BenchServer,
  database: BenchDatabase,
  { people }: Size,
  { full, say }: BenchContext,
): Promise<Findings['commits']> {
  // A cell begins with a checkpoint, and the first write of a page after one logs the whole page. Once most pages have had
  // theirs, the load is what it is for the rest of the time until the next checkpoint.
  const cell = (accounts: number, shape: Cell['load']['shape']): Cell => ({
    engine: 'commit',
    load: { shape, accounts, refusedShare: 0 },
    inFlight: 1024,
    processes: 1,
    warmUpMs: full ? 15_000 : 5000,
    measureMs: 4000,
  });
  const small = createBenchWorld(server);
  const mark = await markWorld(database);
  const large = async (load: Cell): Promise<Measured> => {
    const measured = await runCell(server, database, load);
    await mark.rewind();
    return measured;
  };
  const results: Findings['commits'] = { random: { small: [], large: [] }, payment: { small: [], large: [] } };
  for (let turn = 1; turn <= ROUNDS; turn += 1)
    for (const shape of ['random', 'payment'] as const) {
      const rates = {
        small: await small.run(cell(SMALL_ACCOUNTS, shape)),
        large: await large(cell(2 * people, shape)),
      };
      results[shape].small.push(rates.small);
      results[shape].large.push(rates.large);
      say(
        `round ${turn}  ${shape.padEnd(8)} small ${Math.round(rates.small.rate)} units/s, large ${Math.round(rates.large.rate)}`,
      );
    }
  return results;
}

/** Milliseconds are a person's: what is asked on a page must not be waited for. */
function conclude(findings: Findings): BenchResult {
  const { commits: rates, asked, statements: read, check: checked } = findings;
  const ratio = (shape: 'random' | 'payment'): number =>
    median(rates[shape].large.map(({ rate }) => rate)) / median(rates[shape].small.map(({ rate }) => rate));
  const worst = (what: RegExp): number =>
    Math.max(...asked.filter(({ name }) => what.test(name)).map(({ ours }) => quantile(ours, 0.99)));
  const bars: readonly Bar[] = [
    { name: 'commitRatio', value: ratio('random'), atLeast: 0.7 },
    { name: 'paymentCommitRatio', value: ratio('payment'), atLeast: 0.7 },
    { name: 'balanceP99Ms', value: worst(/^balance now/), atMost: 10 },
    { name: 'last50P99Ms', value: worst(/^last/), atMost: 20 },
    { name: 'pastBalanceP99Ms', value: worst(/past/), atMost: 20 },
    {
      name: 'statementEntriesPerSecond',
      value: Math.min(...read.map(({ entries, seconds }) => entries / seconds)),
      atLeast: 10_000,
    },
    { name: 'statementPeakMiB', value: Math.max(...read.map(({ peakMiB }) => peakMiB)), atMost: 256 },
  ].map((bar) => ({ ...bar, value: round(bar.value) }));
  const summary = Object.fromEntries(bars.map(({ name, value }) => [name, value]));
  return { summary: { ...summary, checkSeconds: round(checked.seconds) }, bars, tables: tablesOf(findings, bars) };
}
