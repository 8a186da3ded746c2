/** Payouts over HTTP: one, and what became of each. A run over all sellers is in payout-runs.ts. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { partyNames } from '../../parties/index.ts';
import { cancelPayout, findPayout, initiatePayout, listPayouts, PAYOUT_MOVES } from '../../payouts/index.ts';
import { PayoutAnswer, pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { pageOf, readMoney, readPage, requireCommand, sendOutcome } from '../requests.ts';
import { answers, body, idempotentMoney, idOf, MoneyBody, PageQuery, params, Text } from '../schemas.ts';

import type { Routes } from './routes.ts';
import { actsFor, mayRead } from './scope.ts';
import { viewPayout } from './views.ts';

const STATES = Object.keys(PAYOUT_MOVES);
const named = { marketplace: Type.Optional(idOf('mkt')) };

export function payoutRoutes(server: Routes, app: App): void {
  commandRoutes(server, app);
  readRoutes(server, app);
}

function commandRoutes(server: Routes, app: App): void {
  for (const route of [payOne, takeBack]) route(server, app);
}

function payOne(server: Routes, app: App): void {
  server.post(
    '/v1/payouts',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'Pay out a seller: an amount, or everything available',
        tags: ['payouts'],
        headers: idempotentMoney,
        response: answers(201, 'The payout', PayoutAnswer),
        body: body({ ...named, seller: idOf('sel'), amount: Type.Optional(MoneyBody) }),
      },
    },
    async (request, reply) => {
      const acting = actsFor(request.caller, request.body.marketplace);
      if (!acting.ok) return sendProblem(reply, acting.error);
      const marketplace = acting.value;
      const amount = request.body.amount === undefined ? null : readMoney(request.body.amount, '/amount');
      if (amount?.ok === false) return sendProblem(reply, amount.error);
      const input = {
        marketplace,
        seller: request.body.seller as Id<'sel'>,
        amount: amount === null ? null : amount.value,
      };
      const command = requireCommand(request, 'initiate_payout', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await initiatePayout(app.payouts, command.value, input);
      return sendOutcome(app, reply, command.value, result, { status: 201, view: (payout) => viewPayout(payout) });
    },
  );
}

function takeBack(server: Routes, app: App): void {
  server.post(
    '/v1/payouts/:id/cancel',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'Take back a payout that has not been handed to the bank',
        tags: ['payouts'],
        params: params('po'),
        headers: idempotentMoney,
        body: body({ reason: Text(200) }),
        response: answers(200, 'The payout', PayoutAnswer),
      },
    },
    async (request, reply) => {
      const payout = await findPayout(app.journal.db, request.params.id as Id<'po'>);
      if (payout === null || !mayRead(request.caller, payout.marketplace))
        return sendProblem(reply, { code: 'not_found', detail: 'no such payout' });
      const input = { marketplace: payout.marketplace, payout: payout.id, reason: request.body.reason };
      const command = requireCommand(request, 'cancel_payout', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await cancelPayout(app.payouts, command.value, input);
      return sendOutcome(app, reply, command.value, result, { view: (canceled) => viewPayout(canceled) });
    },
  );
}

function readRoutes(server: Routes, app: App): void {
  const { db } = app.journal;
  server.get(
    '/v1/payouts',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'List payouts',
        tags: ['payouts'],
        response: answers(200, 'A page of payouts', pageAnswer(PayoutAnswer)),
        querystring: Type.Object(
          {
            ...PageQuery,
            seller: Type.Optional(idOf('sel')),
            state: Type.Optional(Type.String({ pattern: `^(${STATES.join('|')})(,(${STATES.join('|')}))*$` })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      const rows = await listPayouts(db, {
        marketplace: request.caller.marketplace,
        seller: request.query.seller ?? null,
        states: request.query.state?.split(',') ?? [],
        before: page.before ?? 'f'.repeat(32),
        limit: page.limit,
      });
      const names = await partyNames(
        db,
        rows.map(({ seller }) => seller),
      );
      return pageOf(rows, page.limit, (payout) => viewPayout(payout, names.get(payout.seller)));
    },
  );
  server.get(
    '/v1/payouts/:id',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'One payout',
        tags: ['payouts'],
        params: params('po'),
        response: answers(200, 'The payout', PayoutAnswer),
      },
    },
    async (request, reply) => {
      const payout = await findPayout(db, request.params.id as Id<'po'>);
      if (payout === null || !mayRead(request.caller, payout.marketplace))
        return sendProblem(reply, { code: 'not_found', detail: 'no such payout' });
      const names = await partyNames(db, [payout.seller]);
      return toPlain(viewPayout(payout, names.get(payout.seller)));
    },
  );
}
