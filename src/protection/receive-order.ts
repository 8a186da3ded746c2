/** The goods arrived: shipped → received, on the buyer's word, as the marketplace passes it on, or by the deadline. Release follows by the pinned policy. */
import { addDays } from '../base/clock.ts';
import { ok, type Result } from '../base/result.ts';
import { type CommandKey, deadline, type Outcome } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { changeOrder, illegalMove, type Target } from './change-order.ts';
import type { OrderDeps } from './deps.ts';
import type { OrderRefusal } from './errors.ts';
import { canMove, moveOrder, type Order } from './order.ts';

export const RELEASE_JOB = 'protection.release';

export interface ReceiveOrder extends Target {
  readonly by: 'buyer' | 'deadline';
}

/** Refused unless the order is shipped. */
export function receiveOrder(
  deps: OrderDeps,
  command: CommandKey | undefined,
  input: ReceiveOrder,
): Promise<Result<Outcome<Order>, OrderRefusal>> {
  return changeOrder(deps, command, input, (order) => {
    if (!canMove(order, 'received')) return illegalMove(order, 'received');
    const receivedAt = deps.clock.now();
    const releaseDueAt = addDays(receivedAt, order.policy.releaseAfterReceiptDays);
    return ok({
      changes: moveOrder(order, 'received', { receivedAt, receivedBy: input.by, releaseDueAt }),
      events: [event('order.received', order.id, { by: input.by })],
      deadline: deadline(RELEASE_JOB, order.id, releaseDueAt),
    });
  });
}
