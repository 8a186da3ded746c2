/** Conversions of a seller's balance over HTTP, at a quote that was locked before. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { findSeller } from '../../parties/index.ts';
import { convertBalance, listConversions } from '../../payouts/index.ts';
import { pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { ConversionAnswer } from '../exchange-answers.ts';
import { sendProblem } from '../problems.ts';
import { pageOf, readPage, requireCommand, sendOutcome } from '../requests.ts';
import { answers, body, idempotentMoney, idOf, PageQuery, params } from '../schemas.ts';
import { viewConversion } from './exchange-view.ts';
import type { Routes } from './routes.ts';
import { mayRead, notFound } from './scope.ts';

const NEWEST = 'f'.repeat(32);

export function conversionRoutes(server: Routes, app: App): void {
  for (const route of [convert, list]) route(server, app);
}

function convert(server: Routes, app: App): void {
  server.post(
    '/v1/sellers/:id/conversions',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'Convert what a seller has, at a quote',
        tags: ['fx'],
        params: params('sel'),
        headers: idempotentMoney,
        body: body({ quote: idOf('qte') }),
        response: answers(201, 'The conversion', ConversionAnswer),
      },
    },
    async (request, reply) => {
      const seller = await findSeller(app.journal.db, request.params.id as Id<'sel'>);
      if (seller === null || !mayRead(request.caller, seller.marketplace))
        return sendProblem(reply, notFound('seller'));
      const { id, marketplace } = seller;
      const input = { seller: id, marketplace, quote: request.body.quote as Id<'qte'> };
      const command = requireCommand(request, 'convert_balance', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const converted = await convertBalance(app.payouts, command.value, input);
      return sendOutcome(app, reply, command.value, converted, { status: 201, view: viewConversion });
    },
  );
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/sellers/:id/conversions',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'Conversions of a seller, newest first',
        tags: ['fx'],
        params: params('sel'),
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: answers(200, 'A page of conversions', pageAnswer(ConversionAnswer)),
      },
    },
    async (request, reply) => {
      const seller = await findSeller(app.journal.db, request.params.id as Id<'sel'>);
      if (seller === null || !mayRead(request.caller, seller.marketplace))
        return sendProblem(reply, notFound('seller'));
      const page = readPage(request.query);
      const found = await listConversions(app.journal.db, seller.id, page.before ?? NEWEST, page.limit);
      return pageOf(found, page.limit, viewConversion);
    },
  );
}
