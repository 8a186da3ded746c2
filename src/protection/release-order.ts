/**
 * Protection ends: received → released. What is held leaves for the seller, less the marketplace's fee by the pinned plan.
 * What the seller owes is taken from the net in the same unit. Refused while a refund is on its way, which must not meet a
 * released balance, and while a dispute is open.
 */
import type { Instant } from '../base/clock.ts';
import { subtract, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type Debt, openDebtsOf, recovering } from '../debts/index.ts';
import { feeOn } from '../fees/index.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { changeOrder, disputeOpen, illegalMove, type OrderChange, type Target } from './change-order.ts';
import type { OrderDeps } from './deps.ts';
import type { OrderRefusal } from './errors.ts';
import { heldInAll, moveOrder, type Order } from './order.ts';

export interface ReleaseOrder extends Target {
  readonly by: 'marketplace' | 'deadline';
}

export function releaseOrder(
  deps: OrderDeps,
  command: CommandKey | undefined,
  input: ReleaseOrder,
): Promise<Result<Outcome<Order>, OrderRefusal>> {
  return changeOrder(deps, command, input, async (order) =>
    decideRelease(order, input.by, { at: deps.clock.now(), owed: await openDebtsOf(deps.journal.db, order.seller) }),
  );
}

/** Pure. `owed`: the seller's open debts, oldest first. */
function decideRelease(
  order: Order,
  by: ReleaseOrder['by'],
  { at, owed }: { readonly at: Instant; readonly owed: readonly Debt[] },
): Result<OrderChange, OrderRefusal> {
  if (order.state !== 'received') return illegalMove(order, 'released');
  if (order.refunding.amount > 0n)
    return refuse('refund_in_progress', 'a refund is on its way; release when it has ended');
  if (order.dispute !== null) return disputeOpen(order.dispute, 'released');
  const held = heldInAll(order);
  const fee = feeOn(order.feePlan, held);
  const net = subtract(held, fee);
  return ok({
    changes: moveOrder(order, 'released', { releasedAt: at, fee }),
    events: [
      event('order.released', order.id, {
        order: order.id,
        seller: order.seller,
        marketplace: order.marketplace,
        net,
        fee,
        by,
      }),
    ],
    beside: recovering(owed, { seller: net, reserve: zero(net.currency) }, at).part,
  });
}
