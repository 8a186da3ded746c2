/** Clearing over HTTP, for the operator: the cycles, what they came to, and the settlements that banks are to carry out. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { findRates } from '../../fx/index.ts';
import {
  batchesOf,
  batchesSettledBy,
  filesOf,
  findCycle,
  findHubSettlement,
  listCycles,
  listHubSettlements,
} from '../../wallets/index.ts';
import { pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import {
  CycleAnswer,
  CycleWithBatchesAnswer,
  HubSettlementAnswer,
  HubSettlementWithBatchesAnswer,
} from '../clearing-answers.ts';
import { sendProblem } from '../problems.ts';
import { pageOf, readPage } from '../requests.ts';
import { answers, PageQuery, params } from '../schemas.ts';
import { viewBatch, viewCycle, viewFile, viewSettlement } from './clearing-view.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

const NEWEST = 'f'.repeat(32);

export function clearingRoutes(server: Routes, app: App): void {
  for (const route of [cycles, oneCycle, settlements, oneSettlement]) route(server, app);
}

function cycles(server: Routes, app: App): void {
  server.get(
    '/v1/clearing/cycles',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Clearing cycles, newest first',
        tags: ['clearing'],
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: answers(200, 'A page of cycles', pageAnswer(CycleAnswer)),
      },
    },
    async (request) => {
      const { before, limit } = readPage(request.query);
      return pageOf(await listCycles(app.journal.db, before ?? NEWEST, limit), limit, viewCycle);
    },
  );
}

function oneCycle(server: Routes, app: App): void {
  server.get(
    '/v1/clearing/cycles/:id',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'One cycle, with its batches',
        tags: ['clearing'],
        params: params('cyc'),
        response: answers(200, 'The cycle', CycleWithBatchesAnswer),
      },
    },
    async (request, reply) => {
      const { db } = app.journal;
      const cycle = await findCycle(db, request.params.id as Id<'cyc'>);
      if (cycle === null) return sendProblem(reply, notFound('cycle'));
      const rates = cycle.rates === null ? null : await findRates(db, cycle.rates);
      const ratesSource = rates === null ? null : { source: rates.source, asOf: rates.asOf };
      return toPlain({ ...viewCycle(cycle), ratesSource, batches: (await batchesOf(db, cycle.id)).map(viewBatch) });
    },
  );
}

/** As this list says it; a row of reconciliation calls the first one reported. */
const STATES = { instructed: 'reported', matched: 'matched', differs: 'differs', closed: 'closed' } as const;

function settlements(server: Routes, app: App): void {
  server.get(
    '/v1/hub-settlements',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'What participants pay us and we pay them, newest first',
        tags: ['clearing'],
        querystring: Type.Object(
          {
            ...PageQuery,
            state: Type.Optional(
              Type.Union([
                Type.Literal('instructed'),
                Type.Literal('matched'),
                Type.Literal('differs'),
                Type.Literal('closed'),
              ]),
            ),
            participantId: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9]{1,32}$' })),
          },
          { additionalProperties: false },
        ),
        response: answers(200, 'A page of settlements', pageAnswer(HubSettlementAnswer)),
      },
    },
    async (request) => {
      const { before, limit } = readPage(request.query);
      const { state, participantId } = request.query;
      const filter = { state: state === undefined ? null : STATES[state], participantId: participantId ?? null };
      const found = await listHubSettlements(app.journal.db, { ...filter, before: before ?? NEWEST, limit });
      return pageOf(found, limit, viewSettlement);
    },
  );
}

function oneSettlement(server: Routes, app: App): void {
  server.get(
    '/v1/hub-settlements/:id',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'One settlement, with its batches and file',
        tags: ['clearing'],
        params: params('stl'),
        response: answers(200, 'The settlement', HubSettlementWithBatchesAnswer),
      },
    },
    async (request, reply) => {
      const { db } = app.journal;
      const settlement = await findHubSettlement(db, request.params.id as Id<'stl'>);
      if (settlement === null) return sendProblem(reply, notFound('settlement'));
      const batches = (await batchesSettledBy(db, settlement.id)).map(viewBatch);
      return toPlain({
        ...viewSettlement(settlement),
        batches,
        files: (await filesOf(db, settlement.id)).map(viewFile),
      });
    },
  );
}
