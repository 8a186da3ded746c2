/** The ledger over HTTP, for the operator: accounts, laws, and the way of an amount. */
import { Type } from 'typebox';
import { toPlain } from '../../base/json.ts';
import { checkLedger, listAccounts, trace } from '../../ledger/index.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { answers } from '../schemas.ts';
import type { Routes } from './routes.ts';

const anyId = Type.Object({ id: Type.String({ pattern: '^[a-z]{2,4}_[0-9a-f]{32}$' }) });

export function ledgerRoutes(server: Routes, app: App): void {
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
          cent: Type.Optional(
            Type.String({
              pattern: '^[1-9][0-9]{0,17}$',
              description: 'follow only this minor unit of each transfer, counted from 1',
            }),
          ),
        }),
      },
    },
    async ({ params: { id }, query: { cent } }) =>
      toPlain({ data: await trace(db, id, cent === undefined ? undefined : BigInt(cent)) }),
  );
}
