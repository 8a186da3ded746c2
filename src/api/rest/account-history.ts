/**
 * The past of one account over HTTP: its balance at an instant, its entries from the newest back, and its statement as a
 * stream. A marketplace reads its own accounts and those of its sellers and orders; the operator all of them.
 */
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { type Instant, parseInstant } from '../../base/clock.ts';
import { isCurrency } from '../../base/currency.ts';
import { type Id, parseId } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import { type Account, balanceAt, CHART, lastEntries, statement } from '../../ledger/index.ts';
import { findSeller } from '../../parties/index.ts';
import { findOrder } from '../../protection/index.ts';
import { AccountBalanceAnswer, EntryAnswer, pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { type Caller, requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { answers, InstantText, PageQuery, Search } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { mayRead, notFound } from './scope.ts';
import { STATEMENT_FORMATS, statementAnswers } from './statement-lines.ts';

const ACCOUNT = {
  name: Type.String({ pattern: `^(${Object.keys(CHART).join('|')})$`, description: 'as the chart of accounts has it' }),
  owner: Type.Optional(Search),
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
};
interface AccountQuery {
  readonly name: string;
  readonly owner?: string;
  readonly currency: string;
}
const SEQ = '(0|[1-9][0-9]{0,17})';
const DEFAULT_LIMIT = '25';

export function accountHistoryRoutes(server: Routes, app: App): void {
  for (const route of [balanceRoute, entriesRoute, statementRoute]) route(server, app);
}

function balanceRoute(server: Routes, app: App): void {
  const { db } = app.journal;
  server.get(
    '/v1/ledger/balance',
    {
      onRequest: requires(app, 'reports'),
      schema: {
        summary: 'The balance of an account, now or at an instant',
        tags: ['ledger'],
        response: answers(200, 'The balance, with the last seq it includes', AccountBalanceAnswer),
        querystring: Type.Object(
          {
            ...ACCOUNT,
            at: Type.Optional(InstantText),
            seq: Type.Optional(Type.String({ pattern: `^${SEQ}$`, description: 'instead of `at`' })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ query, caller }, reply) => {
      const account = await readAccount(app, caller, query);
      if (!account.ok) return sendProblem(reply, account.error);
      const when = readWhen(query);
      if (!when.ok) return sendProblem(reply, when.error);
      const { name, owner, currency } = account.value;
      return toPlain({ name, owner, currency, ...(await balanceAt(db, account.value, currency, when.value)) });
    },
  );
}

function entriesRoute(server: Routes, app: App): void {
  const { db } = app.journal;
  server.get(
    '/v1/ledger/entries',
    {
      onRequest: requires(app, 'reports'),
      schema: {
        summary: 'The entries of an account, the newest first, each with the balance it left',
        tags: ['ledger'],
        response: answers(200, 'A page of entries', pageAnswer(EntryAnswer)),
        querystring: Type.Object(
          {
            ...ACCOUNT,
            limit: PageQuery.limit,
            cursor: Type.Optional(
              Type.String({ pattern: `^${SEQ}\\.[0-9]{1,5}$`, description: '`next` of the page before' }),
            ),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ query, caller }, reply) => {
      const account = await readAccount(app, caller, query);
      if (!account.ok) return sendProblem(reply, account.error);
      const [seq, leg] = query.cursor?.split('.') ?? [];
      const before = seq === undefined ? undefined : { seq: BigInt(seq), leg: Number(leg) };
      const limit = Number(query.limit ?? DEFAULT_LIMIT);
      const { entries, next } = await lastEntries(db, account.value, account.value.currency, { limit, before });
      return toPlain({ data: entries, next: next === null ? null : `${next.seq}.${next.leg}` });
    },
  );
}

function statementRoute(server: Routes, app: App): void {
  const { db } = app.journal;
  server.get(
    '/v1/ledger/statement',
    {
      onRequest: requires(app, 'reports'),
      schema: {
        summary: 'The statement of an account for a period, as a stream',
        description:
          'Opening balance, every entry with the balance it left, closing balance. A stream that ends without its closing line is not complete.',
        tags: ['ledger'],
        response: statementAnswers,
        querystring: Type.Object(
          {
            ...ACCOUNT,
            from: InstantText,
            to: Type.String({ ...InstantText, description: 'UTC, ISO 8601; not included' }),
            format: Type.Optional(Type.Union([Type.Literal('ndjson'), Type.Literal('csv')])),
          },
          { additionalProperties: false },
        ),
      },
    },
    async ({ query, caller }, reply) => {
      const account = await readAccount(app, caller, query);
      if (!account.ok) return sendProblem(reply, account.error);
      const period = readPeriod(query);
      if (!period.ok) return sendProblem(reply, period.error);
      const { type, lines } = STATEMENT_FORMATS[query.format ?? 'ndjson'];
      const read = await statement(db, account.value, account.value.currency, period.value);
      return reply.type(type).send(Readable.from(lines(read), { objectMode: false }));
    },
  );
}

/** The account that is asked for, if this caller may see it; whether it was ever posted to makes no difference. */
async function readAccount(
  { journal: { db } }: App,
  caller: Caller,
  { name, owner = '', currency }: AccountQuery,
): Promise<Result<Account, Refusal>> {
  if (!isCurrency(currency))
    return refuse('unknown_currency', 'must be an ISO 4217 code with a minor unit', { pointer: '/currency' });
  const marketplace = await marketplaceOf(db, owner);
  const visible = caller.marketplace === null || (marketplace !== null && mayRead(caller, marketplace));
  // The schema has let names of the chart pass only.
  return visible ? ok({ name: name as Account['name'], owner, currency }) : { ok: false, error: notFound('account') };
}

/** The marketplace that owns an account, or whose seller or order does; null for all others. */
async function marketplaceOf(db: App['journal']['db'], owner: string): Promise<Id<'mkt'> | null> {
  const [marketplace, seller, order] = [parseId('mkt', owner), parseId('sel', owner), parseId('ord', owner)];
  if (seller !== null) return (await findSeller(db, seller))?.marketplace ?? null;
  if (order !== null) return (await findOrder(db, order))?.marketplace ?? null;
  return marketplace;
}

function readWhen({ at, seq }: { at?: string; seq?: string }): Result<Instant | bigint | undefined, Refusal> {
  if (at !== undefined && seq !== undefined)
    return refuse('invalid_request', 'either an instant or a seq', { pointer: '/seq' });
  if (seq !== undefined) return ok(BigInt(seq));
  return at === undefined ? ok(undefined) : readInstant(at, '/at');
}

function readPeriod(query: { from: string; to: string }): Result<{ from: Instant; to: Instant }, Refusal> {
  const from = readInstant(query.from, '/from');
  const to = readInstant(query.to, '/to');
  if (!from.ok) return from;
  if (!to.ok) return to;
  if (from.value > to.value) return refuse('invalid_request', 'the period ends before it begins', { pointer: '/to' });
  return ok({ from: from.value, to: to.value });
}

function readInstant(text: string, pointer: string): Result<Instant, Refusal> {
  const at = parseInstant(text);
  return at === null ? refuse('invalid_request', 'no such instant', { pointer }) : ok(at);
}
