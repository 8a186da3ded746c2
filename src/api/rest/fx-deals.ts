/** Treasury deals over HTTP, for the operator: recorded when a bank has confirmed them, settled by its lines. */
import { Type } from 'typebox';
import { parseInstant } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { findDeal, listDeals, strikeDeal } from '../../fx/index.ts';
import { pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { DealAnswer } from '../exchange-answers.ts';
import { sendProblem } from '../problems.ts';
import { pageOf, readMoney, readPage, requireCommand, sendOutcome } from '../requests.ts';
import { answers, body, idempotentMoney, MoneyBody, PageQuery, params, Text } from '../schemas.ts';
import { viewDeal } from './exchange-view.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

const NEWEST = 'f'.repeat(32);

export function fxDealRoutes(server: Routes, app: App): void {
  for (const route of [strike, list, one]) route(server, app);
}

function strike(server: Routes, app: App): void {
  server.post(
    '/v1/fx/deals',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Record a deal that a bank has confirmed',
        tags: ['fx'],
        headers: idempotentMoney,
        body: body({
          counterparty: Text(100),
          reference: Type.String({ pattern: '^[A-Za-z0-9./-]{1,35}$', description: 'the bank lines carry it' }),
          sold: MoneyBody,
          bought: MoneyBody,
          settlesOn: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
        }),
        response: answers(201, 'The deal', DealAnswer),
      },
    },
    async (request, reply) => {
      const { counterparty, reference, settlesOn } = request.body;
      const [sold, bought] = [readMoney(request.body.sold, '/sold'), readMoney(request.body.bought, '/bought')];
      if (!sold.ok) return sendProblem(reply, sold.error);
      if (!bought.ok) return sendProblem(reply, bought.error);
      if (parseInstant(`${settlesOn}T00:00:00Z`) === null)
        return sendProblem(reply, { code: 'invalid_request', detail: 'must be a day', pointer: '/settlesOn' });
      const input = { counterparty, reference, sold: sold.value, bought: bought.value, settlesOn };
      const command = requireCommand(request, 'strike_deal', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const struck = await strikeDeal(app.fx, command.value, input);
      return sendOutcome(app, reply, command.value, struck, { status: 201, view: viewDeal });
    },
  );
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/fx/deals',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Treasury deals, newest first',
        tags: ['fx'],
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: answers(200, 'A page of deals', pageAnswer(DealAnswer)),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      return pageOf(await listDeals(app.journal.db, page.before ?? NEWEST, page.limit), page.limit, viewDeal);
    },
  );
}

function one(server: Routes, app: App): void {
  server.get(
    '/v1/fx/deals/:id',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'One deal',
        tags: ['fx'],
        params: params('fxd'),
        response: answers(200, 'The deal', DealAnswer),
      },
    },
    async (request, reply) => {
      const deal = await findDeal(app.journal.db, request.params.id as Id<'fxd'>);
      return deal === null ? sendProblem(reply, notFound('deal')) : toPlain(viewDeal(deal));
    },
  );
}
