/** The ledger over HTTP: accounts, laws, and the way of an amount for the operator; the past of an account. */
import { Type } from 'typebox';
import { toPlain } from '../../base/json.ts';
import { eventsOf } from '../../journal/index.ts';
import { checkLedger, listAccounts, trace } from '../../ledger/index.ts';
import { AccountAnswer, CheckAnswer, listOf, pageAnswer, TraceStepAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { answers, Search } from '../schemas.ts';
import { accountHistoryRoutes } from './account-history.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

const anyId = Type.Object({ id: Type.String({ pattern: '^[a-z]{2,4}_[0-9a-f]{32}$' }) });

export function ledgerRoutes(server: Routes, app: App): void {
  accountRoute(server, app);
  accountHistoryRoutes(server, app);
  proofRoutes(server, app);
}

function accountRoute(server: Routes, app: App): void {
  const { db } = app.journal;
  const operator = requires(app, 'operator');
  server.get(
    '/v1/ledger/accounts',
    {
      onRequest: operator,
      schema: {
        summary: 'Accounts with their balances',
        tags: ['ledger'],
        response: answers(200, 'Accounts', pageAnswer(AccountAnswer)),
        querystring: Type.Object(
          {
            name: Type.Optional(Search),
            owner: Type.Optional(Search),
            currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
            after: Type.Optional(
              Type.String({ pattern: '^[A-Za-z0-9_-]{1,200}$', description: '`next` of the page before' }),
            ),
            nonZero: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ query: { nonZero, after, ...filter } }) => {
      const from = after === undefined ? {} : { after: readCursor(after) };
      const data = await listAccounts(db, { ...filter, ...from, nonZero: nonZero === 'true', limit: PAGE });
      const last = data.at(-1);
      return toPlain({ data, next: data.length === PAGE && last !== undefined ? cursorOf(last) : null });
    },
  );
}

function proofRoutes(server: Routes, app: App): void {
  const { db } = app.journal;
  const operator = requires(app, 'operator');
  server.get(
    '/v1/ledger/check',
    {
      onRequest: operator,
      schema: {
        summary: 'Hold the laws of the ledger against the live data',
        tags: ['ledger'],
        response: answers(200, 'Each law with its findings', CheckAnswer),
      },
    },
    async () => toPlain(await checkLedger(db)),
  );
  server.get(
    '/v1/ledger/trace/:id',
    {
      onRequest: operator,
      schema: {
        summary: 'Follow an amount to the bank lines and back to the pay-in',
        tags: ['ledger'],
        params: anyId,
        response: answers(200, 'The steps', listOf(TraceStepAnswer)),
        querystring: Type.Object(
          {
            cent: Type.Optional(
              Type.String({
                pattern: '^[1-9][0-9]{0,17}$',
                description: 'follow only this minor unit of each transfer, counted from 1',
              }),
            ),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ params: { id }, query: { cent } }, reply) => {
      const data = await trace(db, id, cent === undefined ? undefined : BigInt(cent));
      if ((await eventsOf(db, [id])).every(({ subject }) => subject !== id))
        return sendProblem(reply, notFound('subject'));
      return toPlain({ data });
    },
  );
}

const PAGE = 500;

type AccountKey = readonly [name: string, owner: string, currency: string];

const cursorOf = ({ name, owner, currency }: { name: string; owner: string; currency: string }): string =>
  Buffer.from(JSON.stringify([name, owner, currency])).toString('base64url');

/** A cursor that is not one of ours begins at the beginning. */
function readCursor(text: string): AccountKey {
  try {
    const [name, owner, currency] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    return [String(name), String(owner), String(currency)];
  } catch {
    return ['', '', ''];
  }
}
