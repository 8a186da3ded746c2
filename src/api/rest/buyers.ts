/** Buyers over HTTP. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { type Buyer, createBuyer, findBuyer, listBuyers } from '../../parties/index.ts';

import { BuyerAnswer, pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, pageOf, readPage, sendOutcome } from '../requests.ts';
import { answers, body, Country, Email, idempotent, idOf, PageQuery, params, Search, Text } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { actsFor, mayRead, notFound } from './scope.ts';
import { viewBuyer } from './views.ts';

const ListQuery = Type.Object({ ...PageQuery, q: Type.Optional(Search) }, { additionalProperties: false });
const marketplaceField = { marketplace: Type.Optional(idOf('mkt')) };

export function buyerRoutes(server: Routes, app: App): void {
  for (const route of [create, list, one]) route(server, app);
}

function create(server: Routes, app: App): void {
  server.post(
    '/v1/buyers',
    {
      onRequest: requires(app, 'parties'),
      schema: {
        summary: 'Create a buyer',
        tags: ['parties'],
        headers: idempotent,
        response: answers(201, 'The buyer', BuyerAnswer),
        body: body({ ...marketplaceField, name: Text(100), country: Country, email: Email }),
      },
    },
    async (request, reply) => {
      const acting = actsFor(request.caller, request.body.marketplace);
      if (!acting.ok) return sendProblem(reply, acting.error);
      const marketplace = acting.value;
      const input = { ...request.body, marketplace };
      const command = optionalCommand(request, 'create_buyer', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await createBuyer(app.parties, command.value, input);
      return sendOutcome(app, reply, command.value, result, {
        status: 201,
        stored: (kept) => (kept as { buyer: Buyer }).buyer,
        view: viewBuyer,
      });
    },
  );
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/buyers',
    {
      onRequest: requires(app, 'parties'),
      schema: {
        summary: 'List buyers',
        tags: ['parties'],
        querystring: ListQuery,
        response: answers(200, 'A page of buyers', pageAnswer(BuyerAnswer)),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      return pageOf(
        await listBuyers(app.journal.db, request.caller.marketplace, request.query.q ?? '', page),
        page.limit,
        viewBuyer,
      );
    },
  );
}

function one(server: Routes, app: App): void {
  server.get(
    '/v1/buyers/:id',
    {
      onRequest: requires(app, 'parties'),
      schema: {
        summary: 'One buyer',
        tags: ['parties'],
        params: params('buy'),
        response: answers(200, 'The buyer', BuyerAnswer),
      },
    },
    async (request, reply) => {
      const buyer = await findBuyer(app.journal.db, request.params.id as Id<'buy'>);
      if (buyer === null || !mayRead(request.caller, buyer.marketplace)) return sendProblem(reply, notFound('buyer'));
      return toPlain(viewBuyer(buyer));
    },
  );
}
