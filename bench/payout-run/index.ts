/**
 * A payout run of 200,000 sellers: planned, posted, and written into the bank's files, by one process that is killed once in
 * the middle and started again; the time counts from the order to the last file's bytes. Beside it the decisions alone,
 * paged as a run makes them against a seller at a time, in interleaved rounds.
 */
import { join } from 'node:path';
import type { Id } from '../../src/base/ids.ts';
import type { BenchContext, Benchmark, BenchResult } from '../benchmark.ts';
import { type BenchChild, startBenchChild } from '../lifecycle/child.ts';
import { type BenchServer, startBenchServer } from '../support/database.ts';
import { median, round } from '../support/statistics.ts';
import { openBooks } from './books.ts';
import { type RunFigures, runAndKill } from './run-and-kill.ts';
import { addSellers } from './sellers.ts';
import { verify } from './verify.ts';
import type { Question } from './worker-process.ts';

export const payoutRun: Benchmark = {
  name: 'payout-run',
  title: 'Payout run of 200,000 sellers, from the order to the last file for the bank, killed once in the middle',
  run: measure,
};

const SELLERS = 200_000;
const SAMPLE = 5000;
const ROUNDS = 3;
const SECONDS_MAX = 120;
/** Of the process: what Node itself takes, and a page or a file at a time. */
const PEAK_MIB_MAX = 512;

const WORKER = join(import.meta.dirname, 'worker-process.ts');

async function measure(context: BenchContext): Promise<BenchResult> {
  const server = await startBenchServer();
  context.onInterrupt(() => server.stop());
  try {
    const rounds = await compare(server, context);
    const figures = await runLarge(server, context);
    return resultOf(rounds, figures);
  } finally {
    await server.stop();
  }
}

interface Round {
  /** Sellers a second. */
  readonly paged: number;
  readonly naive: number;
}

/** Decisions alone: each round pays two marketplaces of the same size, one by a run and one a seller at a time. */
async function compare(server: BenchServer, { say }: BenchContext): Promise<readonly Round[]> {
  const database = await server.createDatabase('payout_sample');
  const { bank, marketplaces } = await openBooks(database.app, { marketplaces: ROUNDS * 2, cents: 0n });
  for (const [block, { marketplace, network }] of marketplaces.entries())
    await addSellers(database.owner, { marketplace, network, count: SAMPLE, block });
  const worker = await startWorkerProcess({ url: database.app, bank, filing: false });
  const rounds: Round[] = [];
  const rate = async (way: 'naive' | 'paged', index: number): Promise<number> => {
    const { marketplace } = marketplaces[index] as { marketplace: Id<'mkt'> };
    return SAMPLE / (await ask<number>(worker, { ask: way, marketplace }));
  };
  try {
    for (let index = 0; index < ROUNDS; index += 1) {
      const round = { naive: await rate('naive', index * 2), paged: await rate('paged', index * 2 + 1) };
      say(
        `round ${index + 1}: ${Math.round(round.paged)} sellers/s in pages, ${Math.round(round.naive)} one at a time`,
      );
      rounds.push(round);
    }
  } finally {
    await worker.stop();
    await database.drop();
  }
  return rounds;
}

async function runLarge(server: BenchServer, { say }: BenchContext): Promise<RunFigures & { readonly files: number }> {
  const database = await server.createDatabase('payout_run');
  const { bank, marketplaces } = await openBooks(database.app, { marketplaces: 1, cents: BigInt(SELLERS) * 101_000n });
  const [{ marketplace, network }] = marketplaces as [{ marketplace: Id<'mkt'>; network: Id<'net'> }];
  say(`making ${SELLERS.toLocaleString('en-US')} sellers …`);
  const total = await addSellers(database.owner, { marketplace, network, count: SELLERS, block: 0 });
  const start = (): Promise<BenchChild> => startWorkerProcess({ url: database.app, bank, filing: true });
  const figures = await runAndKill({ start, database, server, marketplace, sellers: SELLERS, say });
  say('verifying …');
  const files = await verify(database.owner, { marketplace, run: figures.run, sellers: SELLERS, total });
  await database.drop();
  return { ...figures, files };
}

async function startWorkerProcess(opening: { url: string; bank: Id<'bnk'>; filing: boolean }): Promise<BenchChild> {
  const worker = startBenchChild(WORKER);
  await ask(worker, { ask: 'open', ...opening });
  return worker;
}

const ask = <Answer>(worker: BenchChild, question: Question): Promise<Answer> => worker.ask<Answer>(question);

function resultOf(rounds: readonly Round[], figures: RunFigures & { readonly files: number }): BenchResult {
  const [paged, naive] = [median(rounds.map((each) => each.paged)), median(rounds.map((each) => each.naive))];
  const { seconds, peakMiB, begunSeconds, killedAt, platformSeconds, databaseSeconds, files } = figures;
  return {
    summary: { sellers: SELLERS, seconds: round(seconds, 1), peakMiB: Math.round(peakMiB) },
    bars: [
      { name: 'seconds', value: round(seconds, 1), atMost: SECONDS_MAX },
      { name: 'peakMiB', value: Math.round(peakMiB), atMost: PEAK_MIB_MAX },
    ],
    tables: [
      {
        title: `Decisions alone: medians of ${ROUNDS} interleaved rounds of ${SAMPLE} sellers`,
        header: ['', 'sellers/s', 'ratio'],
        rows: [
          ['in pages, as a run', paged, round(paged / naive)],
          ['a seller at a time, 64 at once', naive, 1],
        ],
      },
      {
        title: 'The run',
        header: ['', ''],
        rows: [
          ['sellers paid, each once', SELLERS],
          ['seconds to the last payout', begunSeconds],
          ['seconds to the last file', seconds],
          ['killed with sellers done', killedAt],
          ['files', files],
          ['peak of the process, MiB', peakMiB],
          ['processor seconds, platform', platformSeconds],
          ['processor seconds, database', databaseSeconds],
        ],
      },
    ],
  };
}
