/** Canceling an order nobody has paid: by the marketplace, or by the deadline. While a payment is being processed, nothing can be canceled. */
import { ok, type Result, refuse } from '../base/result.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { changeOrder, illegalMove, type Target } from './change-order.ts';
import type { OrderDeps } from './deps.ts';
import type { OrderRefusal } from './errors.ts';
import { canMove, isPaymentInProgress, moveOrder, type Order } from './order.ts';

export interface CancelOrder extends Target {
  readonly reason: string;
  readonly by: string;
}

export function cancelOrder(
  deps: OrderDeps,
  command: CommandKey | undefined,
  input: CancelOrder,
): Promise<Result<Outcome<Order>, OrderRefusal>> {
  return changeOrder(deps, command, input, (order) => {
    if (!canMove(order, 'canceled')) return illegalMove(order, 'canceled');
    if (isPaymentInProgress(order))
      return refuse('payment_in_progress', 'a payment is being processed; wait for it or void it');
    return ok({
      changes: moveOrder(order, 'canceled', { canceledAt: deps.clock.now(), cancelReason: input.reason }),
      events: [event('order.canceled', order.id, { reason: input.reason, by: input.by })],
    });
  });
}
