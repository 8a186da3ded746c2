/**
 * The platform under test, as a process of its own: the real API server, journal, ledger, job worker and jobs on a real
 * database; only the networks are stubs (stubs.ts). Business time is moved over the sandbox's own route, so draining a
 * round means what it means to `advance`: nothing due, nothing running, nothing in flight.
 */
import { buildServer } from '../../src/api/server.ts';
import { dayOf, monotone, wallNow } from '../../src/base/clock.ts';
import { toJson } from '../../src/base/json.ts';
import { createPool, type Pool } from '../../src/db/pool.ts';
import { findRows } from '../../src/db/state-table.ts';
import { startWorker, type Worker } from '../../src/jobs/index.ts';
import { createCommitter, createJournal } from '../../src/journal/index.ts';
import { checkLedger } from '../../src/ledger/index.ts';
import type { ClockSource } from '../../src/main/clock-source.ts';
import { readConfig } from '../../src/main/config.ts';
import { clockParticipant } from '../../src/main/participant.ts';
import { listPayments } from '../../src/payments/index.ts';
import { orders } from '../../src/protection/order.ts';
import { answerQuestions } from './child.ts';
import { inProcess, type NetworkAddresses, overHttp } from './networks.ts';
import { openAccounts, type People, payInCapital, settlePeople } from './people.ts';
import { countQueries, type QueryCounts } from './query-counts.ts';
import { acceptingBank } from './stubs.ts';
import { wire } from './wiring.ts';

export type PlatformQuestion =
  | StartPlatform
  /** Rows of one life, as JSON with money in it: what the ceiling's canned answers are made of. */
  | { readonly kind: 'sample' }
  | { readonly kind: 'queries' }
  /** Refuses to answer unless every law of the ledger holds. */
  | { readonly kind: 'check' };

export interface StartPlatform {
  readonly kind: 'start';
  readonly databaseUrl: string;
  readonly sellers: number;
  readonly buyers: number;
  /** Counts queries by what they were made for; costs a little, so the timed rounds go without. */
  readonly countsQueries: boolean;
  /** Real connectors to these processes, and buyers whom rules ask; without it everything is in this process. */
  readonly networks?: NetworkAddresses;
}

export interface Started extends People {
  readonly url: string;
}

export interface Sample {
  readonly order: string;
  readonly payment: string;
}

/** As src/main/start.ts has them. */
const POOL_SIZE = 20;
const LEASE_MARGIN_MS = 30_000;

let pool: Pool;
let counts: QueryCounts | null = null;
let close: () => Promise<void> = async () => undefined;

answerQuestions<PlatformQuestion>(
  async (question) => {
    switch (question.kind) {
      case 'start':
        return start(question);
      case 'sample':
        return sampleLife();
      case 'queries':
        return counts?.take();
      case 'check':
        return check();
    }
  },
  () => close(),
);

async function start(question: StartPlatform): Promise<Started> {
  pool = createPool({ url: question.databaseUrl, applicationName: 'causeway', max: POOL_SIZE });
  if (question.countsQueries) counts = countQueries(pool);
  const settings = readConfig({});
  const journal = createJournal(pool, createCommitter({ url: question.databaseUrl, pool }));
  const source = clockOfBench();
  const { clock } = source;
  const accounts = await openAccounts({ journal, clock });
  const capitalOn = dayOf(clock.now());
  const { networks } = question;
  const sizes = { ...question, regulated: networks !== undefined };
  const people = await settlePeople({ journal, clock, rail: acceptingBank(capitalOn) }, sizes);
  const { marketplace } = people;
  const cards = networks === undefined ? inProcess(marketplace) : overHttp(networks, marketplace, pool);
  const { app, handlers } = wire({ journal, clock, ...accounts, cards, capitalOn });
  await payInCapital(app.reconciliation);
  const worker: Worker = startWorker({
    db: pool,
    clock,
    handlers: counts?.byKind(handlers) ?? handlers,
    concurrency: settings.jobConcurrency,
    leaseMs: settings.acquirerTimeoutMs + LEASE_MARGIN_MS,
    log: (message, facts) => app.log.error(facts, message),
  });
  journal.onJobs(() => worker.wake());
  const { inFlight } = app.payments;
  const server = await buildServer(app, {
    extras: [
      (scope) => clockParticipant(scope, { source, worker, db: pool, inFlight, unread: async () => false }),
      (scope) => counts?.byRoute(scope),
    ],
  });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  close = async () => {
    await server.close();
    await worker.stop(1000);
    await journal.close();
    await pool.end();
  };
  return { ...people, url };
}

/** Wall time plus what the generator has advanced it by. */
function clockOfBench(): ClockSource {
  let offsetMs = 0;
  return {
    clock: monotone(() => wallNow() + offsetMs),
    movable: true,
    adopt: (pushed) => {
      offsetMs = Math.max(offsetMs, pushed);
    },
    register: async () => undefined,
    leave: async () => undefined,
  };
}

async function sampleLife(): Promise<Sample> {
  const [order] = await findRows(pool, orders, "state = 'released' order by id desc limit 1", []);
  if (order === undefined) throw new Error('no life has ended yet');
  const [payment] = await listPayments(pool, {
    marketplace: order.marketplace,
    order: order.id,
    states: [],
    before: 'f'.repeat(32),
    limit: 1,
  });
  return { order: toJson(order), payment: toJson(payment) };
}

async function check(): Promise<void> {
  const { laws } = await checkLedger(pool);
  const broken = laws.filter(({ ok, alarm }) => !ok && !alarm);
  if (broken.length > 0) throw new Error(`laws of the ledger broken: ${toJson(broken)}`);
}
