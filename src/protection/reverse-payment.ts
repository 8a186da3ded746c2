/**
 * A payment is taken back at its network on the day it was paid, as if it had not been. While that is asked the order is where
 * it was before, with the instalment in progress, so that nothing ships, releases or refunds what may be gone; the money is
 * still held. Taken back, the instalment is due again; refused, it is paid as it was. Not after shipment: then it is refunded.
 */
import { addMs, type Instant } from '../base/clock.ts';
import { isPositive, subtract, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { deadline, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { OwnerRefusal, Payment } from '../payments/index.ts';
import { disputeOpen } from './change-order.ts';
import { PAY_DEADLINE_JOB } from './create-order.ts';
import type { OrderDeps } from './deps.ts';
import {
  discountedOf,
  isPaymentInProgress,
  moveOrder,
  type Order,
  orders,
  stateAfterCapture,
  withInstalment,
} from './order.ts';

/** Checks in this order: not shipped, no dispute, no discount that was paid for, nothing of it refunded, no other payment in progress. */
export function startReversal(deps: OrderDeps, order: Order, payment: Payment): Result<UnitPart, OwnerRefusal> {
  const { state } = order;
  if (state !== 'paid' && state !== 'part_paid')
    return refuse('illegal_move', `a payment of an order that is ${state} is refunded, not canceled`, {
      facts: { state },
    });
  if (order.dispute !== null) return disputeOpen(order.dispute, 'taken back');
  if (isPositive(discountedOf(order)))
    return refuse('illegal_move', 'a campaign has paid a part of the order; refund it', { facts: { state } });
  if (order.refunded.amount + order.refunding.amount > 0n)
    return refuse('illegal_move', 'a part of the order was refunded; refund the rest', { facts: { state } });
  if (isPaymentInProgress(order))
    return refuse('payment_in_progress', 'a payment of this order is being processed; cancel when it has ended');
  const instalments = withInstalment(order, payment.instalment, { state: 'processing' });
  const back = instalments.some((each) => each.state === 'paid') ? 'part_paid' : 'awaiting_payment';
  const started = event('order.payment_reversing', order.id, { payment: payment.id, instalment: payment.instalment });
  const moved = back === state ? { instalments } : moveOrder(order, back, { instalments });
  return ok(part({ events: [started], ...waits(deps, order, back, moved) }));
}

/** An order nobody has paid waits for money again, until the day it was to be paid by, and an hour at least. */
function waits(
  deps: OrderDeps,
  order: Order,
  back: Order['state'],
  moved: Partial<Order>,
): Pick<UnitPart, 'writes' | 'jobs'> {
  if (back !== 'awaiting_payment') return { writes: [update(orders, order, moved)], jobs: [] };
  const least = addMs(deps.clock.now(), 3_600_000);
  const due: Instant = order.payBy > least ? order.payBy : least;
  const job = deadline(PAY_DEADLINE_JOB, order.id, due);
  return { writes: [update(orders, order, { ...moved, deadline: job.id })], jobs: [job] };
}

export function reversalEnded(order: Order, payment: Payment, outcome: 'done' | 'refused'): UnitPart {
  const { id, instalment: number } = payment;
  if (outcome === 'refused') {
    const instalments = withInstalment(order, number, { state: 'paid' });
    const kept = event('order.payment_kept', order.id, { payment: id, instalment: number });
    const after = stateAfterCapture({ ...order, instalments });
    const moved = after === order.state ? {} : moveOrder(order, after, {});
    const withdraws = order.deadline === null ? [] : [order.deadline];
    return part({
      events: [kept],
      writes: [update(orders, order, { ...moved, instalments, deadline: null })],
      withdraws,
    });
  }
  const none = zero(order.total.currency);
  const instalments = withInstalment(order, number, { state: 'due', payment: null, captured: none });
  const captured = subtract(order.captured, payment.captured);
  const reversed = event('order.payment_reversed', order.id, {
    payment: id,
    instalment: number,
    amount: payment.captured,
  });
  return part({ events: [reversed], writes: [update(orders, order, { instalments, captured })] });
}
