/** Campaigns over HTTP, for the operator: written down, given a budget, launched, paused, ended, and the rest of a fund sent back. */
import { Type } from 'typebox';
import { isCurrency } from '../../base/currency.ts';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import {
  CAMPAIGN_MOVES,
  createCampaign,
  findCampaign,
  fundReturnsOf,
  listCampaigns,
  moneyOf,
  moveCampaign,
  returnRest,
  setBudget,
} from '../../promotions/index.ts';
import { pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { CampaignAnswer, CampaignWithMoney, FundReturnAnswer } from '../promotion-answers.ts';
import { optionalCommand, pageOf, readMoney, readPage, requireCommand, sendOutcome } from '../requests.ts';
import { answers, body, idempotent, idempotentMoney, MoneyBody, PageQuery, params } from '../schemas.ts';
import { CampaignBody, readCampaign } from './campaign-body.ts';
import { viewCampaign, viewCampaignMoney, viewFundReturn } from './promotion-view.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

const NEWEST = 'f'.repeat(32);
const STATES = Object.keys(CAMPAIGN_MOVES).join('|');

export function campaignRoutes(server: Routes, app: App): void {
  for (const route of [create, list, one, budget, rest]) route(server, app);
  move(server, app, 'launch', { to: 'live', summary: 'Let a campaign give, from now or from the start of its period' });
  move(server, app, 'pause', { to: 'paused', summary: 'Let a campaign give nothing more for now' });
  move(server, app, 'end', { to: 'ended', summary: 'End a campaign for good' });
}

function create(server: Routes, app: App): void {
  server.post(
    '/v1/campaigns',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Write a campaign down, as a draft; its terms never change',
        tags: ['promotions'],
        headers: idempotent,
        body: CampaignBody,
        response: answers(201, 'The campaign', CampaignAnswer),
      },
    },
    async (request, reply) => {
      const input = readCampaign(request.body);
      if (!input.ok) return sendProblem(reply, input.error);
      const command = optionalCommand(request, 'create_campaign', input.value);
      if (!command.ok) return sendProblem(reply, command.error);
      const created = await createCampaign(app.promotions, command.value, input.value);
      return sendOutcome(app, reply, command.value, created, { status: 201, view: viewCampaign });
    },
  );
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/campaigns',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Campaigns, newest first',
        tags: ['promotions'],
        querystring: Type.Object(
          { ...PageQuery, state: Type.Optional(Type.String({ pattern: `^(${STATES})(,(${STATES}))*$` })) },
          { additionalProperties: false },
        ),
        response: answers(200, 'A page of campaigns', pageAnswer(CampaignAnswer)),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      const states = request.query.state?.split(',') ?? [];
      const rows = await listCampaigns(app.journal.db, { states, before: page.before ?? NEWEST, limit: page.limit });
      return pageOf(rows, page.limit, viewCampaign);
    },
  );
}

function one(server: Routes, app: App): void {
  server.get(
    '/v1/campaigns/:id',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'One campaign, with what is left, reserved and in its fund',
        tags: ['promotions'],
        params: params('cmp'),
        response: answers(200, 'The campaign', CampaignWithMoney),
      },
    },
    async (request, reply) => {
      const id = request.params.id as Id<'cmp'>;
      const { db } = app.journal;
      const [campaign, money, returns] = await Promise.all([
        findCampaign(db, id),
        moneyOf(db, id),
        fundReturnsOf(db, id),
      ]);
      if (campaign === null) return sendProblem(reply, notFound('campaign'));
      return toPlain({
        ...viewCampaign(campaign),
        money: money.map(viewCampaignMoney),
        returns: returns.map(viewFundReturn),
      });
    },
  );
}

function budget(server: Routes, app: App): void {
  server.post(
    '/v1/campaigns/:id/budget',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Give a campaign of the hub so much more to spend',
        tags: ['promotions'],
        params: params('cmp'),
        headers: idempotentMoney,
        body: body({ amount: MoneyBody }),
        response: answers(200, 'The campaign', CampaignAnswer),
      },
    },
    async (request, reply) => {
      const amount = readMoney(request.body.amount, '/amount');
      if (!amount.ok) return sendProblem(reply, amount.error);
      const input = { campaign: request.params.id as Id<'cmp'>, amount: amount.value };
      const command = requireCommand(request, 'set_budget', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const set = await setBudget(app.promotions, command.value, input);
      return sendOutcome(app, reply, command.value, set, { view: viewCampaign });
    },
  );
}

function move(
  server: Routes,
  app: App,
  verb: string,
  { to, summary }: { readonly to: 'live' | 'paused' | 'ended'; readonly summary: string },
): void {
  server.post(
    `/v1/campaigns/:id/${verb}`,
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary,
        tags: ['promotions'],
        params: params('cmp'),
        headers: idempotent,
        body: body({}),
        response: answers(200, 'The campaign', CampaignAnswer),
      },
    },
    async (request, reply) => {
      const input = { campaign: request.params.id as Id<'cmp'>, to };
      const command = optionalCommand(request, 'move_campaign', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const moved = await moveCampaign(app.promotions, command.value, { ...input, by: request.caller.key.id });
      return sendOutcome(app, reply, command.value, moved, { view: viewCampaign });
    },
  );
}

function rest(server: Routes, app: App): void {
  server.post(
    '/v1/campaigns/:id/return-rest',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Lock what is left of a sponsor’s fund, to be paid back to him from our bank',
        tags: ['promotions'],
        params: params('cmp'),
        headers: idempotentMoney,
        body: body({ currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }) }),
        response: answers(201, 'What is due to the sponsor', FundReturnAnswer),
      },
    },
    async (request, reply) => {
      const { currency } = request.body;
      if (!isCurrency(currency))
        return sendProblem(reply, {
          ...{ code: 'unknown_currency', detail: 'must be an ISO 4217 code with a minor unit', pointer: '/currency' },
        });
      const input = { campaign: request.params.id as Id<'cmp'>, currency };
      const command = requireCommand(request, 'return_rest', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const back = await returnRest(app.promotions, command.value, input);
      return sendOutcome(app, reply, command.value, back, { status: 201, view: viewFundReturn });
    },
  );
}
