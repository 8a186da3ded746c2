/** Marketplaces, keys, sellers and buyers over HTTP. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { account, balanceOf } from '../../ledger/index.ts';
import {
  type Buyer,
  changeBankAccount,
  createApiKey,
  createBuyer,
  createMarketplace,
  createSeller,
  findBuyer,
  findMarketplace,
  findSeller,
  listBuyers,
  listMarketplaces,
  listSellers,
  type Marketplace,
  SCOPES,
  type Seller,
} from '../../parties/index.ts';
import type { App } from '../app.ts';
import { type Caller, requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, pageOf, readMoney, readPage, sendOutcome } from '../requests.ts';
import { answers, body, Country, Email, idempotent, idOf, MoneyBody, PageQuery, params, Text } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { viewBuyer, viewKey, viewMarketplace, viewSeller } from './views.ts';

const BankAccountBody = body({
  country: Country,
  routingNumber: Type.String({ maxLength: 40 }),
  accountNumber: Type.String({ minLength: 1, maxLength: 40 }),
  accountType: Type.Union([Type.Literal('checking'), Type.Literal('savings')]),
  holderName: Text(100),
});
const FeePlanBody = body({
  percentBps: Type.Integer(),
  fixed: Type.Optional(MoneyBody),
  cap: Type.Optional(MoneyBody),
});
const ListQuery = Type.Object(
  { ...PageQuery, q: Type.Optional(Type.String({ maxLength: 100 })) },
  { additionalProperties: false },
);
const marketplaceField = { marketplace: Type.Optional(idOf('mkt')) };

/** A marketplace's key acts for its marketplace; the operator names one. */
export const actsFor = (caller: Caller, named: string | undefined): Id<'mkt'> | null =>
  caller.marketplace ?? ((named ?? null) as Id<'mkt'> | null);

const needsMarketplace = {
  code: 'invalid_request',
  detail: 'the operator must name a marketplace',
  pointer: '/marketplace',
} as const;

export function partyRoutes(server: Routes, app: App): void {
  marketplaceRoutes(server, app);
  sellerRoutes(server, app);
  buyerRoutes(server, app);
}

function marketplaceRoutes(server: Routes, app: App): void {
  const operator = requires(app, 'operator');
  server.post(
    '/v1/marketplaces',
    {
      preHandler: operator,
      schema: {
        summary: 'Create a marketplace',
        tags: ['parties'],
        headers: idempotent,
        response: answers(201, 'The marketplace and its first key, shown once'),
        body: body({
          name: Text(100),
          feePlan: FeePlanBody,
          payoutSchedule: Type.Optional(Type.Union([Type.Literal('daily'), Type.Literal('manual')])),
        }),
      },
    },
    async (request, reply) => {
      const { name, feePlan, payoutSchedule = 'daily' } = request.body;
      const fixed = feePlan.fixed === undefined ? null : readMoney(feePlan.fixed, '/feePlan/fixed');
      const cap = feePlan.cap === undefined ? null : readMoney(feePlan.cap, '/feePlan/cap');
      if (fixed?.ok === false) return sendProblem(reply, fixed.error);
      if (cap?.ok === false) return sendProblem(reply, cap.error);
      const plan = {
        percentBps: feePlan.percentBps,
        ...(fixed === null ? {} : { fixed: fixed.value }),
        ...(cap === null ? {} : { cap: cap.value }),
      };
      const command = optionalCommand(request, 'create_marketplace', { name, feePlan: plan, payoutSchedule });
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await createMarketplace(app.parties, command.value, { name, feePlan: plan, payoutSchedule });
      return sendOutcome(app, reply, command.value, result, {
        status: 201,
        stored: (kept) => ({ marketplace: (kept as { marketplace: Marketplace }).marketplace, apiKey: null as never }),
        view: ({ marketplace, apiKey }) => ({
          ...viewMarketplace(marketplace),
          apiKey: apiKey === null ? null : viewKey(apiKey.key, apiKey.secret),
        }),
      });
    },
  );
  server.get(
    '/v1/marketplaces',
    {
      preHandler: operator,
      schema: {
        summary: 'List marketplaces',
        tags: ['parties'],
        querystring: Type.Object(PageQuery),
        response: answers(200, 'A page of marketplaces'),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      return pageOf(await listMarketplaces(app.journal.db, page), page.limit, viewMarketplace);
    },
  );
  server.get(
    '/v1/marketplaces/:id',
    {
      preHandler: requires(app, 'reports'),
      schema: {
        summary: 'One marketplace',
        tags: ['parties'],
        params: params('mkt'),
        response: answers(200, 'The marketplace'),
      },
    },
    async (request, reply) => {
      const id = request.params.id as Id<'mkt'>;
      const found =
        request.caller.marketplace === null || request.caller.marketplace === id
          ? await findMarketplace(app.journal.db, id)
          : null;
      return found === null
        ? sendProblem(reply, { code: 'not_found', detail: 'no such marketplace' })
        : toPlain(viewMarketplace(found));
    },
  );
  server.post(
    '/v1/marketplaces/:id/api-keys',
    {
      preHandler: operator,
      schema: {
        summary: 'Create an API key',
        tags: ['parties'],
        params: params('mkt'),
        headers: idempotent,
        response: answers(201, 'The key, its secret shown once'),
        body: body({
          name: Text(100),
          scopes: Type.Array(Type.Union(SCOPES.map((scope) => Type.Literal(scope))), {
            minItems: 1,
            uniqueItems: true,
          }),
        }),
      },
    },
    async (request, reply) => {
      const input = {
        name: request.body.name,
        scopes: request.body.scopes,
        marketplace: request.params.id as Id<'mkt'>,
      };
      const result = await createApiKey(app.parties, undefined, input);
      return sendOutcome(app, reply, undefined, result, {
        status: 201,
        view: ({ key, secret }) => viewKey(key, secret),
      });
    },
  );
}

function sellerRoutes(server: Routes, app: App): void {
  const parties = requires(app, 'parties');
  server.post(
    '/v1/sellers',
    {
      preHandler: parties,
      schema: {
        summary: 'Create a seller',
        tags: ['parties'],
        headers: idempotent,
        response: answers(201, 'The seller'),
        body: body({
          ...marketplaceField,
          name: Text(100),
          country: Country,
          email: Email,
          categoryCode: Type.String({ pattern: '^[0-9]{4}$' }),
          bankAccount: BankAccountBody,
        }),
      },
    },
    async (request, reply) => {
      const marketplace = actsFor(request.caller, request.body.marketplace);
      if (marketplace === null) return sendProblem(reply, needsMarketplace);
      const input = { ...request.body, marketplace };
      const command = optionalCommand(request, 'create_seller', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await createSeller(app.parties, command.value, input);
      return sendOutcome(app, reply, command.value, result, {
        status: 201,
        stored: (kept) => (kept as { seller: Seller }).seller,
        view: viewSeller,
      });
    },
  );
  server.get(
    '/v1/sellers',
    {
      preHandler: parties,
      schema: {
        summary: 'List sellers',
        tags: ['parties'],
        querystring: ListQuery,
        response: answers(200, 'A page of sellers'),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      return pageOf(
        await listSellers(app.journal.db, request.caller.marketplace, request.query.q ?? '', page),
        page.limit,
        viewSeller,
      );
    },
  );
  server.get(
    '/v1/sellers/:id',
    {
      preHandler: parties,
      schema: {
        summary: 'One seller with balances',
        tags: ['parties'],
        params: params('sel'),
        response: answers(200, 'The seller'),
      },
    },
    async (request, reply) => {
      const seller = await findSeller(app.journal.db, request.params.id as Id<'sel'>);
      if (seller === null || !mayRead(request.caller, seller.marketplace))
        return sendProblem(reply, { code: 'not_found', detail: 'no such seller' });
      return toPlain({ ...viewSeller(seller), balances: await balancesOf(app, seller) });
    },
  );
  server.put(
    '/v1/sellers/:id/bank-account',
    {
      preHandler: parties,
      schema: {
        summary: 'Correct the bank account',
        tags: ['parties'],
        params: params('sel'),
        headers: idempotent,
        body: BankAccountBody,
        response: answers(200, 'The seller'),
      },
    },
    async (request, reply) => {
      const seller = await findSeller(app.journal.db, request.params.id as Id<'sel'>);
      if (seller === null || !mayRead(request.caller, seller.marketplace))
        return sendProblem(reply, { code: 'not_found', detail: 'no such seller' });
      const input = { seller: seller.id, marketplace: seller.marketplace, bankAccount: request.body };
      const command = optionalCommand(request, 'change_bank_account', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await changeBankAccount(app.parties, command.value, input);
      return sendOutcome(app, reply, command.value, result, {
        stored: (kept) => (kept as { seller: Seller }).seller,
        view: viewSeller,
      });
    },
  );
}

function buyerRoutes(server: Routes, app: App): void {
  const parties = requires(app, 'parties');
  server.post(
    '/v1/buyers',
    {
      preHandler: parties,
      schema: {
        summary: 'Create a buyer',
        tags: ['parties'],
        headers: idempotent,
        response: answers(201, 'The buyer'),
        body: body({ ...marketplaceField, name: Text(100), country: Country, email: Email }),
      },
    },
    async (request, reply) => {
      const marketplace = actsFor(request.caller, request.body.marketplace);
      if (marketplace === null) return sendProblem(reply, needsMarketplace);
      const input = { ...request.body, marketplace };
      const command = optionalCommand(request, 'create_buyer', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await createBuyer(app.parties, command.value, input);
      return sendOutcome(app, reply, command.value, result, {
        status: 201,
        stored: (kept) => (kept as { buyer: Buyer }).buyer,
        view: viewBuyer,
      });
    },
  );
  server.get(
    '/v1/buyers',
    {
      preHandler: parties,
      schema: {
        summary: 'List buyers',
        tags: ['parties'],
        querystring: ListQuery,
        response: answers(200, 'A page of buyers'),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      return pageOf(
        await listBuyers(app.journal.db, request.caller.marketplace, request.query.q ?? '', page),
        page.limit,
        viewBuyer,
      );
    },
  );
  server.get(
    '/v1/buyers/:id',
    {
      preHandler: parties,
      schema: { summary: 'One buyer', tags: ['parties'], params: params('buy'), response: answers(200, 'The buyer') },
    },
    async (request, reply) => {
      const buyer = await findBuyer(app.journal.db, request.params.id as Id<'buy'>);
      if (buyer === null || !mayRead(request.caller, buyer.marketplace))
        return sendProblem(reply, { code: 'not_found', detail: 'no such buyer' });
      return toPlain(viewBuyer(buyer));
    },
  );
}

/** The operator reads everything, a marketplace its own; what is another's is not found, not forbidden. */
export const mayRead = (caller: Caller, marketplace: string): boolean =>
  caller.marketplace === null || caller.marketplace === marketplace;

async function balancesOf(app: App, seller: Seller) {
  const { db } = app.journal;
  const { rows } = await db.query<{ held: bigint; inPayout: bigint }>(
    `select coalesce((select sum((data #>> '{captured,value}')::bigint - (data #>> '{refunded,value}')::bigint) from orders
                       where seller = $1 and state not in ('released', 'canceled', 'refunded')), 0)::bigint as held,
            coalesce((select sum((data #>> '{amount,value}')::bigint) from payouts
                       where seller = $1 and state in ('initiated', 'awaiting_funds', 'filed')), 0)::bigint as "inPayout"`,
    [seller.id],
  );
  const { held, inPayout } = rows[0] as { held: bigint; inPayout: bigint };
  const available = await balanceOf(db, account('seller', seller.id), 'USD');
  const usd = (amount: bigint) => ({ amount, currency: 'USD' });
  return [{ currency: 'USD', available, held: usd(held), inPayout: usd(inPayout) }];
}
