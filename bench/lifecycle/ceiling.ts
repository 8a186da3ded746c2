/**
 * What the platform is held against: the same server with the same routes, limits, authentication, validation, views and
 * serialization, but handlers that answer from memory and a database that knows one API key. Nothing is decided, read or
 * kept, so it is the rate at which this HTTP layer could lead lives if everything behind it cost nothing.
 */
import type { RouteOptions } from 'fastify';
import type { App } from '../../src/api/app.ts';
import { sendOutcome } from '../../src/api/requests.ts';
import { viewOrder } from '../../src/api/rest/order-view.ts';
import { viewPayment } from '../../src/api/rest/views.ts';
import { buildServer, type Server } from '../../src/api/server.ts';
import { type Day, systemClock } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { fromJson } from '../../src/base/json.ts';
import { zero } from '../../src/base/money.ts';
import { ok } from '../../src/base/result.ts';
import type { Pool } from '../../src/db/pool.ts';
import { createJournal } from '../../src/journal/index.ts';
import type { Payment } from '../../src/payments/index.ts';
import type { Order } from '../../src/protection/index.ts';
import { answerQuestions } from './child.ts';
import { inProcess } from './networks.ts';
import type { Sample } from './platform.ts';
import { wire } from './wiring.ts';

let server: Server | undefined;

answerQuestions<Sample>(
  async (sample) => {
    const app = cannedApp();
    server = await buildServer(app, { extras: [(scope) => canRoutes(scope, app, sample)] });
    return server.listen({ port: 0, host: '127.0.0.1' });
  },
  async () => server?.close(),
);

/** Hooks and schemas stay as they are; only what a route does is replaced. */
function canRoutes(scope: Server, app: App, sample: Sample): void {
  const order = fromJson<Order>(sample.order);
  const payment = fromJson<Payment>(sample.payment);
  const orderIn = (state: Order['state'], status: number): Canned => ({
    value: { ...order, state },
    status,
    view: (value) => viewOrder(value as Order),
  });
  const canned: Readonly<Record<string, Canned>> = {
    '/v1/orders': orderIn('awaiting_payment', 201),
    '/v1/orders/:id/payments': { value: payment, status: 201, view: (value) => viewPayment(value as Payment) },
    '/v1/orders/:id/ship': orderIn('shipped', 200),
    '/v1/orders/:id/receive': orderIn('received', 200),
    '/v1/orders/:id/release': orderIn('released', 200),
    '/v1/payout-runs': { value: { payouts: 0, total: zero('USD') }, status: 200, view: (value) => value },
  };
  scope.addHook('onRoute', (route: RouteOptions) => {
    const answer = route.method === 'POST' ? canned[route.url] : undefined;
    if (answer === undefined) return;
    const { value, ...options } = answer;
    route.handler = (_request, reply) =>
      sendOutcome(app, reply, undefined, ok({ kind: 'committed', value, seq: 1n }), options);
  });
}

interface Canned {
  readonly value: unknown;
  readonly status: number;
  readonly view: (value: unknown) => unknown;
}

function cannedApp(): App {
  const marketplace = newId('mkt');
  const committer = { commit: unreachable, close: async () => undefined };
  const journal = createJournal(poolWithOneKey(marketplace), committer);
  const { app } = wire({
    journal,
    clock: systemClock(),
    network: newId('net'),
    bank: newId('bnk'),
    cards: inProcess(marketplace),
    capitalOn: '2000-01-01' as Day,
  });
  return app;
}

/** Answers every query with the row of the one key; only authentication asks here. */
function poolWithOneKey(marketplace: string): Pool {
  const scopes = ['orders', 'payments', 'payouts', 'parties', 'reports'];
  const data = JSON.stringify({ name: 'bench', secretHash: '', marketplace, scopes, createdAt: '' });
  const rows = [{ id: newId('key').slice(4), version: 1, state: 'active', data }];
  // Of a pool, reads use `query` alone.
  return { query: async () => ({ rows, rowCount: rows.length }) } as unknown as Pool;
}

const unreachable = async (): Promise<never> => {
  throw new Error('canned answers commit nothing');
};
