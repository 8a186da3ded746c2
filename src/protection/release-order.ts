/**
 * Protection ends: received → released. What is held leaves for the seller, less the marketplace's fee by the pinned plan.
 * Refused while a refund is on its way, which must not meet a released balance, and while a dispute is open.
 */
import { subtract } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { feeOn } from '../fees/index.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { changeOrder, disputeOpen, illegalMove, type OrderChange, type Target } from './change-order.ts';
import type { OrderDeps } from './deps.ts';
import type { OrderRefusal } from './errors.ts';
import { canMove, heldOf, moveOrder, type Order } from './order.ts';

export interface ReleaseOrder extends Target {
  readonly by: 'marketplace' | 'deadline';
}

export function releaseOrder(
  deps: OrderDeps,
  command: CommandKey | undefined,
  input: ReleaseOrder,
): Promise<Result<Outcome<Order>, OrderRefusal>> {
  return changeOrder(deps, command, input, (order) => decideRelease(order, input.by, deps));
}

/** Pure but for the time. */
export function decideRelease(
  order: Order,
  by: ReleaseOrder['by'],
  deps: Pick<OrderDeps, 'clock'>,
): Result<OrderChange, OrderRefusal> {
  if (!canMove(order, 'released')) return illegalMove(order, 'released');
  if (order.refunding.amount > 0n)
    return refuse('refund_in_progress', 'a refund is on its way; release when it has ended');
  if (order.dispute !== null) return disputeOpen(order.dispute, 'released');
  const held = heldOf(order);
  const fee = feeOn(order.feePlan, held);
  return ok({
    changes: moveOrder(order, 'released', { releasedAt: deps.clock.now(), fee }),
    events: [
      event('order.released', order.id, {
        order: order.id,
        seller: order.seller,
        marketplace: order.marketplace,
        net: subtract(held, fee),
        fee,
        by,
      }),
    ],
  });
}
