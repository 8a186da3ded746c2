/**
 * POST /refunds, linked to a payment: the whole rest when no amount is given, never more than what was captured and not yet
 * refunded. Refunds to a card without a payment are not part of this sandbox: a marketplace has no use for them.
 */
import { bodyObject, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { readFields } from './fields.ts';
import { invalid, notFound } from './messages.ts';
import { notify, uuid } from './notifications.ts';
import { done, once } from './once.ts';
import { refundAnswer } from './payment-answer.ts';
import { MAX_AMOUNT, ORDER_NUMBER } from './payment-request.ts';
import * as rows from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';

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
    const payment = id === null ? null : rows.paymentById(acquirer.store, id);
    if (payment !== null && currency !== null && currency !== payment.currency) {
      fields.fail('currency', 'is not the currency of the payment');
    }
    if (fields.errors.length > 0) return invalid(fields.errors);
    if (payment === null) return notFound('payment');
    const amount = asked === null ? payment.captured - payment.refunded : BigInt(asked);
    return refund(acquirer, payment, { requestId, amount, orderNumber: orderNumber ?? payment.order_number });
  });
}

interface RefundFacts {
  readonly requestId: string;
  readonly amount: bigint;
  readonly orderNumber: string;
}

function refund(acquirer: Acquirer, before: PaymentRow, { requestId, amount, orderNumber }: RefundFacts): Reply {
  const { store, time } = acquirer;
  const nowMs = time.nowMs();
  const possible = amount > 0n && amount <= before.captured - before.refunded;
  const outcome = possible
    ? ({ status: 'CLOSED', code: 'APPROVED', message: 'Transaction approved by Issuer' } as const)
    : ({
        status: 'DENIED',
        code: 'AMOUNT_EXCEEDS_REFUNDABLE',
        message: 'Amount is more than what can be refunded',
      } as const);
  const operation = { id: uuid(), kind: 'refund', requestId, amount, orderNumber, atMs: nowMs, outcome } as const;
  const row = rows.insertOperation(store, before, operation);
  if (possible) store.run('update payment set refunded = refunded + ? where id = ?', amount, before.id);
  const subType = possible ? 'PaymentApproved' : 'PaymentDeclined';
  notify(acquirer, { operation: 'refunds', subType, requestId, transactionId: row.id });
  const after = rows.paymentById(store, before.id) ?? before;
  return done(refundAnswer(row, after, rows.operationsOf(store, before.id), nowMs));
}
