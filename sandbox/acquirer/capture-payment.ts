/**
 * POST /payments/{id}/captures. One capture releases what it does not take; a capture with `multiCapture` keeps the rest
 * open until the one that says `isFinalCapture`. More than what is open is refused (stricter than the real network, which
 * would ask the issuer for the difference), as is anything after the authorization lapsed.
 * The first capture carries the payment's own id, as the real network's does.
 */
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { readFields } from './fields.ts';
import { invalid, notFound } from './messages.ts';
import { notify, uuid } from './notifications.ts';
import { done, once } from './once.ts';
import { captureAnswer, lapsed } from './payment-answer.ts';
import { MAX_AMOUNT, ORDER_NUMBER } from './payment-request.ts';
import * as rows from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';

export function capturePayment(acquirer: Acquirer, request: Request, requestId: string): Reply {
  const { store, time } = acquirer;
  return once(acquirer, 'captures', requestId, () => {
    const payment = rows.paymentById(store, request.params.id ?? '');
    if (payment === null) return notFound('payment');
    const fields = readFields(bodyObject(request) ?? {});
    const asked = fields.integer('amount', { min: 1, max: MAX_AMOUNT });
    const currency = fields.text('currency') ?? payment.currency;
    const orderNumber = fields.text('merchantOrderNumber', ORDER_NUMBER) ?? payment.order_number;
    const keepOpen = fields.at('multiCapture') !== undefined && fields.flag('multiCapture.isFinalCapture') !== true;
    if (currency !== payment.currency) fields.fail('currency', 'is not the currency of the payment');
    if (fields.errors.length > 0) return invalid(fields.errors);
    const amount = asked === null ? payment.authorized_open : BigInt(asked);
    return capture(acquirer, payment, { requestId, amount, orderNumber, keepOpen, nowMs: time.nowMs() });
  });
}

interface CaptureFacts {
  readonly requestId: string;
  readonly amount: bigint;
  readonly orderNumber: string;
  readonly keepOpen: boolean;
  readonly nowMs: number;
}

function capture(acquirer: Acquirer, before: PaymentRow, facts: CaptureFacts): Reply {
  const { store } = acquirer;
  const { requestId, amount, orderNumber, nowMs } = facts;
  const refusal = whyNot(before, amount, nowMs);
  const outcome =
    refusal === null
      ? ({ status: 'CLOSED', code: 'ACCEPTED', message: 'Transaction accepted' } as const)
      : ({ status: 'DENIED', code: refusal.code, message: refusal.message } as const);
  const id = refusal === null && before.captured === 0n ? before.id : uuid();
  const operation = { id, kind: 'capture', requestId, amount, orderNumber, atMs: nowMs, outcome } as const;
  const row = rows.insertOperation(store, before, operation);
  if (refusal === null) {
    const left = facts.keepOpen ? before.authorized_open - amount : 0n;
    const update = 'update payment set captured = captured + ?, authorized_open = ?, state = ? where id = ?';
    store.run(update, amount, left, left === 0n ? 'CLOSED' : 'AUTHORIZED', before.id);
  }
  const subType = refusal === null ? 'PaymentClosed' : 'PaymentDeclined';
  notify(acquirer, { operation: 'captures', subType, requestId, transactionId: row.id });
  const after = rows.paymentById(store, before.id) ?? before;
  return done(captureAnswer(row, after, rows.operationsOf(store, before.id), nowMs));
}

/** Checks in this order; the first that holds is the answer. */
function whyNot(payment: PaymentRow, amount: bigint, nowMs: number): { code: string; message: string } | null {
  if (payment.state === 'VOIDED') return { code: 'PAYMENT_VOIDED', message: 'Payment was voided' };
  if (payment.state === 'DECLINED') return { code: 'PAYMENT_DECLINED', message: 'Payment was declined' };
  if (payment.state === 'CLOSED') return { code: 'ALREADY_CAPTURED', message: 'Payment was captured' };
  if (lapsed(payment, nowMs)) return { code: 'AUTHORIZATION_EXPIRED', message: 'Authorization has expired' };
  if (amount > payment.authorized_open) {
    return { code: 'AMOUNT_EXCEEDS_AUTHORIZATION', message: 'Amount is more than what is authorized' };
  }
  return null;
}
