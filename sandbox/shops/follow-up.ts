/**
 * A till that does not know asks: 2 s after it said pay, then every 5 s until the payment is final, and each minute once it has expired. A
 * cancel and a refund without an answer are said again. What the hub has never heard of is said again under the same request id.
 */
import type { Activity } from '../base/agenda.ts';
import type { Acquirer } from './acquirer.ts';
import { callHub } from './call-hub.ts';
import { sendCancel } from './cancel.ts';
import { askLater, type Effect, hear, paymentWordOf } from './hear-word.ts';
import { sendPay } from './pay.ts';
import { mustFind } from './payment-rows.ts';
import { sendRefund } from './refund.ts';
import type { PaymentRow, RefundRow } from './schema.ts';
import type { Shops } from './shops.ts';

const AT_ONCE = 16;

export function followUpPayments(shops: Shops): Activity {
  const { store, time } = shops;
  return {
    name: 'payments',
    nextDue: () => earliest(shops, 'payment'),
    run: async () => {
      const due = 'select * from payment where due_ms <= ? order by due_ms, seq limit ?';
      await Promise.all(store.all<PaymentRow>(due, time.nowMs(), AT_ONCE).map((row) => followUp(shops, row)));
    },
  };
}

export function followUpRefunds(shops: Shops): Activity {
  const { store, time } = shops;
  return {
    name: 'refunds',
    nextDue: () => earliest(shops, 'refund'),
    run: async () => {
      const due = 'select * from refund where due_ms <= ? order by due_ms, seq limit ?';
      const rows = store.all<RefundRow>(due, time.nowMs(), AT_ONCE);
      await Promise.all(rows.map((row) => sendRefund(shops, mustAcquirer(shops, row.acquirer_id), row)));
    },
  };
}

function earliest({ store }: Shops, table: 'payment' | 'refund'): number | null {
  const next = `select due_ms from ${table} where due_ms is not null order by due_ms limit 1`;
  const row = store.first<{ due_ms: bigint }>(next);
  return row === null ? null : Number(row.due_ms);
}

async function followUp(shops: Shops, payment: PaymentRow): Promise<void> {
  const acquirer = mustAcquirer(shops, payment.acquirer_id);
  if (payment.state === 'canceling') await sendCancel(shops, acquirer, payment);
  else if (payment.state === 'shown') lapse(shops, payment);
  else await inquire(shops, acquirer, payment);
}

/** Asks where a payment stands; also on demand. */
export async function inquire(shops: Shops, acquirer: Acquirer, payment: PaymentRow): Promise<void> {
  const { id, payment_request_id: paymentRequestId } = payment;
  const answer = await callHub(shops, acquirer, 'payments/inquiryPayment', { paymentRequestId });
  if (answer.answered && answer.code === 'ORDER_NOT_EXIST') return neverArrived(shops, acquirer, mustFind(shops, id));
  shops.store.transaction(() => {
    const effect: Effect =
      answer.answered && answer.status === 'S' ? hear(shops, mustFind(shops, id), paymentWordOf(answer.body)) : 'known';
    if (effect !== 'settled') askLater(shops, id);
  });
}

async function neverArrived(shops: Shops, acquirer: Acquirer, payment: PaymentRow): Promise<void> {
  if (payment.state !== 'waiting') return;
  if (payment.request !== null) return sendPay(shops, acquirer, payment);
  if (Number(payment.expires_ms) <= shops.time.nowMs()) lapse(shops, payment);
  else shops.store.transaction(() => askLater(shops, payment.id));
}

/** Nobody scanned an own code in time. */
function lapse({ store }: Shops, { id }: PaymentRow): void {
  store.run(
    `update payment set state = 'failed', result_code = 'ORDER_IS_CLOSED', result_message = 'nobody has paid it in time', due_ms = null
     where id = ? and state in ('shown', 'waiting')`,
    id,
  );
}

function mustAcquirer({ list }: Shops, acquirerId: string): Acquirer {
  const acquirer = list.find(acquirerId);
  if (acquirer === null) throw new Error(`there is no acquirer ${acquirerId}`);
  return acquirer;
}
