/**
 * PATCH /payments/{id} with isReauthorization: the issuer is asked for the same total again, and the answer is a payment
 * of its own with its own id and seven new days; the old one is voided. Only before a capture, and before the lapse.
 */
import type { Acquirer } from './acquirer.ts';
import { askedAgain, askIssuer } from './ask-issuer.ts';
import { AUTHORIZATION_LIFE_MS, type Denial, whyNotOpen } from './authorization.ts';
import { issuersWords } from './create-payment.ts';
import { notify, uuid } from './notifications.ts';
import { type Answer, changeAnswer, paymentAnswer } from './payment-answer.ts';
import * as rows from './payment-rows.ts';
import type { PaymentRow } from './rows.ts';

export function reauthorizePayment(acquirer: Acquirer, payment: PaymentRow, requestId: string): Answer {
  const { store, time } = acquirer;
  const denied = whyNotOpen(payment, time.nowMs()) ?? whyNotAgain(acquirer, payment);
  const renewed = denied === null ? renew(acquirer, payment, requestId) : null;
  notify(acquirer, {
    operation: 'reauthorize',
    subType: denied === null ? 'PaymentApproved' : 'PaymentDeclined',
    requestId,
    transactionId: renewed?.id ?? payment.id,
  });
  const change = { kind: 'reauthorize', requestId, amount: payment.amount, denied, atMs: time.nowMs() } as const;
  const row = rows.insertChange(store, payment, change);
  return renewed === null ? changeAnswer(acquirer, payment, row) : paymentAnswer(acquirer, renewed);
}

function whyNotAgain(acquirer: Acquirer, payment: PaymentRow): Denial | null {
  if (payment.captured > 0n) return { code: 'ALREADY_CAPTURED', message: 'A part of the payment was captured' };
  const verdict = askIssuer(acquirer, askedAgain(payment, payment.amount));
  return verdict.approved ? null : { code: verdict.code, message: 'Transaction declined by Issuer' };
}

function renew({ store, time }: Acquirer, payment: PaymentRow, requestId: string): PaymentRow {
  const id = uuid();
  const nowMs = time.nowMs();
  const { captured: _captured, refunded: _refunded, ...facts } = payment;
  rows.insertPayment(store, {
    ...facts,
    id,
    request_id: requestId,
    first_amount: payment.amount,
    requested: payment.amount,
    ...issuersWords({ approved: true, amount: payment.amount, networkCode: '00' }),
    approval_code: rows.approvalCode(),
    host_reference: rows.hostReference(),
    network_transaction: rows.networkTransaction(),
    created_ms: BigInt(nowMs),
    expires_ms: BigInt(nowMs + AUTHORIZATION_LIFE_MS),
    replaces: payment.id,
  });
  const update = `update payment set state = 'VOIDED', authorized_open = 0, capture_due_ms = null where id = ?`;
  store.run(update, payment.id);
  return rows.mustFind(store, id);
}
