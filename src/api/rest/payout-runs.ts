/**
 * Payout runs over HTTP: one is asked for, works in the background and is looked at. The answer waits a moment for the end:
 * 201 with the run as it ended, else 202 with the run so far; `Prefer: respond-async` (RFC 7240 §4.1) does not wait.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { findPayoutRun, listPayoutRuns, startRun, untilRunEnded } from '../../payouts/index.ts';
import { PayoutRunAnswer, pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { pageOf, readPage, requireCommand } from '../requests.ts';
import { answers, body, idempotentMoney, idOf, PageQuery, params } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { actsFor, mayRead, notFound } from './scope.ts';
import { viewPayoutRun } from './views.ts';

/** As long as a repeat waits for any other command that is under way. */
const WAIT_MS = 5000;

export function payoutRunRoutes(server: Routes, app: App): void {
  for (const route of [start, list, show]) route(server, app);
}

function start(server: Routes, app: App): void {
  server.post(
    '/v1/payout-runs',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'Pay out every seller with an available balance',
        tags: ['payouts'],
        headers: Type.Object({
          ...idempotentMoney.properties,
          prefer: Type.Optional(Type.String({ description: '`respond-async`: answer at once, with the run so far' })),
        }),
        body: body({ marketplace: Type.Optional(idOf('mkt')) }),
        response: {
          ...answers(201, 'The run, ended', PayoutRunAnswer),
          ...answers(202, 'The run so far; it goes on', PayoutRunAnswer),
        },
      },
    },
    async (request, reply) => {
      const acting = actsFor(request.caller, request.body.marketplace);
      if (!acting.ok) return sendProblem(reply, acting.error);
      const marketplace = acting.value;
      const command = requireCommand(request, 'payout_run', { marketplace });
      if (!command.ok) return sendProblem(reply, command.error);
      const started = await startRun(app.payouts, command.value, { marketplace, name: command.value.key });
      if (!started.ok) return sendProblem(reply, started.error);
      if (started.value.repeated) void reply.header('idempotency-replayed', 'true');
      const run = await untilRunEnded(app.payouts, started.value.run.id, waitFor(request, reply));
      return reply.code(run.state === 'done' ? 201 : 202).send(toPlain(viewPayoutRun(run)));
    },
  );
}

function waitFor(request: FastifyRequest, reply: FastifyReply): number {
  const preferred = String(request.headers.prefer ?? '').split(/[,;]/);
  if (!preferred.some((each) => each.trim().toLowerCase() === 'respond-async')) return WAIT_MS;
  void reply.header('preference-applied', 'respond-async');
  return 0;
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/payout-runs',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'List payout runs, newest first',
        tags: ['payouts'],
        response: answers(200, 'A page of runs', pageAnswer(PayoutRunAnswer)),
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
      },
    },
    async (request) => {
      const { before, limit } = readPage(request.query);
      const { marketplace } = request.caller;
      const runs = await listPayoutRuns(app.journal.db, { marketplace, before: before ?? 'f'.repeat(32), limit });
      return pageOf(runs, limit, viewPayoutRun);
    },
  );
}

function show(server: Routes, app: App): void {
  server.get(
    '/v1/payout-runs/:id',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'One payout run, and how far it is',
        tags: ['payouts'],
        params: params('run'),
        response: answers(200, 'The run', PayoutRunAnswer),
      },
    },
    async (request, reply) => {
      const run = await findPayoutRun(app.journal.db, request.params.id as Id<'run'>);
      if (run === null || !mayRead(request.caller, run.marketplace)) return sendProblem(reply, notFound('payout run'));
      return toPlain(viewPayoutRun(run));
    },
  );
}
