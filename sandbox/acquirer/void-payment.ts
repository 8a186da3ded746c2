/**
 * PATCH /payments/{id} with isVoid: gives the whole authorization back, before any capture. Voiding what is void already
 * answers its state again; voiding what has lapsed closes it.
 */
import type { Acquirer } from './acquirer.ts';
import { notify } from './notifications.ts';
import { type Answer, changeAnswer } from './payment-answer.ts';
import * as rows from './payment-rows.ts';
import type { PaymentRow } from './rows.ts';

const REFUSAL = {
  code: 'VOID_NOT_ALLOWED',
  message: 'Only an uncaptured authorization can be voided',
} as const;

export function voidPayment(acquirer: Acquirer, payment: PaymentRow, requestId: string): Answer {
  const { store, time } = acquirer;
  const again = payment.state === 'VOIDED';
  const refused = !again && (payment.state !== 'AUTHORIZED' || payment.captured > 0n);
  if (!refused && !again) {
    const update = `update payment set state = 'VOIDED', authorized_open = 0, capture_due_ms = null where id = ?`;
    store.run(update, payment.id);
  }
  const subType = refused ? 'PaymentDeclined' : 'PaymentVoid';
  if (!again) notify(acquirer, { operation: 'void', subType, requestId, transactionId: payment.id });
  const denied = refused ? REFUSAL : null;
  const change = { kind: 'void', requestId, amount: payment.amount, denied, atMs: time.nowMs() } as const;
  const row = rows.insertChange(store, payment, change);
  return changeAnswer(acquirer, rows.mustFind(store, payment.id), row);
}
