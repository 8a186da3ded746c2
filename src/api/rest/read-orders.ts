/** Reading orders over HTTP: the list with its filters, one order with its moves, timeline, payments and postings. */
import { type TSchema, Type } from 'typebox';
import { parseInstant } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import { disputesOf } from '../../disputes/index.ts';
import { postingsOf } from '../../ledger/index.ts';
import { partyNames } from '../../parties/index.ts';
import { paymentsOf, refundsOf } from '../../payments/index.ts';
import { findOrder, listOrders, ORDER_MOVES, type Order } from '../../protection/index.ts';
import { costsOf, feesOf } from '../../reconciliation/index.ts';
import {
  listOf,
  OrderAnswer,
  OrderWithMoves,
  PaymentAnswer,
  PostingAnswer,
  pageAnswer,
  TimelineAnswer,
} from '../answers.ts';
import type { App } from '../app.ts';
import { type Caller, requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { pageOf, readPage } from '../requests.ts';
import { answers, InstantText, idOf, PageQuery, params, Search } from '../schemas.ts';
import { viewFrozen } from './dispute-view.ts';
import { movesOf, viewOrder } from './order-view.ts';
import type { Routes } from './routes.ts';
import { mayRead } from './scope.ts';
import { timelineOf } from './timeline.ts';
import { viewPayment } from './views.ts';

const STATES = Object.keys(ORDER_MOVES);
const ListQuery = Type.Object(
  {
    ...PageQuery,
    state: Type.Optional(Type.String({ pattern: `^(${STATES.join('|')})(,(${STATES.join('|')}))*$` })),
    seller: Type.Optional(idOf('sel')),
    buyer: Type.Optional(idOf('buy')),
    q: Type.Optional(Search),
    from: Type.Optional(InstantText),
    to: Type.Optional(InstantText),
    sort: Type.Optional(Type.Union([Type.Literal('createdAt'), Type.Literal('-createdAt')])),
  },
  { additionalProperties: false },
);

/** The list and everything about one order. */
export function orderReadRoutes(server: Routes, app: App): void {
  listRoute(server, app);
  readRoutes(server, app);
}

function listRoute(server: Routes, app: App): void {
  const { db } = app.journal;
  server.get(
    '/v1/orders',
    {
      onRequest: requires(app, 'orders'),
      schema: {
        summary: 'List orders',
        tags: ['orders'],
        querystring: ListQuery,
        response: answers(200, 'A page of orders', pageAnswer(OrderAnswer)),
      },
    },
    async (request, reply) => {
      const { state, seller, buyer, q, from, to, sort } = request.query;
      for (const [name, text] of Object.entries({ from, to })) {
        if (text !== undefined && parseInstant(text) === null)
          return sendProblem(reply, { code: 'invalid_request', detail: 'no such instant', pointer: `/${name}` });
      }
      const page = readPage(request.query);
      const rows = await listOrders(db, {
        marketplace: request.caller.marketplace,
        states: state?.split(',') ?? [],
        seller: seller ?? null,
        buyer: buyer ?? null,
        query: q ?? '',
        from: from === undefined ? null : parseInstant(from),
        to: to === undefined ? null : parseInstant(to),
        after: page.before,
        newestFirst: sort !== 'createdAt',
        limit: page.limit,
      });
      const names = await partyNames(
        db,
        rows.flatMap((order) => [order.seller, order.buyer]),
      );
      return pageOf(rows, page.limit, (order) => viewOrder(order, names));
    },
  );
}

function readRoutes(server: Routes, app: App): void {
  const { db } = app.journal;
  const one = (path: string, summary: string, answer: TSchema, view: (order: Order) => Promise<unknown>): void => {
    server.get(
      path,
      {
        onRequest: requires(app, 'orders'),
        schema: { summary, tags: ['orders'], params: params('ord'), response: answers(200, summary, answer) },
      },
      async (request, reply) => {
        const order = await readable(app, request.caller, request.params.id);
        return order === null
          ? sendProblem(reply, { code: 'not_found', detail: 'no such order' })
          : toPlain(await view(order));
      },
    );
  };
  one('/v1/orders/:id', 'One order with its next legal moves', OrderWithMoves, async (order) => {
    const [names, payments, disputes] = await Promise.all([
      partyNames(db, [order.seller, order.buyer]),
      paymentsOf(db, order.id),
      disputesOf(db, order.id),
    ]);
    const costs = await costsOf(
      db,
      payments.map(({ id }) => id),
    );
    return { ...viewOrder(order, names), costs, frozen: viewFrozen(disputes), moves: movesOf(order, payments) };
  });
  one(
    '/v1/orders/:id/timeline',
    'What happened to goods and money, and what is due',
    listOf(TimelineAnswer),
    async (order) => ({
      data: await timelineOf(db, order),
    }),
  );
  one('/v1/orders/:id/payments', 'The payments of an order', listOf(PaymentAnswer), async (order) => ({
    data: (await paymentsOf(db, order.id)).map(viewPayment),
  }));
  one(
    '/v1/orders/:id/postings',
    'Every transfer of an order, its payments, refunds and disputes, and what they cost',
    listOf(PostingAnswer),
    async (order) => ({
      data: await orderPostings(app, order),
    }),
  );
}

async function orderPostings(app: App, order: Order) {
  const payments = await paymentsOf(app.journal.db, order.id);
  const refunds = (await Promise.all(payments.map(({ id }) => refundsOf(app.journal.db, id)))).flat();
  const [fees, disputes] = await Promise.all([
    feesOf(
      app.journal.db,
      payments.map(({ id }) => id),
    ),
    disputesOf(app.journal.db, order.id),
  ]);
  const subjects = [...payments, ...refunds, ...fees, ...disputes].map(({ id }) => id);
  return postingsOf(app.journal.db, [order.id, ...subjects]);
}

/** The order, if this caller may see it. */
export async function readable(app: App, caller: Caller, id: string): Promise<Order | null> {
  const order = await findOrder(app.journal.db, id as Id<'ord'>);
  return order !== null && mayRead(caller, order.marketplace) ? order : null;
}
