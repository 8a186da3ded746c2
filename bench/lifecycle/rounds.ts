/**
 * The rounds: platform and ceiling in turn, so that whatever the machine does meets both. One warm-up round each, untimed;
 * it also gives the ceiling its canned rows.
 */
import { join } from 'node:path';
import { type BenchDatabase, type BenchServer, startBenchServer } from '../support/database.ts';
import { type BenchChild, startBenchChild } from './child.ts';
import { analyze, type DatabaseFigures, databaseFigures } from './database-figures.ts';
import type { Round, RoundFigures } from './generator.ts';
import type { PlatformQuestion, Sample, Started } from './platform.ts';
import { secondsOf, secondsOfFamily } from './processor-time.ts';

export interface Sizes {
  readonly rounds: number;
  /** Lives of a round of the platform; the ceiling leads more, to run for as long. */
  readonly lives: number;
  readonly ceilingLives: number;
  /** Lives under way at a time, for each of which all rounds are made. */
  readonly atOnce: readonly number[];
}

export interface Measured extends RoundFigures {
  readonly lives: number;
  readonly atOnce: number;
  /** Processor seconds of the round, by process. */
  readonly processor: Readonly<Record<string, number>>;
  /** Only of the platform. */
  readonly walBytes: number;
}

export interface Rounds {
  readonly platform: readonly Measured[];
  readonly ceiling: readonly Measured[];
  /** Of all rounds of the platform, warm-up included. */
  readonly database: DatabaseFigures & { readonly lives: number };
}

export const WARM_UP_LIVES = 1000;
export const BUYERS = 200;

/** Everything a run has started; stopped in reverse. */
export interface Bench {
  readonly stops: (() => Promise<void>)[];
}

export async function startServer(bench: Bench): Promise<BenchServer> {
  const server = await startBenchServer();
  bench.stops.push(() => server.stop());
  return server;
}

/** A process of this folder, stopped with the run. */
export function startPart(bench: Bench, file: string): BenchChild {
  const started = startBenchChild(join(import.meta.dirname, file));
  bench.stops.push(() => started.stop());
  return started;
}

export async function measureRounds(sizes: Sizes, bench: Bench, say: (line: string) => void): Promise<Rounds> {
  const server = await startServer(bench);
  const database = await server.createDatabase('lifecycle');
  const [platform, ceiling, generator] = [
    startPart(bench, 'platform.ts'),
    startPart(bench, 'ceiling.ts'),
    startPart(bench, 'generator.ts'),
  ];
  const ask = <Answer>(question: PlatformQuestion): Promise<Answer> => platform.ask(question);
  const started = await ask<Started>({
    kind: 'start',
    databaseUrl: database.app,
    sellers: sizes.lives,
    buyers: BUYERS,
    countsQueries: false,
  });
  const before = await databaseFigures(database.owner);
  const lead = (subject: BenchChild, url: string, round: Pick<Round, 'lives' | 'atOnce' | 'name' | 'drains'>) =>
    measure(
      { generator, server, database, watched: { server: subject.pid } },
      { ...started, ...round, url, cards: { kind: 'stub' } },
    );

  const [atOnce = 64] = sizes.atOnce;
  await lead(platform, started.url, { lives: WARM_UP_LIVES, atOnce, name: 'warm', drains: true });
  const canned = await ceiling.ask<string>(await ask<Sample>({ kind: 'sample' }));
  await lead(ceiling, canned, { lives: WARM_UP_LIVES * 4, atOnce, name: 'warm', drains: false });
  const rounds: { platform: Measured[]; ceiling: Measured[] } = { platform: [], ceiling: [] };
  for (const wide of sizes.atOnce) {
    for (let number = 1; number <= sizes.rounds; number += 1) {
      const name = `${wide}-${number}`;
      const real = await lead(platform, started.url, { lives: sizes.lives, atOnce: wide, name, drains: true });
      if (real.payouts !== sizes.lives) throw new Error(`${sizes.lives} lives, but ${real.payouts} payouts`);
      const could = await lead(ceiling, canned, { lives: sizes.ceilingLives, atOnce: wide, name, drains: false });
      rounds.platform.push(real);
      rounds.ceiling.push(could);
      say(`  ${wide} at once, round ${number}: ${rate(real)} lives/s, ceiling ${rate(could)}`);
    }
  }
  await analyze(database.owner);
  await ask({ kind: 'check' });
  await platform.stop();
  const lives = WARM_UP_LIVES + sizes.lives * sizes.rounds * sizes.atOnce.length;
  return { ...rounds, database: { ...(await databaseFigures(database.owner, before)), lives } };
}

export const rate = ({ lives, seconds }: Measured): string => (lives / seconds).toFixed(1);

export interface Parts {
  readonly generator: BenchChild;
  readonly server: BenchServer;
  readonly database: BenchDatabase;
  /** Ids of the processes that are watched beside generator and PostgreSQL. */
  readonly watched: Readonly<Record<string, number>>;
}

/** One round, and what it cost. */
export async function measure({ generator, server, database, watched }: Parts, round: Round): Promise<Measured> {
  const used = (): Readonly<Record<string, number>> => ({
    ...Object.fromEntries(Object.entries(watched).map(([name, pid]) => [name, secondsOf(pid)])),
    PostgreSQL: secondsOfFamily(server.pid),
    generator: secondsOf(generator.pid),
  });
  const wal = await databaseFigures(database.owner);
  const before = used();
  const figures = await generator.ask<RoundFigures>(round);
  const after = used();
  return {
    ...figures,
    lives: round.lives,
    atOnce: round.atOnce,
    processor: Object.fromEntries(Object.entries(after).map(([name, until]) => [name, until - (before[name] ?? 0)])),
    walBytes: (await databaseFigures(database.owner, wal)).walBytes,
  };
}
