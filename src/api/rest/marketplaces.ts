/** Marketplaces and their API keys over HTTP. */
import { type Static, Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { ok, type Refusal, type Result } from '../../base/result.ts';
import type { FeePlanInput } from '../../fees/index.ts';
import {
  type ApiKey,
  type CardRoute,
  changeFeePlan,
  changeMarketplace,
  createApiKey,
  createMarketplace,
  findMarketplace,
  listMarketplaces,
  type Marketplace,
  SCOPES,
} from '../../parties/index.ts';

import { KeyAnswer, MarketplaceAnswer, MarketplaceWithKey, pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, pageOf, readMoney, readPage, sendOutcome } from '../requests.ts';
import { answers, body, idempotent, MoneyBody, PageQuery, params, Text } from '../schemas.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';
import { viewKey, viewMarketplace } from './views.ts';

const FeePlanBody = body({
  percentBps: Type.Integer(),
  fixed: Type.Optional(MoneyBody),
  cap: Type.Optional(MoneyBody),
  chargebacks: Type.Optional(
    body({
      commission: Type.Optional(Type.Union([Type.Literal('kept'), Type.Literal('returned')])),
      networkFee: Type.Optional(Type.Union([Type.Literal('operator'), Type.Literal('seller')])),
    }),
  ),
});

/** `at`: where the plan stands in the request, as a JSON Pointer. */
function readFeePlan({ fixed, cap, ...plan }: Static<typeof FeePlanBody>, at: string): Result<FeePlanInput, Refusal> {
  const read = {
    fixed: fixed === undefined ? null : readMoney(fixed, `${at}/fixed`),
    cap: cap === undefined ? null : readMoney(cap, `${at}/cap`),
  };
  for (const each of Object.values(read)) if (each?.ok === false) return each;
  return ok({
    ...plan,
    ...(read.fixed?.ok ? { fixed: read.fixed.value } : {}),
    ...(read.cap?.ok ? { cap: read.cap.value } : {}),
  });
}

const Minor = Type.Record(Type.String({ pattern: '^[A-Z]{3}$' }), Type.String({ pattern: '^[0-9]{1,15}$' }), {
  additionalProperties: false,
});
const Mismatch = Type.Union([Type.Literal('accept'), Type.Literal('decline')]);
const CardRulesBody = body({
  authenticate: Type.Optional(
    body({
      always: Type.Boolean(),
      from: Minor,
      afterDeclines: Type.Union([Type.Integer({ minimum: 1, maximum: 100 }), Type.Null()]),
      countries: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { maxItems: 250 }),
      lowValueBelow: Minor,
      unavailable: Type.Union([Type.Literal('continue'), Type.Literal('decline')]),
    }),
  ),
  mismatch: Type.Optional(body({ cvv: Mismatch, address: Mismatch })),
});

const CardRoutesBody = Type.Array(
  body({
    account: Type.String({ pattern: '^net_[0-9a-f]{32}$' }),
    currencies: Type.Array(Type.String({ pattern: '^[A-Z]{3}$' }), { maxItems: 200 }),
    brands: Type.Array(Type.String({ pattern: '^[a-z-]{2,30}$' }), { maxItems: 20 }),
    countries: Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { maxItems: 250 }),
  }),
  { maxItems: 50, description: 'in order of preference; an empty list takes all' },
);

type SentRoute = { account: string; currencies: string[]; brands: string[]; countries: string[] };
const readRoute = ({ account, ...takes }: SentRoute): CardRoute => ({ account: account as Id<'net'>, ...takes });

export function marketplaceRoutes(server: Routes, app: App): void {
  for (const route of [create, list, one, change, changePlan, createKey]) route(server, app);
}

function create(server: Routes, app: App): void {
  server.post(
    '/v1/marketplaces',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Create a marketplace',
        tags: ['parties'],
        headers: idempotent,
        response: answers(201, 'The marketplace and its first key, shown once', MarketplaceWithKey),
        body: body({
          name: Text(100),
          feePlan: FeePlanBody,
          payoutSchedule: Type.Optional(Type.Union([Type.Literal('daily'), Type.Literal('manual')])),
          cardRules: Type.Optional(CardRulesBody),
          cardRoutes: Type.Optional(CardRoutesBody),
        }),
      },
    },
    async (request, reply) => {
      const { name, feePlan, payoutSchedule = 'daily', cardRules = {}, cardRoutes = [] } = request.body;
      const plan = readFeePlan(feePlan, '/feePlan');
      if (!plan.ok) return sendProblem(reply, plan.error);
      const routes = cardRoutes.map(readRoute);
      const input = { name, feePlan: plan.value, payoutSchedule, cardRules, cardRoutes: routes };
      const command = optionalCommand(request, 'create_marketplace', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await createMarketplace(app.parties, command.value, input);
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
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/marketplaces',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'List marketplaces',
        tags: ['parties'],
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: answers(200, 'A page of marketplaces', pageAnswer(MarketplaceAnswer)),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      return pageOf(await listMarketplaces(app.journal.db, page), page.limit, viewMarketplace);
    },
  );
}

function one(server: Routes, app: App): void {
  server.get(
    '/v1/marketplaces/:id',
    {
      onRequest: requires(app, 'reports'),
      schema: {
        summary: 'One marketplace',
        tags: ['parties'],
        params: params('mkt'),
        response: answers(200, 'The marketplace', MarketplaceAnswer),
      },
    },
    async (request, reply) => {
      const id = request.params.id as Id<'mkt'>;
      const found =
        request.caller.marketplace === null || request.caller.marketplace === id
          ? await findMarketplace(app.journal.db, id)
          : null;
      return found === null ? sendProblem(reply, notFound('marketplace')) : toPlain(viewMarketplace(found));
    },
  );
}

function change(server: Routes, app: App): void {
  server.patch(
    '/v1/marketplaces/:id',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Change the rules and routes of card payments that begin from now on',
        tags: ['parties'],
        params: params('mkt'),
        headers: idempotent,
        response: answers(200, 'The marketplace', MarketplaceAnswer),
        body: body({ cardRules: Type.Optional(CardRulesBody), cardRoutes: Type.Optional(CardRoutesBody) }),
      },
    },
    async (request, reply) => {
      const marketplace = request.params.id as Id<'mkt'>;
      const { cardRules, cardRoutes } = request.body;
      const input = {
        marketplace,
        ...(cardRules === undefined ? {} : { cardRules }),
        ...(cardRoutes === undefined ? {} : { cardRoutes: cardRoutes.map(readRoute) }),
      };
      const command = optionalCommand(request, 'change_marketplace', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await changeMarketplace(app.parties, command.value, input);
      return sendOutcome(app, reply, command.value, result, { view: viewMarketplace });
    },
  );
}

function changePlan(server: Routes, app: App): void {
  server.put(
    '/v1/marketplaces/:id/fee-plan',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'A new version of the fee plan, for orders from now on',
        tags: ['parties'],
        params: params('mkt'),
        headers: idempotent,
        body: FeePlanBody,
        response: answers(200, 'The marketplace', MarketplaceAnswer),
      },
    },
    async (request, reply) => {
      const plan = readFeePlan(request.body, '');
      if (!plan.ok) return sendProblem(reply, plan.error);
      const input = { marketplace: request.params.id as Id<'mkt'>, feePlan: plan.value };
      const command = optionalCommand(request, 'change_fee_plan', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await changeFeePlan(app.parties, command.value, input);
      return sendOutcome(app, reply, command.value, result, { view: viewMarketplace });
    },
  );
}

function createKey(server: Routes, app: App): void {
  server.post(
    '/v1/marketplaces/:id/api-keys',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Create an API key',
        tags: ['parties'],
        params: params('mkt'),
        headers: idempotent,
        response: answers(201, 'The key, its secret shown once', KeyAnswer),
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
      const command = optionalCommand(request, 'create_api_key', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await createApiKey(app.parties, command.value, input);
      return sendOutcome(app, reply, command.value, result, {
        status: 201,
        stored: (kept) => kept as { key: ApiKey; secret?: string },
        view: ({ key, secret }) => viewKey(key, secret),
      });
    },
  );
}
