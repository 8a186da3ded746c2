/** Orders over HTTP: terms, shipment, receipt, release, and what a person wants to see of one. */
import { Type } from 'typebox';
import { type Instant, parseInstant } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import type { Money } from '../../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { CommandKey, Outcome } from '../../journal/index.ts';
import {
  cancelOrder,
  createOrder,
  type Order,
  POLICY_NAMES,
  receiveOrder,
  releaseOrder,
  shipOrder,
} from '../../protection/index.ts';
import { OrderAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { optionalCommand, readMoney, requireCommand, sendOutcome } from '../requests.ts';
import { answers, body, InstantText, idempotent, idempotentMoney, idOf, MoneyBody, params, Text } from '../schemas.ts';
import { viewOrder } from './order-view.ts';
import type { Routes } from './routes.ts';
import { actsFor } from './scope.ts';

const OrderBody = body({
  marketplace: Type.Optional(idOf('mkt')),
  seller: idOf('sel'),
  buyer: idOf('buy'),
  reference: Text(64),
  description: Text(500),
  total: MoneyBody,
  instalments: Type.Array(
    body({ amount: MoneyBody, due: Type.Union([Type.Literal('now'), Type.Literal('before_shipment')]) }),
    { minItems: 1, maxItems: 2 },
  ),
  shipBy: Type.Union([
    body({ date: InstantText }),
    body({ daysAfterFirstPayment: Type.Integer({ minimum: 0, maximum: 365 }) }),
  ]),
  policy: Type.Optional(Type.Union(POLICY_NAMES.map((name) => Type.Literal(name)))),
});

export function orderRoutes(server: Routes, app: App): void {
  createRoute(server, app);
  moveRoutes(server, app);
}

function createRoute(server: Routes, app: App): void {
  server.post(
    '/v1/orders',
    {
      onRequest: requires(app, 'orders'),
      schema: {
        summary: 'Agree terms',
        tags: ['orders'],
        headers: idempotent,
        body: OrderBody,
        response: answers(201, 'The order', OrderAnswer),
      },
    },
    async (request, reply) => {
      const acting = actsFor(request.caller, request.body.marketplace);
      if (!acting.ok) return sendProblem(reply, acting.error);
      const marketplace = acting.value;
      const money = readAmounts(request.body.total, request.body.instalments);
      if (!money.ok) return sendProblem(reply, money.error);
      const shipBy = readShipBy(request.body.shipBy);
      if (!shipBy.ok) return sendProblem(reply, shipBy.error);
      const { seller, buyer, reference, description, policy = 'standard' } = request.body;
      const input = {
        marketplace,
        seller: seller as Id<'sel'>,
        buyer: buyer as Id<'buy'>,
        reference,
        description,
        policy,
        ...money.value,
        shipBy: shipBy.value,
      };
      const command = optionalCommand(request, 'create_order', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await createOrder(app.orders, command.value, input);
      return sendOutcome(app, reply, command.value, result, { status: 201, view: viewOrder });
    },
  );
}

type WireMoney = { value: string; currency: string };

function readAmounts(total: WireMoney, instalments: readonly { amount: WireMoney; due: 'now' | 'before_shipment' }[]) {
  const whole = readMoney(total, '/total');
  if (!whole.ok) return whole;
  const parts: { amount: Money; due: 'now' | 'before_shipment' }[] = [];
  for (const [index, { amount, due }] of instalments.entries()) {
    const each = readMoney(amount, `/instalments/${index}/amount`);
    if (!each.ok) return each;
    parts.push({ amount: each.value, due });
  }
  return ok({ total: whole.value, instalments: parts });
}

function readShipBy(
  shipBy: { date: string } | { daysAfterFirstPayment: number },
): Result<{ date: Instant } | { daysAfterFirstPayment: number }, Refusal> {
  if (!('date' in shipBy)) return ok(shipBy);
  const date = parseInstant(shipBy.date);
  return date === null ? refuse('invalid_request', 'no such instant', { pointer: '/shipBy/date' }) : ok({ date });
}

type Move = (
  command: CommandKey | undefined,
  /** The order, and whose it must be: the operator's key reaches every marketplace's. */
  target: { readonly marketplace: Id<'mkt'> | null; readonly order: Id<'ord'> },
  input: Record<string, string>,
) => Promise<Result<Outcome<Order>, Refusal>>;

function moveRoutes(server: Routes, app: App): void {
  move(
    server,
    app,
    { verb: 'ship', summary: 'Ship', fields: { carrier: Text(60), trackingNumber: Text(60) }, money: false },
    (command, target, input) =>
      shipOrder(app.orders, command, {
        ...target,
        carrier: input.carrier as string,
        trackingNumber: input.trackingNumber as string,
      }),
  );
  move(server, app, { verb: 'receive', summary: 'Confirm receipt', fields: {}, money: false }, (command, target) =>
    receiveOrder(app.orders, command, { ...target, by: 'buyer' }),
  );
  move(
    server,
    app,
    { verb: 'release', summary: 'Release what is held to the seller', fields: {}, money: true },
    (command, target) => releaseOrder(app.orders, command, { ...target, by: 'marketplace' }),
  );
  move(
    server,
    app,
    { verb: 'cancel', summary: 'Cancel an unpaid order', fields: { reason: Text(200) }, money: false },
    (command, target, input) =>
      cancelOrder(app.orders, command, { ...target, reason: input.reason as string, by: 'marketplace' }),
  );
}

interface MoveRoute {
  readonly verb: string;
  readonly summary: string;
  readonly fields: Record<string, ReturnType<typeof Text>>;
  readonly money: boolean;
}

function move(server: Routes, app: App, { verb, summary, fields, money }: MoveRoute, run: Move): void {
  server.post(
    `/v1/orders/:id/${verb}`,
    {
      onRequest: requires(app, 'orders'),
      schema: {
        summary,
        tags: ['orders'],
        params: params('ord'),
        headers: money ? idempotentMoney : idempotent,
        body: body(fields),
        response: answers(200, 'The order', OrderAnswer),
      },
    },
    async (request, reply) => {
      const order = request.params.id as Id<'ord'>;
      const input = request.body as Record<string, string>;
      const command = (money ? requireCommand : optionalCommand)(request, verb, { order, ...input });
      if (!command.ok) return sendProblem(reply, command.error);
      const target = { marketplace: request.caller.marketplace, order };
      return sendOutcome(app, reply, command.value, await run(command.value, target, input), { view: viewOrder });
    },
  );
}
