/**
 * pay, createPaymentSession and inquiryPayment. A card token is charged at once; without one the buyer goes to the hosted
 * page. A wallet is asked at once as well (read-payer.ts). Acquirer or wallet may take longer than a client waits: after some seconds the answer is that it is in process, and the
 * work goes on.
 */
import {
  type AmsPay,
  type AmsPayment,
  type Paid,
  payThroughAms,
  standingOf,
  type WalletWish,
} from '../../ams/index.ts';
import { addMs, type Instant, msOf } from '../../base/clock.ts';
import type { Refusal } from '../../base/result.ts';
import { ok, type Result } from '../../base/result.ts';
import { type Cardholder, continuePayment, WALLET_WAIT_MS } from '../../payments/index.ts';
import { ORDER_CODE_LIFE_MS } from '../../wallets/index.ts';
import type { App } from '../app.ts';
import { within } from '../within.ts';
import { type Answer, type Call, refused } from './call.ts';
import type { Fields } from './fields.ts';
import { findNamedPayment } from './named.ts';
import { readPayer } from './read-payer.ts';
import { resultOf, SUCCESS } from './results.ts';
import { viewSettlementTime } from './settlement-time.ts';
import { methodTypeOf, paymentResult, viewAction, viewPayment, viewTransactions } from './views.ts';

/** Well below the 15 s after which the official clients give up. */
export const ANSWER_WITHIN_MS = 8000;

export async function pay(call: Call): Promise<Answer> {
  const paid = await payAsAsked(call, 'pay');
  if (!paid.ok) return refused(paid.error);
  if (paid.value === null) return IN_PROCESS;
  const { app } = call;
  const { row, payment } = paid.value;
  const standing = await standingOf(app.ams, row, payment);
  return {
    result: paymentResult(standing),
    ...viewPayment(row, standing),
    ...viewAction(app, standing),
  };
}

/** A hosted page for one payment; the data is what a browser needs of it. */
export async function createPaymentSession(call: Call): Promise<Answer> {
  const paid = await payAsAsked(call, 'session');
  if (!paid.ok) return refused(paid.error);
  if (paid.value === null) return IN_PROCESS;
  const { row } = paid.value;
  const standing = await standingOf(call.app.ams, row);
  const { normalUrl } = viewAction(call.app, standing) as { readonly normalUrl?: string };
  if (normalUrl === undefined) return { result: paymentResult(standing) };
  const expires = standing.link?.expiresAt ?? row.createdAt;
  return {
    result: SUCCESS,
    paymentSessionId: row.id,
    paymentSessionData: Buffer.from(JSON.stringify({ paymentSessionId: row.id, normalUrl })).toString('base64'),
    paymentSessionExpiryTime: `${expires.slice(0, 19)}Z`,
    normalUrl,
  };
}

const IN_PROCESS: Answer = {
  result: resultOf('PAYMENT_IN_PROCESS', 'the acquirer has not answered yet; inquire, or repeat with the same id'),
};

async function payAsAsked(call: Call, kind: 'pay' | 'session'): Promise<Result<Paid | null, Refusal>> {
  const input = readPay(call, kind);
  if (!input.ok) return input;
  const paying = payThroughAms(call.app.ams, input.value);
  const result = await within(paying, ANSWER_WITHIN_MS);
  if (result !== null) return result;
  paying.catch((error: unknown) => call.app.log.error({ error: String(error) }, 'a payment through AMS failed'));
  const { client, requestId } = input.value;
  const known = await findNamedPayment(call.app.journal.db, client, { requestId });
  return ok(known === null ? null : { row: known });
}

function readPay({ app, client, fields }: Call, kind: 'pay' | 'session'): Result<AmsPay, Refusal> {
  const requestId = fields.needText('paymentRequestId', 64);
  const order = readOrder(fields);
  const amount = fields.needAmount('paymentAmount');
  const payer = readPayer(fields, kind);
  // Card numbers are the vault's; one that came here is not even kept long enough to be looked at.
  if (fields.has('paymentMethod.paymentMethodMetaData.cardNo'))
    fields.reject('paymentMethod.paymentMethodMetaData.cardNo', 'no card number is taken here; send a card token');
  const redirectUrl = fields.address('paymentRedirectUrl');
  const notifyUrl = fields.address('paymentNotifyUrl');
  const expires = fields.time(kind === 'session' ? 'paymentSessionExpiryTime' : 'paymentExpiryTime');
  const capture = fields.word('paymentFactor.captureMode', ['AUTOMATIC', 'MANUAL'] as const);
  const country = fields.text('userRegion', 2);
  if (expires !== null && msOf(expires) <= msOf(app.clock.now())) fields.reject('paymentExpiryTime', 'has passed');
  const { token, wallet, method } = payer.ok ? payer.value : NOBODY;
  const cardholder = token === null ? null : readCardholder(fields, redirectUrl);
  if (wallet !== null && expires !== null) checkExpiry(fields, wallet, { expires, now: app.clock.now() });
  if (fields.wrong !== null) return { ok: false, error: fields.wrong };
  if (!payer.ok) return payer;
  return ok({
    client,
    requestId,
    ...order,
    amount,
    country,
    token,
    cardholder,
    ...(wallet === null ? {} : { wallet }),
    capture: capture === 'MANUAL' ? 'manual' : 'automatic',
    expiresAt: expires,
    redirectUrl,
    notifyUrl,
    keyFields: {
      ...{ amount, method, settlementStrategy: keyField(fields, 'settlementStrategy'), capture, kind },
      // Of a card, `captureMode` is all of it that counts.
      ...(wallet === null ? {} : { factor: keyField(fields, 'paymentFactor') }),
    },
  });
}

/** A wallet's user is waited for, and a code lives, no longer than so. */
function checkExpiry(
  fields: Fields,
  { payer }: WalletWish,
  { expires, now }: { readonly expires: Instant; readonly now: Instant },
): void {
  if (payer.kind === 'order_code') {
    if (expires >= addMs(now, ORDER_CODE_LIFE_MS))
      fields.reject('paymentExpiryTime', 'must be in less than thirty minutes');
  } else if (expires > addMs(now, WALLET_WAIT_MS))
    fields.reject('paymentExpiryTime', 'must be within fourteen minutes');
}

const NOBODY = { token: null, wallet: null, method: '' };

/** Amount, currency, method and these are what a repeat must not change, as documented. */
const keyField = (fields: Fields, path: string): unknown => JSON.stringify(fields.raw(path) ?? null);

function readOrder(fields: Fields): Pick<AmsPay, 'order' | 'merchant' | 'buyer'> {
  const names = ['fullName', 'firstName', 'middleName', 'lastName'].map((name) =>
    fields.text(`order.buyer.buyerName.${name}`, 128),
  );
  const [whole, ...parts] = names;
  const spoken = parts.filter((name) => name !== null).join(' ');
  return {
    order: {
      reference: fields.needText('order.referenceOrderId', 64),
      description: fields.needText('order.orderDescription', 256),
      total: fields.needAmount('order.orderAmount'),
    },
    merchant: fields.text('order.merchant.referenceMerchantId', 64),
    buyer: {
      reference: fields.text('order.buyer.referenceBuyerId', 64),
      name: whole ?? (spoken === '' ? null : spoken),
      email: fields.text('order.buyer.buyerEmail', 64),
    },
  };
}

/** The issuer can ask the cardholder only when all of the browser is known and there is a page to come back to. */
function readCardholder(fields: Fields, returnUrl: string | null): Cardholder | null {
  const text = (path: string, max: number) => fields.text(`env.${path}`, max);
  const [acceptHeader, userAgent] = [text('browserInfo.acceptHeader', 2048), text('browserInfo.userAgent', 2048)];
  const [language, ip] = [text('browserInfo.language', 35), text('clientIp', 64)];
  const [screenWidth, screenHeight] = [fields.integer('env.screenWidth'), fields.integer('env.screenHeight')];
  const [colorDepth, timeZoneOffset] = [fields.integer('env.colorDepth'), fields.integer('env.timeZoneOffset')];
  if (returnUrl === null || acceptHeader === null || userAgent === null || language === null || ip === null)
    return null;
  if (screenWidth === null || screenHeight === null || colorDepth === null || timeZoneOffset === null) return null;
  const screen = { screenWidth, screenHeight, colorDepth, timeZoneOffset };
  return { browser: { acceptHeader, userAgent, language, ip, ...screen }, returnUrl };
}

/** `result` is about the inquiry; the payment has a status of its own. */
export async function inquiryPayment({ app, client, fields }: Call): Promise<Answer> {
  const named = { id: fields.text('paymentId', 64), requestId: fields.text('paymentRequestId', 64) };
  if (named.id === null && named.requestId === null) fields.reject('paymentRequestId', 'or paymentId is needed');
  if (fields.wrong !== null) return refused(fields.wrong);
  const row = await findNamedPayment(app.journal.db, client, named);
  if (row === null) return refused({ code: 'unknown_payment', detail: 'no such payment' });
  const standing = await standingAfterChallenge(app, row);
  const said = paymentResult(standing);
  return {
    result: SUCCESS,
    paymentStatus: standing.status,
    paymentResultCode: said.resultCode,
    paymentResultMessage: said.resultMessage,
    paymentMethodType: methodTypeOf(row, standing),
    ...viewPayment(row, standing),
    ...viewAction(app, standing),
    ...(standing.status === 'SUCCESS' ? await viewSettlementTime(app, row) : {}),
    transactions: viewTransactions(row, standing),
  };
}

/** The buyer may be back from the issuer or the wallet: only they know, so they are asked. */
async function standingAfterChallenge(app: App, row: AmsPayment) {
  const standing = await standingOf(app.ams, row);
  const { payment, link } = standing;
  const waits = payment?.state === 'authenticating' || (payment?.state === 'pending' && payment.wallet !== undefined);
  if (link !== null || payment === null || !waits) return standing;
  const going = continuePayment(app.payments, { marketplace: row.marketplace, payment: payment.id });
  const went = await within(going, ANSWER_WITHIN_MS);
  if (went === null) going.catch((error: unknown) => app.log.error({ error: String(error) }, 'a payment failed'));
  return went?.ok ? standingOf(app.ams, row) : standing;
}
