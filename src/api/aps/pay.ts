/**
 * pay and inquiryPayment. A wallet may take longer than an acquirer waits: after some seconds the answer is that it is in process,
 * and the work goes on.
 */
import { type Currency, isCurrency } from '../../base/currency.ts';
import { ok, type Refusal, type Result } from '../../base/result.ts';
import {
  findHubPayment,
  type HubPayment,
  type PaymentPayer,
  type TakePayment,
  takePayment,
} from '../../wallets/index.ts';
import type { Fields } from '../ams/fields.ts';
import { ANSWER_WITHIN_MS } from '../ams/pay.ts';
import { within } from '../within.ts';
import { type Answer, type Call, refused } from './call.ts';
import { namedPayment, sidesOf, UNKNOWN_PAYMENT } from './named.ts';
import { readOrder } from './read-order.ts';
import { resultOf, SUCCESS } from './results.ts';
import { paymentResult, viewPayment } from './views.ts';

export async function pay(call: Call): Promise<Answer> {
  const wish = readPay(call);
  if (!wish.ok) return refused(wish.error);
  const { app, participant } = call;
  const taking = takePayment(app.hub.deps, wish.value);
  const taken = await within(taking, ANSWER_WITHIN_MS);
  if (taken !== null && !taken.ok) return refused(taken.error);
  if (taken === null)
    taking.catch((error: unknown) => app.log.error({ error: String(error) }, 'a payment through the hub failed'));
  const name = { acquirer: participant.id, requestId: wish.value.requestId };
  const payment = taken?.value ?? (await findHubPayment(app.journal.db, name));
  return payment === null
    ? { result: resultOf('PAYMENT_IN_PROCESS', 'the wallet has not answered yet; inquire, or repeat with the same id') }
    : { result: paymentResult(payment), ...(await viewed(call, payment)) };
}

/** `result` is about the question; `paymentResult` about the payment. */
export async function inquiryPayment(call: Call): Promise<Answer> {
  const payment = await namedPayment(call);
  if (call.fields.wrong !== null) return refused(call.fields.wrong);
  if (payment === null) return refused(UNKNOWN_PAYMENT);
  return { result: SUCCESS, paymentResult: paymentResult(payment), ...(await viewed(call, payment)) };
}

const viewed = async ({ app, participant }: Call, payment: HubPayment) =>
  viewPayment(payment, await sidesOf(app.journal.db, participant, payment));

function readPay({ participant, fields }: Call): Result<TakePayment, Refusal> {
  const requestId = fields.needText('paymentRequestId', 64);
  const order = readOrder(fields);
  const amount = fields.needAmount('paymentAmount');
  const method = fields.needText('paymentMethod.paymentMethodType', 64);
  const payer = readPayer(fields, method);
  const settlementCurrency = readCurrency(fields, 'settlementStrategy.settlementCurrency');
  const expiresAt = fields.time('paymentExpiryTime');
  const notifyUrl = fields.address('paymentNotifyUrl');
  const redirectUrl = fields.address('paymentRedirectUrl');
  if (fields.wrong !== null) return { ok: false, error: fields.wrong };
  return ok({
    ...{ acquirer: participant, requestId, ...order, amount, payer, settlementCurrency },
    ...{ expiresAt, notifyUrl, redirectUrl },
    keyFields: {
      ...{ amount, method },
      factor: keyField(fields, 'paymentFactor'),
      settlementStrategy: keyField(fields, 'settlementStrategy'),
    },
  });
}

const keyField = (fields: Fields, path: string): unknown => JSON.stringify(fields.raw(path) ?? null);

export function readCurrency(fields: Fields, path: string): Currency | null {
  const said = fields.text(path, 3);
  if (said === null || isCurrency(said)) return said;
  fields.reject(path, 'must be an ISO 4217 code with a minor unit');
  return null;
}

/** A code or a token is in `paymentMethodId`; of a cashier the wallet is in `paymentMethodType`. */
function readPayer(fields: Fields, brandCode: string): PaymentPayer {
  const scenario = fields.word('paymentFactor.inStorePaymentScenario', [
    'PaymentCode',
    'OrderCode',
    'EntryCode',
  ] as const);
  const [cashier, agreement] = [
    fields.flag('paymentFactor.isCashierPayment'),
    fields.flag('paymentFactor.isAgreementPayment'),
  ];
  switch (scenario) {
    case 'PaymentCode':
      return { scenario: 'payment_code', code: fields.needText('paymentMethod.paymentMethodId', 512) };
    case 'OrderCode':
      return { scenario: 'order_code' };
    case 'EntryCode':
      return { scenario: 'entry_code', userAgent: fields.needText('order.env.userAgent', 1024) };
    default:
      break;
  }
  if (agreement === true)
    return { scenario: 'agreement', brandCode, accessToken: fields.needText('paymentMethod.paymentMethodId', 128) };
  if (cashier !== true) fields.reject('paymentFactor', 'does not say how it is paid');
  return { scenario: 'cashier', brandCode };
}
