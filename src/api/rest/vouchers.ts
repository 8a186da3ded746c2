/** Vouchers over HTTP: the operator issues them, a marketplace gives them to its buyers and lets them pay for orders. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import {
  assignVoucher,
  findVoucher,
  issueVouchers,
  listVouchers,
  VOUCHER_MOVES,
  type Voucher,
} from '../../promotions/index.ts';
import { applyVoucher } from '../../protection/index.ts';
import { listOf, OrderAnswer, pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { VoucherAnswer } from '../promotion-answers.ts';
import { pageOf, readPage, requireCommand, sendOutcome } from '../requests.ts';
import { answers, body, idempotentMoney, idOf, PageQuery, params } from '../schemas.ts';
import { viewOrder } from './order-view.ts';
import { viewVoucher } from './promotion-view.ts';
import type { Routes } from './routes.ts';
import { actsFor, mayRead, notFound } from './scope.ts';

const NEWEST = 'f'.repeat(32);
const STATES = Object.keys(VOUCHER_MOVES).join('|');

export function voucherRoutes(server: Routes, app: App): void {
  for (const route of [issue, list, one, assign, apply]) route(server, app);
}

function issue(server: Routes, app: App): void {
  server.post(
    '/v1/vouchers',
    {
      onRequest: requires(app, 'operator'),
      schema: {
        summary: 'Issue free vouchers of a programme for a marketplace, all or none',
        tags: ['promotions'],
        headers: idempotentMoney,
        body: body({
          programme: idOf('cmp'),
          marketplace: idOf('mkt'),
          count: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'one when absent' })),
        }),
        response: answers(201, 'The vouchers', listOf(VoucherAnswer)),
      },
    },
    async (request, reply) => {
      const { programme, marketplace, count = 1 } = request.body;
      const acting = actsFor(request.caller, marketplace);
      if (!acting.ok) return sendProblem(reply, acting.error);
      const input = { programme: programme as Id<'cmp'>, marketplace: acting.value, count };
      const command = requireCommand(request, 'issue_vouchers', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const issued = await issueVouchers(app.promotions, command.value, input);
      const view = (vouchers: readonly Voucher[]) => ({ data: vouchers.map(viewVoucher) });
      return sendOutcome(app, reply, command.value, issued, { status: 201, view });
    },
  );
}

function list(server: Routes, app: App): void {
  server.get(
    '/v1/vouchers',
    {
      onRequest: requires(app, 'orders'),
      schema: {
        summary: 'Vouchers, newest first',
        tags: ['promotions'],
        querystring: Type.Object(
          {
            ...PageQuery,
            programme: Type.Optional(idOf('cmp')),
            holder: Type.Optional(idOf('buy')),
            state: Type.Optional(Type.String({ pattern: `^(${STATES})(,(${STATES}))*$` })),
          },
          { additionalProperties: false },
        ),
        response: answers(200, 'A page of vouchers', pageAnswer(VoucherAnswer)),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      const rows = await listVouchers(app.journal.db, {
        marketplace: request.caller.marketplace,
        programme: request.query.programme ?? null,
        holder: request.query.holder ?? null,
        states: request.query.state?.split(',') ?? [],
        before: page.before ?? NEWEST,
        limit: page.limit,
      });
      return pageOf(rows, page.limit, viewVoucher);
    },
  );
}

function one(server: Routes, app: App): void {
  server.get(
    '/v1/vouchers/:id',
    {
      onRequest: requires(app, 'orders'),
      schema: {
        summary: 'One voucher',
        tags: ['promotions'],
        params: params('vch'),
        response: answers(200, 'The voucher', VoucherAnswer),
      },
    },
    async (request, reply) => {
      const voucher = await findVoucher(app.journal.db, request.params.id as Id<'vch'>);
      if (voucher === null || !mayRead(request.caller, voucher.marketplace))
        return sendProblem(reply, notFound('voucher'));
      return toPlain(viewVoucher(voucher));
    },
  );
}

function assign(server: Routes, app: App): void {
  server.post(
    '/v1/vouchers/:id/assign',
    {
      onRequest: requires(app, 'orders'),
      schema: {
        summary: 'Give a voucher to a buyer',
        tags: ['promotions'],
        params: params('vch'),
        headers: idempotentMoney,
        body: body({ buyer: idOf('buy') }),
        response: answers(200, 'The voucher', VoucherAnswer),
      },
    },
    async (request, reply) => {
      const { marketplace } = request.caller;
      const input = { marketplace, voucher: request.params.id as Id<'vch'>, buyer: request.body.buyer as Id<'buy'> };
      const command = requireCommand(request, 'assign_voucher', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const assigned = await assignVoucher(app.promotions, command.value, input);
      return sendOutcome(app, reply, command.value, assigned, { view: viewVoucher });
    },
  );
}

function apply(server: Routes, app: App): void {
  server.post(
    '/v1/orders/:id/vouchers',
    {
      onRequest: requires(app, 'orders'),
      schema: {
        summary: 'Let a voucher of the buyer pay a part of the order',
        tags: ['promotions'],
        params: params('ord'),
        headers: idempotentMoney,
        body: body({ voucher: idOf('vch') }),
        response: answers(200, 'The order, with lower instalments', OrderAnswer),
      },
    },
    async (request, reply) => {
      const { marketplace } = request.caller;
      const input = { marketplace, order: request.params.id as Id<'ord'>, voucher: request.body.voucher as Id<'vch'> };
      const command = requireCommand(request, 'apply_voucher', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const applied = await applyVoucher(app.orders, command.value, input);
      return sendOutcome(app, reply, command.value, applied, { view: viewOrder });
    },
  );
}
