/**
 * DELAYED payments: two hours after the authorization (the published default, in business time) the acquirer captures what
 * is still open by itself. Until then the merchant may void, change or capture. The capture's reference is the payment's.
 */
import type { Activity } from '../base/agenda.ts';
import type { Acquirer } from './acquirer.ts';
import { whyNotOpen } from './authorization.ts';
import { takeCapture } from './capture-payment.ts';
import * as rows from './payment-rows.ts';
import type { PaymentRow } from './rows.ts';

export const DELAYED_CAPTURE_MS = 120 * 60_000;

const NEXT = `select * from payment where capture_due_ms is not null order by capture_due_ms limit 1`;

export function delayedCapture(acquirer: Acquirer): Activity {
  const { store } = acquirer;
  return {
    name: 'delayed capture',
    nextDue: () => {
      const due = store.first<PaymentRow>(NEXT)?.capture_due_ms ?? null;
      return due === null ? null : Number(due);
    },
    run: () =>
      store.transaction(() => {
        const payment = store.first<PaymentRow>(NEXT);
        if (payment === null) return;
        store.run('update payment set capture_due_ms = null where id = ?', payment.id);
        if (whyNotOpen(payment, acquirer.time.nowMs()) === null) capture(acquirer, payment);
      }),
  };
}

function capture(acquirer: Acquirer, payment: PaymentRow): void {
  // A refused capture may have used the payment's reference up.
  const free = rows.operationByRequest(acquirer.store, 'capture', payment.request_id) === null;
  takeCapture(acquirer, payment, {
    requestId: free ? payment.request_id : payment.id,
    amount: payment.authorized_open,
    orderNumber: payment.order_number,
    keepOpen: false,
    operation: 'captures',
  });
}
