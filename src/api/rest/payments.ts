/** Payments over HTTP: paying an instalment with a card token or a wallet, capture, void, refund. No card number ever comes here. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import {
  cancelPayment,
  capturePayment,
  continuePayment,
  findPayment,
  incrementPayment,
  listPayments,
  operationsOf,
  PAYMENT_MOVES,
  type Payment,
  payByWallet,
  payInstalment,
  type Refund,
  refundPayment,
  refundsOf,
} from '../../payments/index.ts';
import { findOrder } from '../../protection/index.ts';
import { costsOf } from '../../reconciliation/index.ts';
import { PaymentAnswer, PaymentWithOperations, pageAnswer, RefundAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { type Caller, requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { pageOf, readMoney, readPage, requireCommand, sendOutcome } from '../requests.ts';
import { answers, body, idempotentMoney, idOf, MoneyBody, PageQuery, params, Text } from '../schemas.ts';
import { PayBody, readPayBody } from './pay-body.ts';
import { paymentMethodsRoute } from './payment-methods.ts';
import type { Routes } from './routes.ts';
import { mayRead } from './scope.ts';
import { viewOperation, viewPayment, viewRefund } from './views.ts';

const STATES = Object.keys(PAYMENT_MOVES);
const CHECKING = 'The acquirer has not answered yet; it is being asked. Do not pay again';
/** A wallet's page is an answer: what becomes of it is told elsewhere. */
const isOpen = (payment: Payment): boolean =>
  payment.openOperation !== null && (payment.wallet?.payUrl ?? null) === null;

export function paymentRoutes(server: Routes, app: App): void {
  payRoute(server, app);
  paymentMethodsRoute(server, app);
  followUpRoutes(server, app);
  refundRoute(server, app);
  continueRoute(server, app);
  readRoutes(server, app);
}

function payRoute(server: Routes, app: App): void {
  server.post(
    '/v1/orders/:id/payments',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'Pay an instalment by card, with a kept card under its agreement, or by home wallet',
        tags: ['payments'],
        params: params('ord'),
        headers: idempotentMoney,
        body: PayBody,
        response: {
          ...answers(201, 'The payment; a decline is a payment too', PaymentAnswer),
          ...answers(202, CHECKING, PaymentAnswer),
        },
      },
    },
    async (request, reply) => {
      const order = request.params.id as Id<'ord'>;
      // A marketplace pays its own orders, which the command sees to; the operator pays whoever's it is.
      const marketplace = request.caller.marketplace ?? (await findOrder(app.journal.db, order))?.marketplace;
      if (marketplace === undefined) return sendProblem(reply, { code: 'not_found', detail: 'no such order' });
      const wanted = readPayBody(request.body);
      if (!wanted.ok) return sendProblem(reply, wanted.error);
      const { fields } = wanted.value;
      const command = requireCommand(request, 'pay_instalment', { order, ...fields });
      if (!command.ok) return sendProblem(reply, command.error);
      const paying = { marketplace, order };
      const result =
        'wallet' in wanted.value
          ? await payByWallet(app.payments, command.value, { ...paying, ...wanted.value.wallet })
          : await payInstalment(app.payments, command.value, {
              ...paying,
              ...wanted.value.choice,
              ...wanted.value.terms,
            });
      return sendOutcome(app, reply, command.value, result, { status: 201, view: viewPayment, open: isOpen });
    },
  );
}

function followUpRoutes(server: Routes, app: App): void {
  captureRoute(server, app);
  incrementRoute(server, app);
  cancelRoute(server, app);
}

const OUTCOME = { ...answers(200, 'The payment', PaymentAnswer), ...answers(202, CHECKING, PaymentAnswer) };

function captureRoute(server: Routes, app: App): void {
  server.post(
    '/v1/payments/:id/capture',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'Capture an authorized payment: all of it, a part, or one of several parts',
        tags: ['payments'],
        params: params('pay'),
        headers: idempotentMoney,
        body: body({
          amount: Type.Optional(MoneyBody),
          final: Type.Optional(Type.Boolean({ description: 'false: more captures follow, the rest stays authorized' })),
        }),
        response: OUTCOME,
      },
    },
    async (request, reply) => {
      const payment = await readable(app, request.caller, request.params.id);
      if (payment === null) return sendProblem(reply, { code: 'not_found', detail: 'no such payment' });
      const { final = true } = request.body;
      const amount = request.body.amount === undefined ? null : readMoney(request.body.amount, '/amount');
      if (amount !== null && !amount.ok) return sendProblem(reply, amount.error);
      const part = { final, ...(amount === null ? {} : { amount: amount.value }) };
      const command = requireCommand(request, 'capture', { payment: payment.id, ...part });
      if (!command.ok) return sendProblem(reply, command.error);
      const target = { marketplace: payment.marketplace, payment: payment.id };
      const result = await capturePayment(app.payments, command.value, { ...target, ...part });
      return sendOutcome(app, reply, command.value, result, { view: viewPayment, open: isOpen });
    },
  );
}

function incrementRoute(server: Routes, app: App): void {
  server.post(
    '/v1/payments/:id/increment',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'Raise an estimated authorization to a new total',
        tags: ['payments'],
        params: params('pay'),
        headers: idempotentMoney,
        body: body({ amount: MoneyBody }),
        response: OUTCOME,
      },
    },
    async (request, reply) => {
      const payment = await readable(app, request.caller, request.params.id);
      if (payment === null) return sendProblem(reply, { code: 'not_found', detail: 'no such payment' });
      const amount = readMoney(request.body.amount, '/amount');
      if (!amount.ok) return sendProblem(reply, amount.error);
      const input = { marketplace: payment.marketplace, payment: payment.id, amount: amount.value };
      const command = requireCommand(request, 'increment', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await incrementPayment(app.payments, command.value, input);
      return sendOutcome(app, reply, command.value, result, { view: viewPayment, open: isOpen });
    },
  );
}

function cancelRoute(server: Routes, app: App): void {
  server.post(
    '/v1/payments/:id/cancel',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'Give an authorization back, or what is left of it',
        tags: ['payments'],
        params: params('pay'),
        headers: idempotentMoney,
        body: body({}),
        response: OUTCOME,
      },
    },
    async (request, reply) => {
      const payment = await readable(app, request.caller, request.params.id);
      if (payment === null) return sendProblem(reply, { code: 'not_found', detail: 'no such payment' });
      const command = requireCommand(request, 'cancel', { payment: payment.id });
      if (!command.ok) return sendProblem(reply, command.error);
      const target = { marketplace: payment.marketplace, payment: payment.id };
      const result = await cancelPayment(app.payments, command.value, target);
      return sendOutcome(app, reply, command.value, result, { view: viewPayment, open: isOpen });
    },
  );
}

function continueRoute(server: Routes, app: App): void {
  server.post(
    '/v1/payments/:id/continue',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'Go on once the cardholder is back from the issuer; does nothing when nothing waits',
        tags: ['payments'],
        params: params('pay'),
        body: body({}),
        response: OUTCOME,
      },
    },
    async (request, reply) => {
      const payment = await readable(app, request.caller, request.params.id);
      if (payment === null) return sendProblem(reply, { code: 'not_found', detail: 'no such payment' });
      const target = { marketplace: payment.marketplace, payment: payment.id };
      const result = await continuePayment(app.payments, target);
      if (!result.ok) return sendProblem(reply, result.error);
      return reply.code(isOpen(result.value) ? 202 : 200).send(toPlain(viewPayment(result.value)));
    },
  );
}

function refundRoute(server: Routes, app: App): void {
  server.post(
    '/v1/payments/:id/refunds',
    {
      onRequest: requires(app, 'payments'),
      schema: {
        summary: 'Refund a captured payment, in full or in part',
        tags: ['payments'],
        params: params('pay'),
        headers: idempotentMoney,
        body: body({ amount: MoneyBody, reason: Text(200) }),
        response: { ...answers(201, 'The refund', RefundAnswer), ...answers(202, CHECKING, RefundAnswer) },
      },
    },
    async (request, reply) => {
      const payment = await readable(app, request.caller, request.params.id);
      if (payment === null) return sendProblem(reply, { code: 'not_found', detail: 'no such payment' });
      const amount = readMoney(request.body.amount, '/amount');
      if (!amount.ok) return sendProblem(reply, amount.error);
      const input = {
        marketplace: payment.marketplace,
        payment: payment.id,
        amount: amount.value,
        reason: request.body.reason,
      };
      const command = requireCommand(request, 'refund', input);
      if (!command.ok) return sendProblem(reply, command.error);
      const result = await refundPayment(app.payments, command.value, input);
      return sendOutcome(app, reply, command.value, result, {
        status: 201,
        view: viewRefund,
        open: ({ state }: Refund) => state === 'initiated',
      });
    },
  );
}

function readRoutes(server: Routes, app: App): void {
  const { db } = app.journal;
  const payments = requires(app, 'payments');
  server.get(
    '/v1/payments',
    {
      onRequest: payments,
      schema: {
        summary: 'List payments',
        tags: ['payments'],
        response: answers(200, 'A page of payments', pageAnswer(PaymentAnswer)),
        querystring: Type.Object(
          {
            ...PageQuery,
            order: Type.Optional(idOf('ord')),
            state: Type.Optional(Type.String({ pattern: `^(${STATES.join('|')})(,(${STATES.join('|')}))*$` })),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request) => {
      const page = readPage(request.query);
      const rows = await listPayments(db, {
        marketplace: request.caller.marketplace,
        order: (request.query.order ?? null) as Id<'ord'> | null,
        states: request.query.state?.split(',') ?? [],
        before: page.before ?? 'f'.repeat(32),
        limit: page.limit,
      });
      return pageOf(rows, page.limit, viewPayment);
    },
  );
  server.get(
    '/v1/payments/:id',
    {
      onRequest: payments,
      schema: {
        summary: 'One payment with its operations and refunds',
        tags: ['payments'],
        params: params('pay'),
        response: answers(200, 'The payment', PaymentWithOperations),
      },
    },
    async (request, reply) => {
      const payment = await readable(app, request.caller, request.params.id);
      if (payment === null) return sendProblem(reply, { code: 'not_found', detail: 'no such payment' });
      const [operations, refunds, costs] = await Promise.all([
        operationsOf(db, payment.id),
        refundsOf(db, payment.id),
        costsOf(db, [payment.id]),
      ]);
      return toPlain({
        ...viewPayment(payment),
        costs,
        operations: operations.map(viewOperation),
        refunds: refunds.map(viewRefund),
      });
    },
  );
}

async function readable(app: App, caller: Caller, id: string): Promise<Payment | null> {
  const payment = await findPayment(app.journal.db, id as Id<'pay'>);
  return payment !== null && mayRead(caller, payment.marketplace) ? payment : null;
}
