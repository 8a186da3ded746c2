/** Exchange over HTTP: the rates of now, quotes that hold, and for the operator what we are long and short in. */
import { Type } from 'typebox';
import { type Currency, isCurrency } from '../../base/currency.ts';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { currentRates, findQuote, lockQuote, quotePolicyOf, readPositions } from '../../fx/index.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { PositionsAnswer, QuoteAnswer, RatesAnswer } from '../exchange-answers.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, readMoney, sendOutcome } from '../requests.ts';
import { answers, body, idempotent, idOf, MoneyBody, params } from '../schemas.ts';
import { viewPositions, viewQuote, viewRates } from './exchange-view.ts';
import type { Routes } from './routes.ts';
import { actsFor, mayRead, notFound } from './scope.ts';

const Code = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' });

export function fxRoutes(server: Routes, app: App): void {
  for (const route of [rates, quote, oneQuote, positions]) route(server, app);
}

function rates(server: Routes, app: App): void {
  server.get(
    '/v1/fx/rates',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'The mid rates that a quote would be made of now',
        tags: ['fx'],
        response: answers(200, 'The rates', RatesAnswer),
      },
    },
    async (_request, reply) => {
      const current = await currentRates(app.fx, quotePolicyOf('conversion').maxAgeMs);
      return current.ok ? toPlain(viewRates(current.value)) : sendProblem(reply, current.error);
    },
  );
}

function quote(server: Routes, app: App): void {
  server.post(
    '/v1/fx/quotes',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'Lock a rate for an amount: what is given, or what shall be got',
        tags: ['fx'],
        headers: idempotent,
        body: body({ marketplace: Type.Optional(idOf('mkt')), from: Code, to: Code, amount: MoneyBody }),
        response: answers(201, 'The quote', QuoteAnswer),
      },
    },
    async (request, reply) => {
      const acting = actsFor(request.caller, request.body.marketplace);
      if (!acting.ok) return sendProblem(reply, acting.error);
      const [from, to] = [readCurrency(request.body.from, '/from'), readCurrency(request.body.to, '/to')];
      if (!from.ok) return sendProblem(reply, from.error);
      if (!to.ok) return sendProblem(reply, to.error);
      const amount = readMoney(request.body.amount, '/amount');
      if (!amount.ok) return sendProblem(reply, amount.error);
      const input = { marketplace: acting.value, from: from.value, to: to.value, amount: amount.value };
      const command = optionalCommand(request, 'lock_quote', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const locked = await lockQuote(app.fx, command.value, { ...input, use: 'conversion' });
      return sendOutcome(app, reply, command.value, locked, {
        status: 201,
        view: (each) => viewQuote(each, app.clock.now()),
      });
    },
  );
}

const readCurrency = (text: string, pointer: string): Result<Currency, Refusal> =>
  isCurrency(text) ? ok(text) : refuse('unknown_currency', 'must be an ISO 4217 code with a minor unit', { pointer });

function oneQuote(server: Routes, app: App): void {
  server.get(
    '/v1/fx/quotes/:id',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'One quote',
        tags: ['fx'],
        params: params('qte'),
        response: answers(200, 'The quote', QuoteAnswer),
      },
    },
    async (request, reply) => {
      const found = await findQuote(app.journal.db, request.params.id as Id<'qte'>);
      const isTheirs = found !== null && (found.marketplace === null || mayRead(request.caller, found.marketplace));
      if (!isTheirs) return sendProblem(reply, notFound('quote'));
      return toPlain(viewQuote(found, app.clock.now()));
    },
  );
}

function positions(server: Routes, app: App): void {
  server.get(
    '/v1/fx/positions',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'What the operator is long and short in, and what it is worth',
        tags: ['fx'],
        response: answers(200, 'The positions', PositionsAnswer),
      },
    },
    async () => toPlain(viewPositions(await readPositions(app.fx, app.clock.now()))),
  );
}
