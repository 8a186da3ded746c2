/**
 * `npm run bench -- ams`: signed payments a second through the AMS gateway, each with its notification, against the rate at which
 * the same signatures and the same HTTP could go. A payment counts when it is answered and the client was told.
 */
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { monotonicMs } from '../../src/base/clock.ts';
import type { BenchContext, Benchmark, BenchResult } from '../benchmark.ts';
import { type BenchChild, startBenchChild } from '../lifecycle/child.ts';
import { HAS_PROC, secondsOf, secondsOfFamily } from '../lifecycle/processor-time.ts';
import { type BenchServer, startBenchServer } from '../support/database.ts';
import { median, quantile, round } from '../support/statistics.ts';
import type { Sent } from './generator.ts';
import { PEM } from './keys.ts';
import type { Started } from './platform.ts';

const BAR = 0.6;
const ROUNDS = 5;
/** Payments of a round; the ceiling takes more, to run for as long. */
const PAYS = 3000;
const CEILING_PAYS = 4000;
const WARM_UP = 1500;
const AT_ONCE = 256;
const SELLERS = 200;

export const ams: Benchmark = {
  name: 'ams',
  title: 'Signed payments with their notifications, against signatures and HTTP alone',
  run: async (context) => {
    const stops: (() => Promise<void>)[] = [];
    const stop = async (): Promise<void> => {
      for (const undo of stops.splice(0).reverse()) await undo();
    };
    context.onInterrupt(stop);
    try {
      return resultOf(await measure(stops, context));
    } finally {
      await stop();
    }
  },
};

interface Measured {
  readonly pays: number;
  /** Until the last was told. */
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  /** Processor seconds by process. */
  readonly processor: Readonly<Record<string, number>>;
}

interface Sides {
  readonly gateway: readonly Measured[];
  readonly ceiling: readonly Measured[];
}

async function measure(stops: (() => Promise<void>)[], { say, full }: BenchContext): Promise<Sides> {
  const server = await startBenchServer();
  stops.push(() => server.stop());
  const database = await server.createDatabase('ams');
  const part = (file: string): BenchChild => {
    const child = startBenchChild(join(import.meta.dirname, file));
    stops.push(() => child.stop());
    return child;
  };
  const [platform, ceiling, generator] = [part('platform.ts'), part('ceiling.ts'), part('generator.ts')];
  const client = generateKeyPairSync('rsa', PEM);
  const keys = { clientKey: client.publicKey, gatewayKey: generateKeyPairSync('rsa', PEM).privateKey };
  const started = await platform.ask<Started>({ kind: 'start', databaseUrl: database.app, sellers: SELLERS, ...keys });
  const ceilingUrl = await ceiling.ask<string>({ kind: 'start', ...keys });
  const { sellers } = started;
  const parts = { generator, server, privateKey: client.privateKey, sellers };
  const runs = {
    gateway: runner({ ...parts, subject: platform, url: started.url }),
    ceiling: runner({ ...parts, subject: ceiling, url: ceilingUrl }),
  };
  await runs.gateway('warm', WARM_UP);
  await runs.ceiling('warm', WARM_UP);
  const measured: { gateway: Measured[]; ceiling: Measured[] } = { gateway: [], ceiling: [] };
  for (let number = 1; number <= (full ? 2 * ROUNDS : ROUNDS); number += 1) {
    const real = await runs.gateway(`r${number}`, PAYS);
    const could = await runs.ceiling(`r${number}`, CEILING_PAYS);
    measured.gateway.push(real);
    measured.ceiling.push(could);
    say(`  round ${number}: ${round(rate(real), 1)} payments/s, ceiling ${round(rate(could), 1)}`);
  }
  await platform.ask({ kind: 'check' });
  return measured;
}

interface Subject {
  readonly subject: BenchChild;
  readonly url: string;
  readonly generator: BenchChild;
  readonly server: BenchServer;
  readonly privateKey: string;
  readonly sellers: readonly string[];
}

/** Leads rounds against one side; a round's signatures are made before its time begins. */
function runner({ subject, url, generator, server, privateKey, sellers }: Subject) {
  let sent = 0;
  const used = (): Readonly<Record<string, number>> => ({
    server: secondsOf(subject.pid),
    PostgreSQL: secondsOfFamily(server.pid),
    generator: secondsOf(generator.pid),
  });
  return async (name: string, pays: number): Promise<Measured> => {
    await generator.ask({ kind: 'sign', name, count: pays, sellers, privateKey });
    sent += pays;
    const before = used();
    const began = monotonicMs();
    const { latenciesMs } = await generator.ask<Sent>({ kind: 'send', url, atOnce: AT_ONCE });
    await subject.ask({ kind: 'told', count: sent });
    const seconds = (monotonicMs() - began) / 1000;
    const after = used();
    const processor = Object.fromEntries(
      Object.entries(after).map(([part, until]) => [part, until - (before[part] ?? 0)]),
    );
    return { pays, seconds, latenciesMs, processor };
  };
}

const rate = ({ pays, seconds }: Measured): number => pays / seconds;
const processorMs = (part: string, { pays, processor }: Measured): number => ((processor[part] ?? 0) * 1000) / pays;

function resultOf({ gateway, ceiling }: Sides): BenchResult {
  const typical = (rounds: readonly Measured[], figure: (each: Measured) => number): number =>
    median(rounds.map(figure));
  // Of rounds that lie side by side: what the machine did meanwhile met both.
  const ratios = gateway.map((real, index) => rate(real) / rate(ceiling[index] as Measured));
  const amsRatio = round(median(ratios), 3);
  const sides = Object.entries({ gateway, ceiling });
  const latency = (share: number) => (each: Measured) => quantile(each.latenciesMs, share);
  return {
    summary: { amsRatio },
    bars: [{ name: 'amsRatio', value: amsRatio, atLeast: BAR }],
    tables: [
      {
        title: `Payments a second, ${AT_ONCE} at once: medians of ${gateway.length} interleaved rounds`,
        header: ['', 'payments/s', 'ratio', 'lowest', 'highest', 'p50 ms', 'p99 ms'],
        rows: sides.map(([name, rounds]) => [
          name,
          round(typical(rounds, rate), 1),
          ...(name === 'ceiling'
            ? [1, 1, 1]
            : [amsRatio, round(Math.min(...ratios), 3), round(Math.max(...ratios), 3)]),
          round(typical(rounds, latency(0.5)), 1),
          round(typical(rounds, latency(0.99)), 1),
        ]),
      },
      {
        title: HAS_PROC
          ? 'Processor milliseconds a payment'
          : 'Processor milliseconds a payment: skipped, this machine has no /proc',
        header: ['', 'server', 'PostgreSQL', 'generator'],
        rows: HAS_PROC
          ? sides.map(([name, rounds]) => [
              name,
              ...['server', 'PostgreSQL', 'generator'].map((part) =>
                round(typical(rounds, (each) => processorMs(part, each))),
              ),
            ])
          : [],
      },
    ],
  };
}
