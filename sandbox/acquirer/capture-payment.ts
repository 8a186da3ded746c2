/**
 * POST /payments/{id}/captures. One capture releases what it does not take; a capture with `multiCapture` keeps the rest
 * open until the one that says `isFinalCapture`. More than what is open is refused (stricter than the real network, which
 * would ask the issuer for the difference), as is anything after the authorization lapsed.
 * The first capture carries the payment's own id, as the real network's does. Once the merchant has captured anything, the
 * acquirer no longer captures by itself.
 */
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer, OperationName } from './acquirer.ts';
import { type Denial, whyNotOpen } from './authorization.ts';
import { ORDER_NUMBER } from './card-request.ts';
import { type FieldReader, readFields } from './fields.ts';
import { invalid, notFound } from './messages.ts';
import { notify, uuid } from './notifications.ts';
import { done, once } from './once.ts';
import { captureAnswer } from './payment-answer.ts';
import { MAX_AMOUNT } from './payment-request.ts';
import * as rows from './payment-rows.ts';
import type { OperationRow, PaymentRow } from './rows.ts';

export function capturePayment(acquirer: Acquirer, request: Request, requestId: string): Reply {
  const { store } = acquirer;
  return once(acquirer, 'captures', requestId, () => {
    const payment = rows.paymentById(store, request.params.id ?? '');
    if (payment === null) return notFound('payment');
    const fields = readFields(bodyObject(request) ?? {});
    const asked = fields.integer('amount', { min: 1, max: MAX_AMOUNT });
    const currency = fields.text('currency') ?? payment.currency;
    const orderNumber = fields.text('merchantOrderNumber', ORDER_NUMBER) ?? payment.order_number;
    const keepOpen = readKeepOpen(fields);
    if (currency !== payment.currency) fields.fail('currency', 'is not the currency of the payment');
    // An automatic capture may have taken this reference: it is the payment's own.
    if (rows.operationByRequest(store, 'capture', requestId) !== null)
      fields.fail('request-id', 'was used by a capture');
    if (fields.errors.length > 0) return invalid(fields.errors);
    const amount = asked === null ? payment.authorized_open : BigInt(asked);
    const facts = { requestId, amount, orderNumber, keepOpen, operation: 'captures' } as const;
    return done(captureAnswer(acquirer, takeCapture(acquirer, payment, facts)));
  });
}

/** Whether the capture is one of several and not the last. */
function readKeepOpen(fields: FieldReader): boolean {
  const path = 'multiCapture';
  if (fields.at(path) === undefined) return false;
  // The schema says text; the network's own collection sends a number.
  const sequence = Number(fields.at(`${path}.multiCaptureSequenceNumber`) ?? 1);
  const count = fields.integer(`${path}.multiCaptureRecordCount`, { min: 0, max: 99 });
  const final = fields.flag(`${path}.isFinalCapture`) === true;
  if (!Number.isSafeInteger(sequence) || sequence < 1 || sequence > 99) {
    fields.fail(`${path}.multiCaptureSequenceNumber`, 'must be a whole number from 1 to 99');
  } else if (count !== null && count < sequence) {
    fields.fail(`${path}.multiCaptureRecordCount`, 'is less than the sequence number');
  }
  return !final;
}

export interface CaptureFacts {
  readonly requestId: string;
  readonly amount: bigint;
  readonly orderNumber: string;
  readonly keepOpen: boolean;
  /** Whose notification it is. */
  readonly operation: OperationName;
}

/** Captures, or writes why not; call it inside a transaction. */
export function takeCapture(acquirer: Acquirer, before: PaymentRow, facts: CaptureFacts): OperationRow {
  const { store, time } = acquirer;
  const { requestId, amount, orderNumber, operation } = facts;
  const nowMs = time.nowMs();
  const refusal = whyNotCapture(before, amount, nowMs);
  const outcome =
    refusal === null
      ? ({ status: 'CLOSED', code: 'ACCEPTED', message: 'Transaction accepted' } as const)
      : ({ status: 'DENIED', ...refusal } as const);
  const id = refusal === null && before.captured === 0n ? before.id : uuid();
  const written = { id, kind: 'capture', requestId, amount, orderNumber, atMs: nowMs, outcome } as const;
  const row = rows.insertOperation(store, before, written);
  if (refusal === null) {
    const left = facts.keepOpen ? before.authorized_open - amount : 0n;
    const update = `update payment set captured = captured + ?, authorized_open = ?, state = ?, capture_due_ms = null
      where id = ?`;
    store.run(update, amount, left, left === 0n ? 'CLOSED' : 'AUTHORIZED', before.id);
  }
  const subType = refusal === null ? 'PaymentClosed' : 'PaymentDeclined';
  notify(acquirer, { operation, subType, requestId, transactionId: row.id });
  return row;
}

export function whyNotCapture(payment: PaymentRow, amount: bigint, nowMs: number): Denial | null {
  const closed = whyNotOpen(payment, nowMs);
  if (closed !== null || amount <= payment.authorized_open) return closed;
  return { code: 'AMOUNT_EXCEEDS_AUTHORIZATION', message: 'Amount is more than what is authorized' };
}
