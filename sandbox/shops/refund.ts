/**
 * A shop gives money back, in whole or in part. The refund is in the books before it is asked for and is asked for under the same id
 * until the hub has said yes or no.
 */
import { uuidV7Hex } from '../../src/base/ids.ts';
import { money } from '../../src/base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import type { HubAnswer } from '../base/call-hub.ts';
import { amountPart, textOf, timeMsOf } from '../base/message-fields.ts';
import type { Acquirer } from './acquirer.ts';
import { callHub } from './call-hub.ts';
import { nextAskMs, settlementOf } from './hear-word.ts';
import { isOfTheCall } from './messages.ts';
import { mustFind, refundedOf } from './payment-rows.ts';
import type { PaymentRow, RefundRow } from './schema.ts';
import type { Shops } from './shops.ts';

export interface NewRefund {
  /** Minor units of the payment's currency; what is left without it. */
  readonly amount?: bigint;
  readonly reason?: string;
  readonly refundRequestId?: string;
}

/** A refund that waits longer than this is asked for less often. */
const ASKED_OFTEN_MS = 10 * 60_000;

export type RefundRefusal = Refusal<'not_refundable' | 'request_differs'>;

/** Resolves when the hub has answered or could not be heard. */
export async function refundPayment(
  shops: Shops,
  acquirer: Acquirer,
  payment: PaymentRow,
  asked: NewRefund,
): Promise<Result<RefundRow, RefundRefusal>> {
  const begun = shops.store.transaction(() => begin(shops, mustFind(shops, payment.id), asked));
  if (!begun.ok) return begun;
  if (begun.value.state === 'asking') await sendRefund(shops, acquirer, begun.value);
  return ok(mustFindRefund(shops, begun.value.id));
}

function begin(shops: Shops, payment: PaymentRow, asked: NewRefund): Result<RefundRow, RefundRefusal> {
  const { store, time } = shops;
  const { id, acquirer_id: acquirerId } = payment;
  const requestId = asked.refundRequestId ?? `refund-${uuidV7Hex()}`;
  const find = 'select * from refund where acquirer_id = ? and refund_request_id = ?';
  const known = store.first<RefundRow>(find, acquirerId, requestId);
  const left = payment.amount - refundedOf(shops, payment);
  if (known !== null)
    return known.payment_id === id && known.amount === (asked.amount ?? known.amount)
      ? ok(known)
      : refuse('request_differs', 'this request id stands for another refund');
  const amount = asked.amount ?? left;
  if (payment.state !== 'paid') return refuse('not_refundable', 'the payment is not paid');
  if (amount <= 0n || amount > left) return refuse('not_refundable', 'more than is left cannot be refunded');
  const refundId = uuidV7Hex();
  const nowMs = time.nowMs();
  store.run(
    `insert into refund (id, acquirer_id, payment_id, refund_request_id, state, result_code, result_message, amount, reason, created_ms, due_ms)
     values (?, ?, ?, ?, 'asking', 'REFUND_IN_PROCESS', 'the hub has not answered yet', ?, ?, ?, ?)`,
    ...[refundId, acquirerId, id, requestId, amount, asked.reason ?? 'Goods given back', nowMs],
    nextAskMs(nowMs, 0, nowMs + ASKED_OFTEN_MS),
  );
  return ok(mustFindRefund(shops, refundId));
}

export async function sendRefund(shops: Shops, acquirer: Acquirer, refund: RefundRow): Promise<void> {
  const payment = mustFind(shops, refund.payment_id);
  const answer = await callHub(shops, acquirer, 'payments/refund', {
    paymentRequestId: payment.payment_request_id,
    refundRequestId: refund.refund_request_id,
    refundAmount: amountPart(money(refund.amount, payment.currency)),
    refundReason: refund.reason,
  });
  shops.store.transaction(() => {
    const now = mustFindRefund(shops, refund.id);
    if (now.state !== 'asking') return;
    // The first may have been taken: a repeat that is refused for its signature has learned nothing.
    if (!answer.answered || answer.status === 'U' || (now.asked > 0n && isOfTheCall(answer.code))) askAgain(shops, now);
    else settle(shops, now.id, answer);
  });
}

function askAgain({ store, time }: Shops, { id, asked, created_ms: createdMs }: RefundRow): void {
  const dueMs = nextAskMs(time.nowMs(), Number(asked), Number(createdMs) + ASKED_OFTEN_MS);
  store.run('update refund set due_ms = ?, asked = asked + 1 where id = ?', dueMs, id);
}

function settle(
  { store, time }: Shops,
  id: string,
  { code, status, message, body }: Extract<HubAnswer, { answered: true }>,
): void {
  const state = status === 'S' ? 'refunded' : 'refused';
  store.run(
    `update refund set state = ?, result_code = ?, result_message = ?, hub_refund_id = ?, settlement = ?, refunded_ms = ?, due_ms = null
     where id = ?`,
    ...[state, code, message, textOf(body.refundId), settlementOf(body)?.amount ?? null],
    ...[status === 'S' ? (timeMsOf(body.refundTime) ?? time.nowMs()) : null, id],
  );
}

function mustFindRefund({ store }: Shops, id: string): RefundRow {
  const row = store.first<RefundRow>('select * from refund where id = ?', id);
  if (row === null) throw new Error(`there is no refund ${id}`);
  return row;
}
