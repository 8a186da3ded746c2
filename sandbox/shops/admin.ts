/** What tests, stories and curious people order: what a till does, without a till, and what the acquirers know. */
import { instant } from '../../src/base/clock.ts';
import { isCurrency } from '../../src/base/currency.ts';
import { json, problem, type Reply, type Request, type Route } from '../base/http-server.ts';
import { amountOf, type Fields, textOf } from '../base/message-fields.ts';
import type { Acquirer, Shop } from './acquirer.ts';
import { acquirerVerbs } from './admin-acquirers.ts';
import { done, list, verb, withPayment, withShop, wrong } from './admin-verbs.ts';
import { callHub } from './call-hub.ts';
import { cancelPayment } from './cancel.ts';
import { compareClearingFile } from './clearing-file.ts';
import { answerDispute, DISPUTE_ANSWERS, type DisputeRow, disputesOf } from './disputes.ts';
import { inquire } from './follow-up.ts';
import { takePayment } from './pay.ts';
import { merchantPart, type Payer } from './pay-request.ts';
import { mustFind, refundsOf, shownPayment, shownRefund } from './payment-rows.ts';
import { refundPayment } from './refund.ts';
import type { Shops } from './shops.ts';

export const adminRoutes = (shops: Shops): readonly Route[] => [
  ...acquirerVerbs(shops),
  verb(shops, 'payments', pay),
  verb(shops, 'inquiries', (_, acquirer, body) =>
    withPayment(shops, acquirer, body, async (payment) => {
      await inquire(shops, acquirer, payment);
      return json(200, shownPayment(mustFind(shops, payment.id)));
    }),
  ),
  verb(shops, 'cancellations', (_, acquirer, body) =>
    withPayment(shops, acquirer, body, async (payment) =>
      done(await cancelPayment(shops, acquirer, payment), shownPayment),
    ),
  ),
  verb(shops, 'refunds', refund),
  list(shops, 'payment', (_, acquirer, __, request) =>
    withPayment(shops, acquirer, { payment: request.query.get('reference') }, (payment) =>
      json(200, { ...shownPayment(payment), refunds: refundsOf(shops, payment).map(shownRefund) }),
    ),
  ),
  verb(shops, 'wallet-choices', consult),
  verb(shops, 'pushes', orderPush),
  list(shops, 'notifications', notifications),
  list(shops, 'disputes', (_, acquirer) => json(200, { disputes: disputesOf(shops, acquirer).map(shownDispute) })),
  verb(shops, 'dispute-answers', answer),
  verb(shops, 'clearing-file', compare),
];

function pay(shops: Shops, acquirer: Acquirer, body: Fields): Reply | Promise<Reply> {
  const amount = amountOf(body.amount);
  const payer = payerOf(body);
  const { settlementCurrency, expiresInMs } = body;
  if (amount === null) return wrong('amount must be {currency, value}');
  if (typeof payer === 'string') return wrong(payer);
  if (settlementCurrency !== undefined && !isCurrency(settlementCurrency))
    return wrong('settlementCurrency must be of ISO 4217');
  if (expiresInMs !== undefined && (typeof expiresInMs !== 'number' || !Number.isSafeInteger(expiresInMs)))
    return wrong('expiresInMs must be a whole number');
  const [description, requestId] = [textOf(body.description, 256), textOf(body.paymentRequestId)];
  return withShop(shops, acquirer, body, async (shop) => {
    const taken = await takePayment(shops, acquirer, {
      ...{ shop, amount, payer },
      ...(description === null ? {} : { description }),
      ...(settlementCurrency === undefined ? {} : { settlementCurrency }),
      ...(expiresInMs === undefined ? {} : { expiresInMs }),
      ...(requestId === null ? {} : { paymentRequestId: requestId }),
    });
    return done(taken, shownPayment);
  });
}

/** Who pays, or what is missing to know it. */
function payerOf(body: Fields): Payer | string {
  const [paymentCode, accessToken] = [textOf(body.paymentCode), textOf(body.accessToken, 128)];
  const [wallet, userAgent] = [textOf(body.wallet), textOf(body.userAgent, 512)];
  switch (body.scenario) {
    case 'payment_code':
      return paymentCode === null ? 'paymentCode is needed' : { scenario: 'payment_code', paymentCode };
    case 'entry_code':
      return userAgent === null ? 'userAgent is needed' : { scenario: 'entry_code', userAgent };
    case 'agreement':
      if (accessToken === null || wallet === null) return 'accessToken and wallet are needed';
      return { scenario: 'agreement', wallet, accessToken };
    case 'cashier':
      return { scenario: 'cashier', wallet };
    case 'order_code':
    case 'private_code':
      return { scenario: body.scenario };
    default:
      return 'scenario must be one of payment_code, order_code, entry_code, cashier, agreement, private_code';
  }
}

function refund(shops: Shops, acquirer: Acquirer, body: Fields): Reply | Promise<Reply> {
  const { amount } = body;
  if (amount !== undefined && (typeof amount !== 'string' || !/^[1-9]\d{0,15}$/.test(amount)))
    return wrong('amount must be minor units as text');
  const [reason, requestId] = [textOf(body.reason, 256), textOf(body.refundRequestId)];
  return withPayment(shops, acquirer, body, async (payment) => {
    const refunded = await refundPayment(shops, acquirer, payment, {
      ...(amount === undefined ? {} : { amount: BigInt(amount) }),
      ...(reason === null ? {} : { reason }),
      ...(requestId === null ? {} : { refundRequestId: requestId }),
    });
    return done(refunded, shownRefund);
  });
}

/** Which wallets can pay an amount in a shop: what the hub says, as it says it. */
function consult(shops: Shops, acquirer: Acquirer, body: Fields): Reply | Promise<Reply> {
  return withShop(shops, acquirer, body, async (shop) => {
    const heard = await callHub(shops, acquirer, 'payments/consultPayment', consultBody(acquirer, shop, body.amount));
    return heard.answered ? json(200, heard.body) : problem(422, 'no_answer', heard.reason);
  });
}

const consultBody = (acquirer: Acquirer, shop: Shop, paymentAmount: unknown) => ({
  paymentAmount,
  order: { merchant: merchantPart(acquirer, shop) },
  settlementStrategy: { settlementCurrency: acquirer.settlementCurrencies[0] },
});

function orderPush({ store }: Shops, acquirer: Acquirer, { kind, delayMs = 0, count = 1 }: Fields): Reply {
  if (kind !== 'delay' && kind !== 'refuse') return wrong('kind must be delay or refuse');
  const [delay, times] = [Number(delayMs), Number(count)];
  if (!Number.isSafeInteger(delay) || delay < 0) return wrong('delayMs must be a whole number of at least 0');
  if (!Number.isSafeInteger(times) || times < 1) return wrong('count must be a whole number of at least 1');
  if (acquirer.pushSchemes.length === 0) return wrong(`${acquirer.name} serves no national scheme`);
  const insert = 'insert into push_order (acquirer_id, kind, delay_ms, left_count) values (?, ?, ?, ?)';
  store.run(insert, acquirer.acquirerId, kind, delay, times);
  return json(201, { kind, delayMs: delay, count: times });
}

interface NotificationRow {
  readonly seq: bigint;
  readonly payment_request_id: string;
  readonly result_status: string;
  readonly effect: string;
  readonly body: string;
  readonly at_ms: bigint;
}

/** The last thousand, of one payment or of all. */
function notifications({ store }: Shops, { acquirerId }: Acquirer, _body: Fields, request: Request): Reply {
  const rows = store.all<NotificationRow>(
    `select * from notification where acquirer_id = ?1 and (?2 is null or payment_request_id = ?2) order by seq desc limit 1000`,
    ...[acquirerId, request.query.get('paymentRequestId')],
  );
  return json(200, {
    notifications: rows.reverse().map((row) => ({
      ...{ paymentRequestId: row.payment_request_id, resultStatus: row.result_status, effect: row.effect },
      ...{ at: instant(Number(row.at_ms)), body: JSON.parse(row.body) as unknown },
    })),
  });
}

const shownDispute = (row: DisputeRow) => ({
  ...{ disputeId: row.dispute_id, kind: row.kind, receivedAt: instant(Number(row.received_ms)) },
  body: JSON.parse(row.body) as unknown,
  answer: row.answer === null ? null : (JSON.parse(row.answer) as unknown),
});

async function answer(shops: Shops, acquirer: Acquirer, body: Fields): Promise<Reply> {
  const said = DISPUTE_ANSWERS.find((each) => each === body.answer);
  const { kind = 'escalation' } = body;
  if (said === undefined) return wrong(`answer must be one of ${DISPUTE_ANSWERS.join(', ')}`);
  if (kind !== 'retrieval' && kind !== 'escalation') return wrong('kind must be retrieval or escalation');
  const asked = {
    disputeId: String(body.disputeId),
    kind,
    answer: said,
    amount: body.amount,
    text: textOf(body.text, 2_048) ?? '',
  } as const;
  return done(await answerDispute(shops, acquirer, asked), shownDispute);
}

function compare(shops: Shops, acquirer: Acquirer, { name, content, day }: Fields): Reply {
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content];
  if (typeof name !== 'string' || !parts.every((part) => typeof part === 'string'))
    return wrong('name and content are needed; content is a text or a list of texts');
  if (day !== undefined && (typeof day !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(day)))
    return wrong('day must be YYYY-MM-DD');
  return done(compareClearingFile(shops, acquirer, { name, parts, day: day ?? null }), (compared) => compared);
}
