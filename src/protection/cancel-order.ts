/** Canceling an order nobody has paid: by the marketplace, or by the deadline. While a payment is being processed, nothing can be canceled. */
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, EMPTY_PART, type Outcome, type UnitPart } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { readPerson } from '../promotions/index.ts';
import { changeOrder, illegalMove, type Target } from './change-order.ts';
import type { OrderDeps } from './deps.ts';
import type { OrderRefusal } from './errors.ts';
import { canMove, discountsOf, isPaymentInProgress, moveOrder, type Order } from './order.ts';
import { dropDiscounts, vouchersOf } from './order-discounts.ts';

export interface CancelOrder extends Target {
  readonly reason: string;
  readonly by: string;
}

export function cancelOrder(
  deps: OrderDeps,
  command: CommandKey | undefined,
  input: CancelOrder,
): Promise<Result<Outcome<Order>, OrderRefusal>> {
  return changeOrder(deps, command, input, async (order) => {
    if (!canMove(order, 'canceled')) return illegalMove(order, 'canceled');
    if (isPaymentInProgress(order))
      return refuse('payment_in_progress', 'a payment is being processed; wait for it or void it');
    return ok({
      changes: moveOrder(order, 'canceled', { canceledAt: deps.clock.now(), cancelReason: input.reason }),
      events: [event('order.canceled', order.id, { reason: input.reason, by: input.by })],
      beside: await droppingDiscounts(deps, order),
    });
  });
}

/** Nothing is read for an order without discounts. */
async function droppingDiscounts({ journal: { db } }: OrderDeps, order: Order): Promise<UnitPart> {
  if (discountsOf(order).length === 0) return EMPTY_PART;
  const [vouchers, person] = await Promise.all([vouchersOf(db, order), readPerson(db, order.buyer)]);
  return dropDiscounts(order, { vouchers, person });
}
