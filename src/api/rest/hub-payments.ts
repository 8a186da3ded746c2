/** Payments through the hub over HTTP, for the operator: a page of them, and one with all that is known of it. */
import { Type } from 'typebox';
import type { Id } from '../../base/ids.ts';
import { toPlain } from '../../base/json.ts';
import type { Queryable } from '../../db/pool.ts';
import { postingsOf } from '../../ledger/index.ts';
import { findParticipant, findWallet, type Participant } from '../../parties/index.ts';
import {
  cycleOf,
  HUB_PAYMENT_MOVES,
  type HubPayment,
  hubNotificationsOf,
  hubRefundsOf,
  listHubPayments,
  loadHubPayment,
} from '../../wallets/index.ts';
import { pageAnswer } from '../answers.ts';
import type { App } from '../app.ts';
import { requires } from '../auth.ts';
import { sendProblem } from '../problems.ts';
import { pageOf, readPage } from '../requests.ts';
import { answers, idOf, PageQuery, params } from '../schemas.ts';
import { hubTimeline } from './hub-payment-timeline.ts';
import {
  HubPaymentAnswer,
  HubPaymentWhole,
  type Names,
  viewHubPayment,
  viewHubRefund,
  viewNotification,
  viewTerms,
} from './hub-payment-view.ts';
import { slugParams } from './participant-schemas.ts';
import type { Routes } from './routes.ts';
import { notFound } from './scope.ts';

const STATES = Object.keys(HUB_PAYMENT_MOVES).join('|');
const TAGS = { tags: ['hub'] };

export function hubPaymentRoutes(server: Routes, app: App): void {
  for (const route of [list, one]) route(server, app);
}

function list(server: Routes, app: App): void {
  const { db } = app.journal;
  const querystring = Type.Object(
    {
      ...PageQuery,
      wallet: Type.Optional(slugParams.properties.wallet),
      acquirer: Type.Optional(idOf('ptc')),
      state: Type.Optional(Type.String({ pattern: `^(${STATES})(,(${STATES}))*$` })),
    },
    { additionalProperties: false },
  );
  const response = answers(200, 'A page of payments', pageAnswer(HubPaymentAnswer));
  const schema = { ...TAGS, summary: 'Payments of home wallets in shops, newest first', querystring, response };
  server.get('/v1/hub-payments', { onRequest: requires(app, 'operator'), schema }, async ({ query }, reply) => {
    const page = readPage(query);
    const wallet = query.wallet === undefined ? null : await findWallet(db, query.wallet);
    if (query.wallet !== undefined && wallet === null)
      return sendProblem(reply, { ...notFound('wallet'), pointer: '/wallet' });
    const acquirer = (query.acquirer ?? null) as Id<'ptc'> | null;
    const states = query.state?.split(',') ?? [];
    const rows = await listHubPayments(db, { wallet: wallet?.id ?? null, acquirer, states, page });
    const names = await namesOf(db, rows);
    return pageOf(rows, page.limit, (payment) => viewHubPayment(payment, names));
  });
}

function one(server: Routes, app: App): void {
  const { db } = app.journal;
  const response = answers(200, 'The payment', HubPaymentWhole);
  const summary = 'One payment with both amounts, rates, discounts, refunds, its timeline and its postings';
  const schema = { ...TAGS, summary, params: params('hpy'), response };
  server.get('/v1/hub-payments/:id', { onRequest: requires(app, 'operator'), schema }, async (request, reply) => {
    const payment = await loadHubPayment(db, request.params.id as Id<'hpy'>);
    return payment === null ? sendProblem(reply, notFound('payment')) : toPlain(await whole(db, payment));
  });
}

async function whole(db: Queryable, payment: HubPayment): Promise<object> {
  const [names, refunds, notifications, cycle] = await Promise.all([
    namesOf(db, [payment]),
    hubRefundsOf(db, payment.id),
    hubNotificationsOf(db, payment.id),
    cycleOf(db, payment.id),
  ]);
  const moneyOf = [payment.id, ...refunds.map(({ id }) => id)];
  const [timeline, postings] = await Promise.all([
    hubTimeline(db, payment, [...moneyOf, ...notifications.map(({ id }) => id)]),
    postingsOf(db, moneyOf),
  ]);
  return {
    ...viewHubPayment(payment, names),
    ...viewTerms(payment),
    cycle,
    refunds: refunds.map(viewHubRefund),
    notifications: notifications.map(viewNotification),
    timeline,
    postings,
  };
}

async function namesOf(db: Queryable, payments: readonly HubPayment[]): Promise<Names> {
  const ids = new Set(payments.flatMap(({ acquirer, wallet }) => (wallet === null ? [acquirer] : [acquirer, wallet])));
  const found = await Promise.all([...ids].map((id) => findParticipant(db, id)));
  return new Map(found.filter((each): each is Participant => each !== null).map((each) => [each.id, each]));
}
