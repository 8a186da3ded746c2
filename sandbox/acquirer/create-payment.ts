/**
 * POST /payments: asks the issuer, writes the authorization (MANUAL, DELAYED) or the sale (NOW). An authorization lapses
 * seven days after it was given. A decline is an answer like any other: HTTP 200, DENIED, on record.
 */
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { askIssuer, unreached } from './ask-issuer.ts';
import { AUTHORIZATION_LIFE_MS } from './authorization.ts';
import { DELAYED_CAPTURE_MS } from './delayed-capture.ts';
import { type Approval, avsResult, cvvResult, expiryOf, maskOf, type Verdict } from './issuer.ts';
import { invalid } from './messages.ts';
import { notify, uuid } from './notifications.ts';
import { done, once } from './once.ts';
import { paymentAnswer } from './payment-answer.ts';
import { type PaymentRequest, parsePayment } from './payment-request.ts';
import * as rows from './payment-rows.ts';
import type { PaymentRow } from './rows.ts';

export function createPayment(acquirer: Acquirer, request: Request, requestId: string): Reply {
  return once(acquirer, 'payments', requestId, () => {
    const asked = parsePayment(bodyObject(request) ?? {}, acquirer.settings.settlementCurrency);
    if (!('card' in asked)) return invalid(asked);
    const { amount, currency, partial, proof, credential } = asked;
    const card = { masked: maskOf(asked.card.number), expiry: expiryOf(asked.card) };
    const verdict =
      unreached(acquirer) ?? askIssuer(acquirer, { ...card, amount, currency, partial, proof, credential });
    const payment = write(acquirer, asked, verdict, requestId);
    const subType = !verdict.approved
      ? 'PaymentDeclined'
      : asked.captureMethod === 'NOW'
        ? 'PaymentClosed'
        : 'PaymentApproved';
    notify(acquirer, { operation: 'payments', subType, requestId, transactionId: payment.id });
    return done(paymentAnswer(acquirer, payment));
  });
}

function write(acquirer: Acquirer, asked: PaymentRequest, verdict: Verdict, requestId: string): PaymentRow {
  const { store, time, settings } = acquirer;
  const nowMs = time.nowMs();
  const id = uuid();
  const sale = verdict.approved && asked.captureMethod === 'NOW';
  const amount = verdict.approved ? verdict.amount : asked.amount;
  const delayed = verdict.approved && asked.captureMethod === 'DELAYED';
  rows.insertPayment(store, {
    id,
    request_id: requestId,
    currency: asked.currency,
    amount,
    first_amount: amount,
    requested: asked.amount,
    capture_method: asked.captureMethod,
    state: !verdict.approved ? 'DECLINED' : sale ? 'CLOSED' : 'AUTHORIZED',
    authorized_open: verdict.approved && !sale ? amount : 0n,
    ...issuersWords(verdict),
    card_type: asked.brand.type,
    card_type_name: asked.brand.name,
    masked: maskOf(asked.card.number),
    expiry: expiryOf(asked.card),
    cvv_result: cvvResult(asked.brand, asked.card.cvv),
    avs_result: avsResult(asked.postalCode),
    order_number: asked.orderNumber,
    descriptor: asked.descriptor,
    merchant: JSON.stringify({ merchantId: settings.merchantId, ...asked.merchant }),
    credential: JSON.stringify(asked.credential),
    proof: JSON.stringify(asked.proof),
    approval_code: verdict.approved ? rows.approvalCode() : '',
    host_reference: rows.hostReference(),
    network_transaction: rows.networkTransaction(),
    created_ms: BigInt(nowMs),
    expires_ms: BigInt(nowMs + AUTHORIZATION_LIFE_MS),
    capture_due_ms: delayed ? BigInt(nowMs + DELAYED_CAPTURE_MS) : null,
    replaces: null,
  });
  const payment = rows.mustFind(store, id);
  if (!sale) return payment;
  store.run('update payment set captured = amount where id = ?', id);
  const { code, message } = approvalWords(verdict);
  const outcome = { status: 'CLOSED', code, message } as const;
  const orderNumber = asked.orderNumber;
  rows.insertOperation(store, payment, { id, kind: 'sale', requestId, amount, orderNumber, atMs: nowMs, outcome });
  return rows.mustFind(store, id);
}

/** The issuer's verdict as the columns that payments and verifications share. */
export function issuersWords(verdict: Verdict) {
  const { code, message, host } = verdict.approved
    ? approvalWords(verdict)
    : { code: verdict.code, message: 'Transaction declined by Issuer', host: verdict.host };
  return { response_code: code, response_message: message, host_message: host, network_code: verdict.networkCode };
}

const approvalWords = ({ networkCode }: Approval) =>
  networkCode === '10'
    ? { code: 'PARTIAL_APPROVAL', message: 'Transaction approved for a part by Issuer', host: 'Partial approval' }
    : { code: 'APPROVED', message: 'Transaction approved by Issuer', host: 'Approved' };
