/** Agreements about kept cards, and buyers' cards, over HTTP. Cards are shown masked; their numbers are in the vault. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { type Buyer, findBuyer } from '../../parties/index.ts';
import { type Agreement, deleteBuyerCard, endAgreement, findAgreement, listBuyerCards } from '../../payments/index.ts';
import { AgreementAnswer, CardAnswer, DeletedCardAnswer, listOf } from '../answers.ts';
import type { App } from '../app.ts';
import { type Caller, requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, sendOutcome } from '../requests.ts';
import { answers, body, idempotent, idOf, params } from '../schemas.ts';
import { viewAgreement, viewBuyerCard } from './agreement-view.ts';
import type { Routes } from './routes.ts';
import { mayRead, notFound } from './scope.ts';

const cardParams = Type.Object({ id: idOf('buy'), card: idOf('tok') });

export function agreementRoutes(server: Routes, app: App): void {
  for (const route of [one, end, listCards, deleteCard]) route(server, app);
}

function one(server: Routes, app: App): void {
  server.get(
    '/v1/agreements/:id',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'What a buyer agreed to about a card that is kept',
        tags: ['payments'],
        params: params('agr'),
        response: answers(200, 'The agreement', AgreementAnswer),
      },
    },
    async (request, reply) => {
      const agreement = await readable(app, request.caller, request.params.id);
      return agreement === null ? sendProblem(reply, notFound('agreement')) : toPlain(viewAgreement(agreement));
    },
  );
}

function end(server: Routes, app: App): void {
  server.post(
    '/v1/agreements/:id/end',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'End an agreement; its card is deleted',
        tags: ['payments'],
        params: params('agr'),
        headers: idempotent,
        body: body({
          by: Type.Union([Type.Literal('buyer'), Type.Literal('marketplace')], {
            description: 'who does not want it any more',
          }),
        }),
        response: answers(200, 'The agreement', AgreementAnswer),
      },
    },
    async (request, reply) => {
      const { by } = request.body;
      const command = optionalCommand(request, 'end_agreement', { agreement: request.params.id, by });
      if (!command.ok) return sendProblem(reply, command.error);
      const agreement = await readable(app, request.caller, request.params.id);
      if (agreement === null) return sendProblem(reply, notFound('agreement'));
      const target = { marketplace: agreement.marketplace, agreement: agreement.id, by };
      const result = await endAgreement(app.payments, command.value, target);
      return sendOutcome(app, reply, command.value, result, {
        stored: (kept) => (kept as { agreement: Agreement }).agreement,
        view: viewAgreement,
      });
    },
  );
}

function listCards(server: Routes, app: App): void {
  server.get(
    '/v1/buyers/:id/cards',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'Cards that are kept for a buyer, newest first, at most 100',
        tags: ['payments'],
        params: params('buy'),
        response: answers(200, 'The cards, masked', listOf(CardAnswer)),
      },
    },
    async (request, reply) => {
      const buyer = await readableBuyer(app, request.caller, request.params.id);
      if (buyer === null) return sendProblem(reply, notFound('buyer'));
      const cards = await listBuyerCards(app.payments, { marketplace: buyer.marketplace, buyer: buyer.id });
      return toPlain({ data: cards.map(viewBuyerCard) });
    },
  );
}

function deleteCard(server: Routes, app: App): void {
  server.delete(
    '/v1/buyers/:id/cards/:card',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'Delete a kept card; its agreement ends',
        tags: ['payments'],
        params: cardParams,
        response: {
          ...answers(200, 'The card is gone', DeletedCardAnswer),
          ...answers(
            202,
            'It cannot be charged any more; the vault has not said yet that it is gone',
            DeletedCardAnswer,
          ),
        },
      },
    },
    async (request, reply) => {
      const buyer = await readableBuyer(app, request.caller, request.params.id);
      if (buyer === null) return sendProblem(reply, notFound('buyer'));
      const token = request.params.card as Id<'tok'>;
      const owner = { marketplace: buyer.marketplace, buyer: buyer.id };
      const result = await deleteBuyerCard(app.payments, { ...owner, token });
      if (!result.ok) return sendProblem(reply, result.error);
      const { state, agreement } = result.value;
      return reply.code(state === 'deleted' ? 200 : 202).send({ id: token, state, agreement: agreement?.id ?? null });
    },
  );
}

async function readable(app: App, caller: Caller, id: string): Promise<Agreement | null> {
  const agreement = await findAgreement(app.journal.db, id as Id<'agr'>);
  return agreement !== null && mayRead(caller, agreement.marketplace) ? agreement : null;
}

async function readableBuyer(app: App, caller: Caller, id: string): Promise<Buyer | null> {
  const buyer = await findBuyer(app.journal.db, id as Id<'buy'>);
  return buyer !== null && mayRead(caller, buyer.marketplace) ? buyer : null;
}
