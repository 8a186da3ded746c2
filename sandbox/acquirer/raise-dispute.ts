/**
 * POST /_sandbox/disputes: a cardholder goes to his issuer. A retrieval request asks for documents and moves nothing; a
 * first chargeback takes the amount and a fee at once. All open and lost disputes of a payment together are never more than
 * what was captured.
 */
import { assert } from '../../src/base/assert.ts';
import { MS_PER_DAY } from '../../src/base/clock.ts';
import { bodyObject, json, problem, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { disputeAnswer } from './dispute-answer.ts';
import { reasonText } from './dispute-reasons.ts';
import { chargeFee, debitRest, disputeById, nextChange } from './dispute-rows.ts';
import { readFields } from './fields.ts';
import { notifyDispute, uuid } from './notifications.ts';
import { MAX_AMOUNT } from './payment-request.ts';
import * as rows from './payment-rows.ts';
import type { PaymentRow } from './rows.ts';

/** How long the merchant has for an answer at each stage. Business time. */
export const RESPONSE_MS = 30 * MS_PER_DAY;

export function raiseDispute(acquirer: Acquirer, request: Request): Reply {
  const fields = readFields(bodyObject(request) ?? {});
  const transactionId = fields.text('transactionId', { required: true, min: 1, max: 40 });
  const reason = fields.text('reasonCode', { required: true, pattern: /^[A-Z0-9.]{2,10}$/ });
  const amount = fields.integer('amount', { min: 1, max: MAX_AMOUNT });
  const type = fields.choice('type', ['FIRST_CHARGEBACK', 'RETRIEVAL_REQUEST']) ?? 'FIRST_CHARGEBACK';
  const wrong = fields.errors[0];
  if (wrong !== undefined || transactionId === null || reason === null) {
    return problem(422, 'invalid_dispute', wrong?.message ?? 'transactionId and reasonCode are needed');
  }
  return acquirer.store.transaction(() => {
    const payment = paymentOf(acquirer, transactionId);
    if (payment === null) return problem(404, 'not_found', `no payment or capture ${transactionId}`);
    const left = payment.captured - disputedOf(acquirer, payment);
    const disputed = amount === null ? left : BigInt(amount);
    if (disputed > left || left === 0n) {
      return problem(422, 'invalid_dispute', `amount must be 1 to ${left}: captured and not disputed yet`);
    }
    return json(201, disputeAnswer(acquirer.store, open(acquirer, payment, { type, reason, amount: disputed })));
  });
}

interface Opening {
  readonly type: 'FIRST_CHARGEBACK' | 'RETRIEVAL_REQUEST';
  readonly reason: string;
  readonly amount: bigint;
}

function open(acquirer: Acquirer, payment: PaymentRow, { type, reason, amount }: Opening) {
  const { store, time } = acquirer;
  const id = uuid();
  const nowMs = BigInt(time.nowMs());
  rows.insertRow(store, 'dispute', {
    id,
    payment_id: payment.id,
    type,
    status: 'NEEDS_RESPONSE',
    outcome: null,
    amount,
    currency: payment.currency,
    reason_code: reason,
    reason_text: reasonText(reason),
    created_ms: nowMs,
    updated_ms: nowMs,
    change_seq: nextChange(store),
    due_ms: nowMs + BigInt(RESPONSE_MS),
  });
  const dispute = disputeById(store, id);
  assert(dispute !== null, 'the dispute just written is there');
  if (type === 'FIRST_CHARGEBACK') {
    debitRest(acquirer, dispute);
    chargeFee(acquirer, dispute);
  }
  notifyDispute(acquirer, { subType: 'DisputeOpened', disputeId: id });
  return dispute;
}

/** A payment by its own id or by that of one of its captures. */
function paymentOf({ store }: Acquirer, id: string): PaymentRow | null {
  const payment = rows.paymentById(store, id);
  if (payment !== null) return payment;
  const capture = rows.operationById(store, 'capture', id);
  return capture === null ? null : rows.paymentById(store, capture.payment_id);
}

const disputedOf = ({ store }: Acquirer, payment: PaymentRow): bigint =>
  store.first<{ sum: bigint | null }>(
    `select sum(amount) as sum from dispute where payment_id = ? and outcome is not 'WON'`,
    payment.id,
  )?.sum ?? 0n;
