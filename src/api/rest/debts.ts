/**
 * Debts of sellers over HTTP: what is owed, since when, for what; the operator's decision to give one up. A marketplace reads
 * those of its own sellers.
 */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { DEBT_MOVES, findDebt, listDebts, writeOffDebt } from '../../debts/index.ts';
import { pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { DebtAnswer } from '../money-owed-answers.ts';
import { sendProblem } from '../problems.ts';
import { pageOf, readPage, requireCommand, sendOutcome } from '../requests.ts';
import { answers, body, idempotentMoney, idOf, PageQuery, params, Text } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { mayRead, notFound } from './scope.ts';
import { viewDebt } from './views.ts';

const STATES = Object.keys(DEBT_MOVES);
const STATE_LIST = `^(${STATES.join('|')})(,(${STATES.join('|')}))*$`;

export function debtRoutes(server: Routes, app: App): void {
  for (const route of [list, one, writeOff]) route(server, app);
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/debts',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'Debts of sellers with their age, oldest first',
        tags: ['debts'],
        response: answers(200, 'A page of debts', pageAnswer(DebtAnswer)),
        querystring: Type.Object(
          {
            ...PageQuery,
            seller: Type.Optional(idOf('sel')),
            state: Type.Optional(Type.String({ pattern: STATE_LIST })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      const rows = await listDebts(app.journal.db, {
        marketplace: request.caller.marketplace,
        seller: request.query.seller ?? null,
        states: request.query.state?.split(',') ?? [],
        after: page.before,
        limit: page.limit,
      });
      const now = app.clock.now();
      return pageOf(rows, page.limit, (debt) => viewDebt(debt, now));
    },
  );
}

function one(server: Routes, app: App): void {
  server.get(
    '/v1/debts/:id',
    {
      onRequest: requires(app, 'payouts'),
      schema: {
        summary: 'One debt',
        tags: ['debts'],
        params: params('dbt'),
        response: answers(200, 'The debt', DebtAnswer),
      },
    },
    async (request, reply) => {
      const debt = await findDebt(app.journal.db, request.params.id as Id<'dbt'>);
      if (debt === null || !mayRead(request.caller, debt.marketplace)) return sendProblem(reply, notFound('debt'));
      return toPlain(viewDebt(debt, app.clock.now()));
    },
  );
}

function writeOff(server: Routes, app: App): void {
  server.post(
    '/v1/debts/:id/write-off',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Give a debt up, with a reason',
        tags: ['debts'],
        params: params('dbt'),
        headers: idempotentMoney,
        body: body({ reason: Text(500) }),
        response: answers(200, 'The debt', DebtAnswer),
      },
    },
    async (request, reply) => {
      const input = { debt: request.params.id as Id<'dbt'>, reason: request.body.reason };
      const command = requireCommand(request, 'write_off_debt', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await writeOffDebt(app.debts, command.value, { ...input, by: request.caller.key.id });
      return sendOutcome(app, reply, command.value, result, { view: (debt) => viewDebt(debt, app.clock.now()) });
    },
  );
}
