/**
 * PATCH of the total of an open authorization. More is an incremental authorization: the issuer is asked about the new
 * total, and an approval lasts seven days from now. Less is a partial reversal, which no issuer refuses, down to what is
 * captured. `captureMethod: NOW` captures the amount and gives the rest back in one step.
 */
import type { Acquirer } from './acquirer.ts';
import { askedAgain, askIssuer } from './ask-issuer.ts';
import { AUTHORIZATION_LIFE_MS, type Denial, whyNotOpen } from './authorization.ts';
import { takeCapture, whyNotCapture } from './capture-payment.ts';
import { notify } from './notifications.ts';
import { type Answer, changeAnswer } from './payment-answer.ts';
import * as rows from './payment-rows.ts';
import type { ChangeKind, PaymentRow } from './rows.ts';

export function changeTotal(
  acquirer: Acquirer,
  payment: PaymentRow,
  { total, requestId }: { readonly total: bigint; readonly requestId: string },
): Answer {
  const { store, time } = acquirer;
  const kind = total > payment.amount ? 'increment' : 'reverse';
  const denied = whyNotOpen(payment, time.nowMs()) ?? whyNotTotal(acquirer, payment, total);
  if (denied === null) {
    const difference = total - payment.amount;
    const left = payment.authorized_open + difference;
    const expires = kind === 'increment' ? time.nowMs() + AUTHORIZATION_LIFE_MS : payment.expires_ms;
    const update = 'update payment set amount = ?, authorized_open = ?, state = ?, expires_ms = ? where id = ?';
    store.run(update, total, left, left === 0n ? 'CLOSED' : 'AUTHORIZED', expires, payment.id);
  }
  notify(acquirer, {
    operation: kind,
    subType: denied === null ? 'PaymentApproved' : 'PaymentDeclined',
    requestId,
    transactionId: payment.id,
  });
  return kept(acquirer, payment, { kind, requestId, amount: total, denied });
}

export function captureAndReverse(
  acquirer: Acquirer,
  payment: PaymentRow,
  { amount, requestId }: { readonly amount: bigint; readonly requestId: string },
): Answer {
  const { store, time } = acquirer;
  const denied = whyNotCapture(payment, amount, time.nowMs());
  takeCapture(acquirer, payment, {
    requestId,
    amount,
    orderNumber: payment.order_number,
    keepOpen: false,
    operation: 'capture_and_reverse',
  });
  if (denied === null) store.run('update payment set amount = captured where id = ?', payment.id);
  return kept(acquirer, payment, { kind: 'capture_and_reverse', requestId, amount, denied });
}

function whyNotTotal(acquirer: Acquirer, payment: PaymentRow, total: bigint): Denial | null {
  if (total === payment.amount) return { code: 'AMOUNT_UNCHANGED', message: 'Amount is what is authorized already' };
  if (total < payment.captured) {
    return { code: 'AMOUNT_BELOW_CAPTURED', message: 'Amount is less than what was captured' };
  }
  if (total < payment.amount) return null;
  const verdict = askIssuer(acquirer, askedAgain(payment, total));
  return verdict.approved ? null : { code: verdict.code, message: 'Transaction declined by Issuer' };
}

interface Kept {
  readonly kind: ChangeKind;
  readonly requestId: string;
  readonly amount: bigint;
  readonly denied: Denial | null;
}

/** Keeps the change and answers with the payment as it stands now. */
function kept({ store, time }: Acquirer, payment: PaymentRow, change: Kept): Answer {
  const row = rows.insertChange(store, payment, { ...change, atMs: time.nowMs() });
  return changeAnswer({ store, time }, rows.mustFind(store, payment.id), row);
}
