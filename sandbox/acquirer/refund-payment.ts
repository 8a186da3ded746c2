/**
 * POST /refunds, linked to a payment: the whole rest when no amount is given, never more than what was captured and not yet
 * refunded; with `captureId` the same of that one capture. Refunds to a card without a payment are not part of this sandbox: a marketplace has no use for them.
 */
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { refundableByCapture } from './capture-balance.ts';
import { ORDER_NUMBER } from './card-request.ts';
import { readFields } from './fields.ts';
import { invalid, notFound } from './messages.ts';
import { notify, uuid } from './notifications.ts';
import { done, once } from './once.ts';
import { refundAnswer } from './payment-answer.ts';
import { MAX_AMOUNT } from './payment-request.ts';
import * as rows from './payment-rows.ts';
import type { PaymentRow } from './rows.ts';

export function refundPayment(acquirer: Acquirer, request: Request, requestId: string): Reply {
  return once(acquirer, 'refunds', requestId, () => {
    const fields = readFields(bodyObject(request) ?? {});
    const reference = 'paymentMethodType.transactionReference.transactionReferenceId';
    const id = fields.text(reference, { required: true, min: 1, max: 40 });
    fields.text('merchant.merchantSoftware.companyName', { required: true, min: 1 });
    fields.text('merchant.merchantSoftware.productName', { required: true, min: 1 });
    const asked = fields.integer('amount', { min: 1, max: MAX_AMOUNT });
    const currency = fields.text('currency');
    const orderNumber = fields.text('merchantOrderNumber', ORDER_NUMBER);
    const captureId = fields.text('captureId', { min: 1, max: 40 });
    const payment = id === null ? null : rows.paymentById(acquirer.store, id);
    if (payment !== null && currency !== null && currency !== payment.currency) {
      fields.fail('currency', 'is not the currency of the payment');
    }
    if (fields.errors.length > 0) return invalid(fields.errors);
    if (payment === null) return notFound('payment');
    const refundable = refundableOf(acquirer, payment, captureId);
    if (refundable === null) return notFound('capture');
    const amount = asked === null ? refundable : BigInt(asked);
    const facts = { requestId, amount, refundable, orderNumber: orderNumber ?? payment.order_number, captureId };
    return refund(acquirer, payment, facts);
  });
}

/** What can be given back of the payment, or of one capture of it; null when it has no such capture. */
function refundableOf({ store }: Acquirer, payment: PaymentRow, captureId: string | null): bigint | null {
  const left = payment.captured - payment.refunded;
  if (captureId === null) return left;
  return refundableByCapture(rows.operationsOf(store, payment.id)).get(captureId) ?? null;
}

interface RefundFacts {
  readonly requestId: string;
  readonly amount: bigint;
  readonly refundable: bigint;
  readonly orderNumber: string;
  readonly captureId: string | null;
}

function refund(acquirer: Acquirer, payment: PaymentRow, facts: RefundFacts): Reply {
  const { store, time } = acquirer;
  const { requestId, amount, refundable, orderNumber, captureId } = facts;
  const possible = amount > 0n && amount <= refundable;
  const outcome = possible
    ? ({ status: 'CLOSED', code: 'APPROVED', message: 'Transaction approved by Issuer' } as const)
    : ({
        status: 'DENIED',
        code: 'AMOUNT_EXCEEDS_REFUNDABLE',
        message: 'Amount is more than what can be refunded',
      } as const);
  const row = rows.insertOperation(store, payment, {
    id: uuid(),
    kind: 'refund',
    requestId,
    amount,
    orderNumber,
    atMs: time.nowMs(),
    outcome,
    ...(captureId === null ? {} : { captureId }),
  });
  if (possible) store.run('update payment set refunded = refunded + ? where id = ?', amount, payment.id);
  const subType = possible ? 'PaymentApproved' : 'PaymentDeclined';
  notify(acquirer, { operation: 'refunds', subType, requestId, transactionId: row.id });
  return done(refundAnswer(acquirer, row));
}
