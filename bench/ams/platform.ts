/**
 * The platform under test, as a process of its own: the real API server, gateway, journal, ledger and worker on a real
 * database; acquirer, vault and the clients' notification addresses are function calls.
 */
import { createPrivateKey } from 'node:crypto';
import { registerClient } from '../../src/ams/index.ts';
import { createTeller } from '../../src/api/ams/notify.ts';
import type { App } from '../../src/api/app.ts';
import { buildServer } from '../../src/api/server.ts';
import { type Day, every, systemClock } from '../../src/base/clock.ts';
import { toJson } from '../../src/base/json.ts';
import { must } from '../../src/base/result.ts';
import { createPool, type Pool } from '../../src/db/pool.ts';
import { startWorker } from '../../src/jobs/index.ts';
import { createCommitter, createJournal } from '../../src/journal/index.ts';
import { checkLedger } from '../../src/ledger/index.ts';
import { readConfig } from '../../src/main/config.ts';
import { answerQuestions } from '../lifecycle/child.ts';
import { inProcess } from '../lifecycle/networks.ts';
import { openAccounts, settlePeople } from '../lifecycle/people.ts';
import { countQueries, type QueryCounts } from '../lifecycle/query-counts.ts';
import { acceptingBank } from '../lifecycle/stubs.ts';
import { wire } from '../lifecycle/wiring.ts';
import { CLIENT_ID } from './messages.ts';
import { countTold } from './told.ts';

export type PlatformQuestion =
  | {
      readonly kind: 'start';
      readonly databaseUrl: string;
      readonly sellers: number;
      readonly clientKey: string;
      readonly gatewayKey: string;
      /** Costs a little, so timed rounds go without. */
      readonly countsQueries?: boolean;
    }
  /** What was asked of the database since the last time, by what for. */
  | { readonly kind: 'queries' }
  /** Answers once so many notifications were told since the start. */
  | { readonly kind: 'told'; readonly count: number }
  /** Refuses to answer unless every law of the ledger holds. */
  | { readonly kind: 'check' };

export interface Started {
  readonly url: string;
  readonly sellers: readonly string[];
}

/** As src/main/start.ts has them. */
const POOL_SIZE = 20;
const ANNOUNCE_MS = 250;
const LEASE_MS = 100_000;
const CAPITAL_ON = '2000-01-01' as Day;

const told = countTold();
let pool: Pool;
let counts: QueryCounts | null = null;
let close: () => Promise<void> = async () => undefined;

answerQuestions<PlatformQuestion>(
  async (question) => {
    switch (question.kind) {
      case 'start':
        return start(question);
      case 'told':
        return told.until(question.count);
      case 'queries':
        return counts?.take();
      case 'check':
        return check();
    }
  },
  () => close(),
);

async function start(question: Extract<PlatformQuestion, { kind: 'start' }>): Promise<Started> {
  pool = createPool({ url: question.databaseUrl, applicationName: 'causeway', max: POOL_SIZE });
  if (question.countsQueries) counts = countQueries(pool);
  const journal = createJournal(pool, createCommitter({ url: question.databaseUrl, pool }));
  const own = { journal, clock: systemClock() };
  const accounts = await openAccounts(own);
  const sizes = { sellers: question.sellers, buyers: 1, regulated: false };
  const { marketplace, sellers } = await settlePeople({ ...own, rail: acceptingBank(CAPITAL_ON) }, sizes);
  const wired = wire({ ...own, ...accounts, cards: inProcess(marketplace), capitalOn: CAPITAL_ON });
  const key = { privateKey: createPrivateKey(question.gatewayKey), publicKey: '' };
  const app: App = { ...wired.app, ams: { ...wired.app.ams, key } };
  must(await registerClient(app.ams, undefined, { clientId: CLIENT_ID, marketplace, publicKey: question.clientKey }));
  const teller = createTeller(app, () => told);
  const handlers = { ...wired.handlers, ...teller.jobs };
  const worker = startWorker({
    db: pool,
    clock: own.clock,
    handlers: counts?.byKind(handlers) ?? handlers,
    concurrency: readConfig({}).jobConcurrency,
    leaseMs: LEASE_MS,
    log: (message, facts) => app.log.error(facts, message),
  });
  journal.onJobs(() => worker.wake());
  const stopAnnouncing = every(ANNOUNCE_MS, teller.announce);
  const server = await buildServer(app, { extras: [(scope) => counts?.byRoute(scope)] });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  close = async () => {
    await server.close();
    stopAnnouncing();
    await worker.stop(1000);
    await journal.close();
    await pool.end();
  };
  return { url, sellers };
}

async function check(): Promise<void> {
  const { laws } = await checkLedger(pool);
  const broken = laws.filter(({ ok, alarm }) => !ok && !alarm);
  if (broken.length > 0) throw new Error(`laws of the ledger broken: ${toJson(broken)}`);
}
