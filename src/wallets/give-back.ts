/** Everything back to the payer of a payment that was paid, without anybody asking: by cancel while that is possible, else by refund. */
import { add, isPositive, subtract } from '../base/money.ts';
import { cancelHubPayment } from './cancel-payment.ts';
import type { HubDeps } from './deps.ts';
import type { HubPayment } from './hub-payment.ts';
import { refundHubPayment } from './refund-payment.ts';
import { loadHubPayment } from './store.ts';

/** Repeated until it is `done`: what was asked before is found and asked no second time. */
export async function giveBack(deps: HubDeps, { id }: HubPayment, reason: string): Promise<'done' | 'waiting'> {
  const canceled = await cancelHubPayment(deps, { payment: id, by: reason });
  if (canceled.ok) return canceled.value.state === 'canceling' ? 'waiting' : 'done';
  const payment = (await loadHubPayment(deps.journal.db, id)) as HubPayment;
  const left = subtract(payment.amount, add(payment.refunded, payment.refunding));
  if (!isPositive(left)) return isPositive(payment.refunding) ? 'waiting' : 'done';
  const refunded = await refundHubPayment(deps, { payment, requestId: `back-${id}`, amount: left, reason });
  return refunded.ok && refunded.value.state === 'refunded' ? 'done' : 'waiting';
}
