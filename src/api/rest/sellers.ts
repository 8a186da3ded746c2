/** Sellers over HTTP: onboarding with a reachable bank account, balances, and the correction of an account. */
import { Type } from 'typebox';
import { isCurrency } from '../../base/currency.ts';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { changeBankAccount, createSeller, findSeller, listSellers, type Seller } from '../../parties/index.ts';

import { sellerBalance, sellerBalances } from '../../reporting/index.ts';
import { pageAnswer, SellerAnswer, SellerWithBalances } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { SellerBalanceAnswer } from '../money-owed-answers.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, pageOf, readPage, sendOutcome } from '../requests.ts';
import { answers, body, Country, Email, idempotent, idOf, PageQuery, params, Search, Text } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { actsFor, mayRead, notFound } from './scope.ts';
import { viewSellerBalance, viewSums } from './seller-balance-view.ts';
import { viewSeller } from './views.ts';

const BankAccountBody = body({
  country: Country,
  routingNumber: Type.String({ maxLength: 40 }),
  accountNumber: Type.String({ minLength: 1, maxLength: 40 }),
  accountType: Type.Union([Type.Literal('checking'), Type.Literal('savings')]),
  holderName: Text(100),
});
const ListQuery = Type.Object({ ...PageQuery, q: Type.Optional(Search) }, { additionalProperties: false });
const BalanceQuery = Type.Object(
  { currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })) },
  { additionalProperties: false },
);
const marketplaceField = { marketplace: Type.Optional(idOf('mkt')) };

export function sellerRoutes(server: Routes, app: App): void {
  for (const route of [create, list, one, balance, changeAccount]) route(server, app);
}

function create(server: Routes, app: App): void {
  server.post(
    '/v1/sellers',
    {
      onRequest: requires(app, 'parties'),
      schema: {
        summary: 'Create a seller',
        tags: ['parties'],
        headers: idempotent,
        response: answers(201, 'The seller', SellerAnswer),
        body: body({
          ...marketplaceField,
          name: Text(100),
          country: Country,
          email: Email,
          categoryCode: Type.String({ pattern: '^(?!0000)[0-9]{4}$' }),
          bankAccount: BankAccountBody,
        }),
      },
    },
    async (request, reply) => {
      const acting = actsFor(request.caller, request.body.marketplace);
      if (!acting.ok) return sendProblem(reply, acting.error);
      const marketplace = acting.value;
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
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/sellers',
    {
      onRequest: requires(app, 'parties'),
      schema: {
        summary: 'List sellers',
        tags: ['parties'],
        querystring: ListQuery,
        response: answers(200, 'A page of sellers', pageAnswer(SellerAnswer)),
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
}

function one(server: Routes, app: App): void {
  server.get(
    '/v1/sellers/:id',
    {
      onRequest: requires(app, 'parties'),
      schema: {
        summary: 'One seller with balances',
        tags: ['parties'],
        params: params('sel'),
        response: answers(200, 'The seller', SellerWithBalances),
      },
    },
    async (request, reply) => {
      const seller = await findSeller(app.journal.db, request.params.id as Id<'sel'>);
      if (seller === null || !mayRead(request.caller, seller.marketplace))
        return sendProblem(reply, notFound('seller'));
      const balances = await sellerBalances(app.journal.db, seller.id);
      return toPlain({
        ...viewSeller(seller),
        balances: balances.map((balance) => ({ currency: balance.currency, ...viewSums(balance) })),
      });
    },
  );
}

function balance(server: Routes, app: App): void {
  server.get(
    '/v1/sellers/:id/balance',
    {
      onRequest: requires(app, 'parties'),
      schema: {
        summary: 'What a seller has and owes in a currency (USD unless said), and what each sum is made of',
        tags: ['parties'],
        params: params('sel'),
        querystring: BalanceQuery,
        response: answers(200, 'The balance', SellerBalanceAnswer),
      },
    },
    async (request, reply) => {
      const seller = await findSeller(app.journal.db, request.params.id as Id<'sel'>);
      if (seller === null || !mayRead(request.caller, seller.marketplace))
        return sendProblem(reply, notFound('seller'));
      const { currency = 'USD' } = request.query;
      if (!isCurrency(currency))
        return sendProblem(reply, {
          code: 'unknown_currency',
          detail: 'must be an ISO 4217 code',
          pointer: '/currency',
        });
      const found = await sellerBalance(app.journal.db, seller.id, currency);
      return toPlain({ seller: seller.id, ...viewSellerBalance(found, app.clock.now()) });
    },
  );
}

function changeAccount(server: Routes, app: App): void {
  server.put(
    '/v1/sellers/:id/bank-account',
    {
      onRequest: requires(app, 'parties'),
      schema: {
        summary: 'Correct the bank account',
        tags: ['parties'],
        params: params('sel'),
        headers: idempotent,
        body: BankAccountBody,
        response: answers(200, 'The seller', SellerAnswer),
      },
    },
    async (request, reply) => {
      const seller = await findSeller(app.journal.db, request.params.id as Id<'sel'>);
      if (seller === null || !mayRead(request.caller, seller.marketplace))
        return sendProblem(reply, notFound('seller'));
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
