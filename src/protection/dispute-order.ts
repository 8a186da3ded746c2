/**
 * What a dispute does to the order it is about. Every step changes the order's version, so that a release or a refund decided
 * before it is decided again. While a case is open nothing moves the order by itself: the waiting deadline is withdrawn.
 * When the last case has ended, automatic receipt goes on where it stood and the days to release begin anew; an order whose
 * whole money went back by then is closed as refunded.
 */
import { addDays, type Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, isPositive, type Money, subtract } from '../base/money.ts';
import { deadline, merge, type NewJob, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { Voucher } from '../promotions/index.ts';
import { canMove, deadlineOf, isFullyRefunded, moveOrder, type Order, orders } from './order.ts';
import { dropDiscounts, returnDiscounts } from './order-discounts.ts';
import { RELEASE_JOB } from './receive-order.ts';
import { AUTO_RECEIPT_JOB } from './ship-order.ts';

export interface OrderDispute {
  readonly dispute: Id<'dsp'>;
  readonly channel: string;
  readonly state: string;
  readonly at: Instant;
  /** Taken out of what is held by this step, and put back by it. */
  readonly frozen: Money;
  readonly returned: Money;
  /** Of the fee of a released order, given back by this step. */
  readonly feeReturned: Money;
  /** The step opens the case (also again, after it had ended). */
  readonly opens: boolean;
  /** The step ends the case. */
  readonly ends: boolean;
  /** Another case of this order that is open after the step. */
  readonly other: Id<'dsp'> | null;
  /** Those the order has. */
  readonly vouchers: readonly Voucher[];
}

/** The order's part of one step of a dispute. */
export function disputeOnOrder(order: Order, step: OrderDispute): UnitPart {
  const { dispute, channel, state, at } = step;
  const disputed = subtract(add(order.disputed, step.frozen), step.returned);
  const opened = event('order.dispute_opened', order.id, { dispute, channel, state });
  const moved = event('order.dispute_moved', order.id, { dispute, state });
  const ended = event('order.dispute_ended', order.id, {
    dispute,
    outcome: state,
    ...(isPositive(step.feeReturned) ? { feeReturned: step.feeReturned } : {}),
  });
  const feeReturned = add(order.feeReturned, step.feeReturned);
  const events = [...(step.opens ? [opened] : []), ...(step.ends ? [ended] : step.opens ? [] : [moved])];
  const open = step.ends ? step.other : (order.dispute ?? dispute);
  if (open !== null) {
    const changes = { disputed, feeReturned, dispute: open, deadline: null };
    return part({ events, writes: [update(orders, order, changes)], withdraws: deadlineOf(order) });
  }
  const after: Order = { ...order, disputed, feeReturned, dispute: null };
  // What the buyer took back for good takes its share of the discounts with it.
  const back = returnDiscounts(after, step.vouchers, at);
  const settled = { disputed, feeReturned, dispute: null, ...back.changes };
  if (isFullyRefunded(after) && canMove(order, 'refunded')) {
    const changes = moveOrder(order, 'refunded', { ...settled, deadline: null });
    const own = part({ events, writes: [update(orders, order, changes)], withdraws: deadlineOf(order) });
    return merge(own, back.part, dropDiscounts(order, { vouchers: step.vouchers, person: null }));
  }
  const goesOn = waitAgain(order, at);
  const changes = { ...goesOn.changes, ...settled, deadline: goesOn.job?.id ?? null };
  const jobs = goesOn.job === null ? [] : [goesOn.job];
  return merge(
    part({ events, writes: [update(orders, order, changes)], jobs, withdraws: deadlineOf(order) }),
    back.part,
  );
}

/** What moves the order on by itself once it is free again. */
function waitAgain(order: Order, at: Instant): { readonly changes: Partial<Order>; readonly job: NewJob | null } {
  if (order.state === 'received') {
    const releaseDueAt = addDays(at, order.policy.releaseAfterReceiptDays);
    return { changes: { releaseDueAt }, job: deadline(RELEASE_JOB, order.id, releaseDueAt) };
  }
  if (order.state === 'shipped' && order.autoReceiptAt !== null) {
    const due = order.autoReceiptAt > at ? order.autoReceiptAt : at;
    return { changes: { autoReceiptAt: due }, job: deadline(AUTO_RECEIPT_JOB, order.id, due) };
  }
  return { changes: {}, job: null };
}
