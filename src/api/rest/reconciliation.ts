/** Reconciliation over HTTP, for the operator: bank lines, what explains them, and what does not agree. */
import { Type } from 'typebox';
import { type Day, parseInstant } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import { closeBreak, explainLine, importDays, listBankLines, listBreaks } from '../../reconciliation/index.ts';
import { BreakAnswer, ImportAnswer, LineAnswer, pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, pageOf, readPage, sendOutcome } from '../requests.ts';
import { answers, body, idempotent, idOf, PageQuery, params, Text } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { viewBreak, viewLine } from './views.ts';

const NEWEST = 'f'.repeat(32);

const Explanation = Type.Union([
  Type.Literal('capital'),
  Type.Literal('bank_fee'),
  Type.Literal('interest'),
  Type.Literal('network_fees'),
  Type.Literal('debt'),
  Type.Literal('fx_deal'),
  Type.Literal('campaign_prefund'),
  Type.Literal('campaign_rest'),
]);

export function lineRoutes(server: Routes, app: App): void {
  for (const route of [listLines, explain, importDay]) route(server, app);
}

function listLines(server: Routes, app: App): void {
  server.get(
    '/v1/reconciliation/lines',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Bank statement lines',
        tags: ['reconciliation'],
        response: answers(200, 'A page of lines', pageAnswer(LineAnswer)),
        querystring: Type.Object(
          { ...PageQuery, state: Type.Optional(Type.Union([Type.Literal('unexplained'), Type.Literal('explained')])) },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      return pageOf(
        await listBankLines(app.journal.db, request.query.state ?? null, page.before ?? NEWEST, page.limit),
        page.limit,
        viewLine,
      );
    },
  );
}

function explain(server: Routes, app: App): void {
  server.post(
    '/v1/reconciliation/lines/:id/explain',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Say what a bank line is',
        tags: ['reconciliation'],
        params: params('ln'),
        headers: idempotent,
        response: answers(200, 'The line', LineAnswer),
        body: body({
          as: Explanation,
          reason: Text(500),
          debt: Type.Optional(idOf('dbt')),
          deal: Type.Optional(idOf('fxd')),
          campaign: Type.Optional(idOf('cmp')),
          fundReturn: Type.Optional(idOf('ref')),
        }),
      },
    },
    async (request, reply) => {
      const { debt, deal, campaign, fundReturn, ...said } = request.body;
      const which = {
        ...(debt === undefined ? {} : { debt: debt as Id<'dbt'> }),
        ...(deal === undefined ? {} : { deal: deal as Id<'fxd'> }),
        ...(campaign === undefined ? {} : { campaign: campaign as Id<'cmp'> }),
        ...(fundReturn === undefined ? {} : { fundReturn: fundReturn as Id<'ref'> }),
      };
      const input = { line: request.params.id as Id<'ln'>, ...said, ...which };
      const command = optionalCommand(request, 'explain_line', input);
      if (!command.ok) return sendProblem(reply, command.error);
      return sendOutcome(app, reply, command.value, await explainLine(app.reconciliation, command.value, input), {
        view: viewLine,
      });
    },
  );
}

function importDay(server: Routes, app: App): void {
  server.post(
    '/v1/reconciliation/import',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Fetch what the networks issued for a day, and what is missing of the five before',
        tags: ['reconciliation'],
        body: body({ day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }) }),
        response: answers(202, 'Fetched; processing goes on', ImportAnswer),
      },
    },
    async (request, reply) => {
      const start = parseInstant(`${request.body.day}T00:00:00Z`);
      if (start === null || start > app.clock.now())
        return sendProblem(reply, { code: 'invalid_request', detail: 'must be a day that has begun', pointer: '/day' });
      await importDays(app.reconciliation, request.body.day as Day);
      return reply.code(202).send({ day: request.body.day });
    },
  );
}

export function breakRoutes(server: Routes, app: App): void {
  const operator = requires(app, 'operator');
  server.get(
    '/v1/reconciliation/breaks',
    {
      onRequest: operator,
      schema: {
        summary: 'What does not agree, and why',
        tags: ['reconciliation'],
        response: answers(200, 'A page of breaks', pageAnswer(BreakAnswer)),
        querystring: Type.Object(
          { ...PageQuery, state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('closed')])) },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      return pageOf(
        await listBreaks(app.journal.db, request.query.state ?? null, page.before ?? NEWEST, page.limit),
        page.limit,
        viewBreak,
      );
    },
  );
  server.post(
    '/v1/reconciliation/breaks/:id/close',
    {
      onRequest: operator,
      schema: {
        summary: 'Close a break with a signed reason',
        tags: ['reconciliation'],
        params: params('brk'),
        headers: idempotent,
        body: body({ reason: Text(500), by: Text(100) }),
        response: answers(200, 'The break', BreakAnswer),
      },
    },
    async (request, reply) => {
      const input = { id: request.params.id as Id<'brk'>, ...request.body };
      const command = optionalCommand(request, 'close_break', input);
      if (!command.ok) return sendProblem(reply, command.error);
      return sendOutcome(app, reply, command.value, await closeBreak(app.reconciliation, command.value, input), {
        view: viewBreak,
      });
    },
  );
}
