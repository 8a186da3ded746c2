/**
 * POST /payments: asks the issuer, writes the authorization (MANUAL) or the sale (NOW). An authorization lapses seven days
 * after it was given. A decline is an answer like any other: HTTP 200, DENIED, on record.
 */
import { MS_PER_DAY } from '../../src/base/clock.ts';
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { cvvResult, decide, maskOf, type Verdict } from './issuer.ts';
import { invalid } from './messages.ts';
import { notify, uuid } from './notifications.ts';
import { done, once } from './once.ts';
import { paymentAnswer } from './payment-answer.ts';
import { type PaymentRequest, parsePayment } from './payment-request.ts';
import * as rows from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';

const AUTHORIZATION_LIFE_MS = 7 * MS_PER_DAY;
const ACCEPTED = { status: 'CLOSED', code: 'APPROVED', message: 'Transaction approved by Issuer' } as const;

export function createPayment(acquirer: Acquirer, request: Request, requestId: string): Reply {
  return once(acquirer, 'payments', requestId, () => {
    const asked = parsePayment(bodyObject(request) ?? {});
    if (!isRequest(asked)) return invalid(asked);
    const nowMs = acquirer.time.nowMs();
    const verdict = decide(asked.card, asked.amount, nowMs);
    const payment = write(acquirer, asked, verdict, { requestId, nowMs });
    const subType = !verdict.approved
      ? 'PaymentDeclined'
      : asked.captureMethod === 'NOW'
        ? 'PaymentClosed'
        : 'PaymentApproved';
    notify(acquirer, { operation: 'payments', subType, requestId, transactionId: payment.id });
    return done(paymentAnswer(payment, rows.operationsOf(acquirer.store, payment.id), nowMs));
  });
}

const isRequest = (parsed: ReturnType<typeof parsePayment>): parsed is PaymentRequest => 'card' in parsed;

function write(
  { store, settings }: Acquirer,
  asked: PaymentRequest,
  verdict: Verdict,
  { requestId, nowMs }: { readonly requestId: string; readonly nowMs: number },
): PaymentRow {
  const id = uuid();
  const sale = verdict.approved && asked.captureMethod === 'NOW';
  rows.insertPayment(store, {
    id,
    request_id: requestId,
    currency: asked.currency,
    amount: asked.amount,
    capture_method: asked.captureMethod,
    state: !verdict.approved ? 'DECLINED' : sale ? 'CLOSED' : 'AUTHORIZED',
    authorized_open: verdict.approved && !sale ? asked.amount : 0n,
    response_code: verdict.approved ? 'APPROVED' : verdict.code,
    response_message: verdict.approved ? ACCEPTED.message : 'Transaction declined by Issuer',
    host_message: verdict.approved ? 'Approved' : verdict.host,
    network_code: verdict.networkCode,
    card_type: asked.brand.type,
    card_type_name: asked.brand.name,
    masked: maskOf(asked.card.number),
    cvv_result: cvvResult(asked.brand, asked.card.cvv),
    order_number: asked.orderNumber,
    descriptor: asked.descriptor,
    merchant: JSON.stringify({ merchantId: settings.merchantId, ...asked.merchant }),
    approval_code: verdict.approved ? rows.approvalCode() : '',
    host_reference: rows.hostReference(),
    network_transaction: rows.networkTransaction(),
    created_ms: BigInt(nowMs),
    expires_ms: BigInt(nowMs + AUTHORIZATION_LIFE_MS),
  });
  const payment = rows.paymentById(store, id);
  if (payment === null) throw new Error('the payment just written is gone');
  if (!sale) return payment;
  store.run('update payment set captured = amount where id = ?', id);
  const orderNumber = asked.orderNumber;
  const operation = {
    id,
    kind: 'sale',
    requestId,
    amount: asked.amount,
    orderNumber,
    atMs: nowMs,
    outcome: ACCEPTED,
  } as const;
  rows.insertOperation(store, payment, operation);
  return rows.paymentById(store, id) ?? payment;
}
