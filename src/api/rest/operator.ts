/** The operator's routes: ledger, reconciliation, operations without an outcome, the event feed, and the state of the system. */
import { Type } from 'typebox';
import { addMs, type Day, parseInstant } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { deadJobs, queueFigures, restartJob } from '../../jobs/index.ts';
import { eventsAfter, headSeq } from '../../journal/index.ts';
import { checkLedger, listAccounts, trace } from '../../ledger/index.ts';
import { openOperations, resolveByHand } from '../../payments/index.ts';
import { closeBreak, explainLine, importDays, listBankLines, listBreaks } from '../../reconciliation/index.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, pageOf, readPage, sendOutcome } from '../requests.ts';
import { answers, body, idempotent, PageQuery, params, Text } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { viewBreak, viewLine, viewOperation, viewPayment } from './views.ts';

const NEWEST = 'f'.repeat(32);
const anyId = Type.Object({ id: Type.String({ pattern: '^[a-z]{2,4}_[0-9a-f]{32}$' }) });

export function operatorRoutes(server: Routes, app: App): void {
  ledgerRoutes(server, app);
  lineRoutes(server, app);
  breakRoutes(server, app);
  operationRoutes(server, app);
  systemRoutes(server, app);
}

function ledgerRoutes(server: Routes, app: App): void {
  const { db } = app.journal;
  const operator = requires(app, 'operator');
  server.get(
    '/v1/ledger/accounts',
    {
      preHandler: operator,
      schema: {
        summary: 'Accounts with their balances',
        tags: ['ledger'],
        response: answers(200, 'Accounts'),
        querystring: Type.Object(
          {
            name: Type.Optional(Type.String({ maxLength: 40 })),
            owner: Type.Optional(Type.String({ maxLength: 60 })),
            currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
            nonZero: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ query: { nonZero, ...filter } }) =>
      toPlain({ data: await listAccounts(db, { ...filter, nonZero: nonZero === 'true' }) }),
  );
  server.get(
    '/v1/ledger/check',
    {
      preHandler: operator,
      schema: {
        summary: 'Hold the laws of the ledger against the live data',
        tags: ['ledger'],
        response: answers(200, 'Each law with its findings'),
      },
    },
    async () => toPlain(await checkLedger(db)),
  );
  server.get(
    '/v1/ledger/trace/:id',
    {
      preHandler: operator,
      schema: {
        summary: 'Follow an amount to the bank lines and back to the pay-in',
        tags: ['ledger'],
        params: anyId,
        response: answers(200, 'The steps'),
        querystring: Type.Object({
          limit: Type.Optional(
            Type.String({ pattern: '^[1-9][0-9]{0,17}$', description: 'follow only so many minor units of each' }),
          ),
        }),
      },
    },
    async ({ params: { id }, query: { limit } }) =>
      toPlain({ data: await trace(db, id, limit === undefined ? undefined : BigInt(limit)) }),
  );
}

function lineRoutes(server: Routes, app: App): void {
  const operator = requires(app, 'operator');
  server.get(
    '/v1/reconciliation/lines',
    {
      preHandler: operator,
      schema: {
        summary: 'Bank statement lines',
        tags: ['reconciliation'],
        response: answers(200, 'A page of lines'),
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
  server.post(
    '/v1/reconciliation/lines/:id/explain',
    {
      preHandler: operator,
      schema: {
        summary: 'Say what a bank line is',
        tags: ['reconciliation'],
        params: params('ln'),
        headers: idempotent,
        response: answers(200, 'The line'),
        body: body({
          as: Type.Union([Type.Literal('capital'), Type.Literal('bank_fee'), Type.Literal('interest')]),
          reason: Text(500),
        }),
      },
    },
    async (request, reply) => {
      const input = { line: request.params.id as Id<'ln'>, ...request.body };
      const command = optionalCommand(request, 'explain_line', input);
      if (!command.ok) return sendProblem(reply, command.error);
      return sendOutcome(app, reply, command.value, await explainLine(app.reconciliation, command.value, input), {
        view: viewLine,
      });
    },
  );
  server.post(
    '/v1/reconciliation/import',
    {
      preHandler: operator,
      schema: {
        summary: 'Fetch what the networks issued for a day, and what is missing of the five before',
        tags: ['reconciliation'],
        body: body({ day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }) }),
        response: answers(202, 'Fetched; processing goes on'),
      },
    },
    async (request, reply) => {
      if (parseInstant(`${request.body.day}T00:00:00Z`) === null)
        return sendProblem(reply, { code: 'invalid_request', detail: 'no such day', pointer: '/day' });
      await importDays(app.reconciliation, request.body.day as Day);
      return reply.code(202).send({ day: request.body.day });
    },
  );
}

function breakRoutes(server: Routes, app: App): void {
  const operator = requires(app, 'operator');
  server.get(
    '/v1/reconciliation/breaks',
    {
      preHandler: operator,
      schema: {
        summary: 'What does not agree, and why',
        tags: ['reconciliation'],
        response: answers(200, 'A page of breaks'),
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
      preHandler: operator,
      schema: {
        summary: 'Close a break with a signed reason',
        tags: ['reconciliation'],
        params: params('brk'),
        headers: idempotent,
        body: body({ reason: Text(500), by: Text(100) }),
        response: answers(200, 'The break'),
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

function operationRoutes(server: Routes, app: App): void {
  const operator = requires(app, 'operator');
  server.get(
    '/v1/operations',
    {
      preHandler: operator,
      schema: {
        summary: 'Network operations without an outcome, older than the stated age',
        tags: ['operations'],
        response: answers(200, 'Operations with their owner'),
        querystring: Type.Object(
          { olderThanMinutes: Type.Optional(Type.String({ pattern: '^[0-9]{1,6}$' })) },
          { additionalProperties: false },
        ),
      },
    },
    async ({ query }) => {
      const minutes = query.olderThanMinutes === undefined ? app.unknownAgeMinutes : Number(query.olderThanMinutes);
      const rows = await openOperations(app.journal.db, addMs(app.clock.now(), -minutes * 60_000));
      return toPlain({
        data: rows.map((row) => ({ ...viewOperation(row), owner: 'payment operations', marketplace: row.marketplace })),
        next: null,
      });
    },
  );
  server.post(
    '/v1/operations/:id/resolve',
    {
      preHandler: operator,
      schema: {
        summary: 'Close an operation by hand, with evidence',
        tags: ['operations'],
        params: params('opn'),
        response: answers(200, 'The payment'),
        body: body({
          outcome: Type.Union([Type.Literal('approved'), Type.Literal('declined')]),
          evidence: Text(200),
          reason: Text(500),
        }),
      },
    },
    async (request, reply) => {
      const input = { operation: request.params.id as Id<'opn'>, ...request.body, who: request.caller.key.id };
      const result = await resolveByHand(app.payments, input);
      return result.ok ? toPlain(viewPayment(result.value)) : sendProblem(reply, result.error);
    },
  );
}

function systemRoutes(server: Routes, app: App): void {
  const { db } = app.journal;
  server.get(
    '/v1/events',
    {
      preHandler: requires(app, 'operator'),
      schema: {
        summary: 'The journal after a seq: gapless, in order',
        tags: ['events'],
        response: answers(200, 'Events'),
        querystring: Type.Object(
          {
            after: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$' })),
            limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]{0,2}|1000)$' })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ query }) => {
      const events = await eventsAfter(db, BigInt(query.after ?? '0'), Number(query.limit ?? '100'));
      return toPlain({ data: events, next: events.at(-1)?.seq ?? null });
    },
  );
  server.get(
    '/v1/system',
    {
      preHandler: requires(app, 'reports'),
      schema: {
        summary: 'State of the installation',
        tags: ['system'],
        response: answers(200, 'Version, clock, journal, jobs'),
      },
    },
    async () => {
      const now = app.clock.now();
      const [seq, jobs] = await Promise.all([headSeq(db), queueFigures(db, now)]);
      return toPlain({
        version: app.version,
        sandbox: app.sandbox,
        now,
        journal: { seq },
        jobs,
        addresses: { vault: app.vaultUrl, docs: '/docs' },
      });
    },
  );
  server.get(
    '/v1/jobs/dead',
    {
      preHandler: requires(app, 'operator'),
      schema: { summary: 'Jobs that gave up', tags: ['system'], response: answers(200, 'Jobs') },
    },
    async () => ({ data: await deadJobs(db, 100), next: null }),
  );
  server.post(
    '/v1/jobs/:id/restart',
    {
      preHandler: requires(app, 'operator'),
      schema: {
        summary: 'Put a dead job back',
        tags: ['system'],
        params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
        body: body({}),
        response: answers(200, 'Restarted'),
      },
    },
    async (request, reply) =>
      (await restartJob(db, request.params.id))
        ? { restarted: true }
        : sendProblem(reply, { code: 'not_found', detail: 'no such dead job' }),
  );
}
