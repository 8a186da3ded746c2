/**
 * A shop takes a payment back as a whole. From the moment it asks, the payment is not paid to it; only a refusal of the hub makes it what
 * it was. An own code that nobody has scanned needs nobody's word.
 */
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import type { Acquirer } from './acquirer.ts';
import { callHub } from './call-hub.ts';
import { askLater, nextAskMs } from './hear-word.ts';
import { isOfTheCall } from './messages.ts';
import { mustFind, refundedOf } from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';
import type { Shops } from './shops.ts';

export type CancelRefusal = Refusal<'not_cancelable' | 'refused'>;

/** The payment as it stands afterwards: canceled, or canceling while the hub has not said. */
export async function cancelPayment(
  shops: Shops,
  acquirer: Acquirer,
  payment: PaymentRow,
): Promise<Result<PaymentRow, CancelRefusal>> {
  const begun = shops.store.transaction(() => begin(shops, mustFind(shops, payment.id)));
  if (!begun.ok) return begun;
  if (begun.value.state === 'canceling') await sendCancel(shops, acquirer, begun.value);
  const now = mustFind(shops, payment.id);
  if (now.state === 'canceled' || now.state === 'canceling') return ok(now);
  return refuse('refused', `${now.result_code}: ${now.result_message}`);
}

function begin(shops: Shops, payment: PaymentRow): Result<PaymentRow, CancelRefusal> {
  const { id, state } = payment;
  if (state === 'canceled' || state === 'canceling') return ok(payment);
  if (state === 'failed') return refuse('not_cancelable', 'the payment has failed');
  if (refundedOf(shops, payment) > 0n) return refuse('not_cancelable', 'a part is refunded already');
  if (state === 'shown') close(shops, id);
  else {
    const dueMs = nextAskMs(shops.time.nowMs(), 0, Number(payment.expires_ms));
    shops.store.run(`update payment set state = 'canceling', due_ms = ? where id = ?`, dueMs, id);
  }
  return ok(mustFind(shops, id));
}

export async function sendCancel(shops: Shops, acquirer: Acquirer, payment: PaymentRow): Promise<void> {
  const { id, payment_request_id: paymentRequestId } = payment;
  const answer = await callHub(shops, acquirer, 'payments/cancelPayment', { paymentRequestId });
  shops.store.transaction(() => {
    const now = mustFind(shops, id);
    if (now.state !== 'canceling') return;
    if (!answer.answered || answer.status === 'U' || isOfTheCall(answer.code)) askLater(shops, id);
    else if (answer.status === 'S') close(shops, id);
    else if (answer.code !== 'ORDER_NOT_EXIST') goBack(shops, now, answer);
    // What the hub does not know may still be on its way, until it is too old to be taken.
    else if (Number(now.expires_ms) <= shops.time.nowMs()) close(shops, id);
    else askLater(shops, id);
  });
}

function close({ store }: Shops, id: string): void {
  store.run(
    `update payment set state = 'canceled', result_code = 'ORDER_IS_CANCELED', result_message = 'the shop has canceled it', due_ms = null
     where id = ?`,
    id,
  );
}

function goBack(
  { store, time }: Shops,
  { id, paid_ms: paidMs }: PaymentRow,
  why: { code: string; message: string },
): void {
  const [state, dueMs] = paidMs === null ? ['waiting', time.nowMs()] : ['paid', null];
  store.run(
    'update payment set state = ?, result_code = ?, result_message = ?, due_ms = ? where id = ?',
    ...[state ?? 'waiting', why.code, why.message, dueMs ?? null, id],
  );
}
