/** The seller ships: paid → shipped. From here the clock of automatic receipt runs. */
import { addDays } from '../base/clock.ts';
import { ok, type Result } from '../base/result.ts';
import { type CommandKey, deadline, type Outcome } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { changeOrder, illegalMove, type Target } from './change-order.ts';
import type { OrderDeps } from './deps.ts';
import type { OrderRefusal } from './errors.ts';
import { canMove, moveOrder, type Order } from './order.ts';

export const AUTO_RECEIPT_JOB = 'protection.auto_receipt';

export interface ShipOrder extends Target {
  readonly carrier: string;
  readonly trackingNumber: string;
}

/** Refused unless every instalment is paid. */
export function shipOrder(
  deps: OrderDeps,
  command: CommandKey | undefined,
  input: ShipOrder,
): Promise<Result<Outcome<Order>, OrderRefusal>> {
  return changeOrder(deps, command, input, (order) => {
    if (!canMove(order, 'shipped')) return illegalMove(order, 'shipped');
    const { carrier, trackingNumber } = input;
    const shippedAt = deps.clock.now();
    const autoReceiptAt = addDays(shippedAt, order.policy.autoReceiptDays);
    return ok({
      changes: moveOrder(order, 'shipped', { shipment: { carrier, trackingNumber, shippedAt }, autoReceiptAt }),
      events: [event('order.shipped', order.id, { carrier, trackingNumber, by: 'marketplace' })],
      deadline: deadline(AUTO_RECEIPT_JOB, order.id, autoReceiptAt),
    });
  });
}
