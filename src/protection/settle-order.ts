/**
 * Protection ends by a settlement: the marketplace says how what is held is split between the seller and its own balance,
 * which replaces the pinned fee plan. Such a marketplace is a legal entity of its own: its part is owed to it and is no income
 * of the operator. Its word stands for the receipt, so an order need not have been shipped or received here; but it is taken
 * only from the moment on at which the order would count as received by the pinned policy (settleableFrom).
 *
 * Invariant: net + share = what is held. Checks in this order: the state, a refund on its way, a dispute, the time, the split.
 */
import { addDays, type Instant } from '../base/clock.ts';
import { add, equals, type Money, zero } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { type Debt, openDebtsOf, recovering } from '../debts/index.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { changeOrder, disputeOpen, illegalMove, type OrderChange, type Target } from './change-order.ts';
import type { OrderDeps } from './deps.ts';
import type { OrderRefusal } from './errors.ts';
import { canMove, heldInAll, moveOrder, type Order } from './order.ts';

export interface SettleOrder extends Target {
  /** To the seller. */
  readonly net: Money;
  /** To the marketplace. */
  readonly share: Money;
}

export type SettleRefusal = OrderRefusal | Refusal<'not_paid' | 'too_early' | 'split_does_not_sum'>;

export function settleOrder(
  deps: OrderDeps,
  command: CommandKey | undefined,
  input: SettleOrder,
): Promise<Result<Outcome<Order>, SettleRefusal>> {
  return changeOrder<SettleRefusal>(deps, command, input, async (order) =>
    decideSettlement(order, input, {
      at: deps.clock.now(),
      owed: await openDebtsOf(deps.journal.db, order.seller),
    }),
  );
}

/**
 * From when on a settlement is taken: once received; a shipped order when it counts as received by itself; one that is only
 * paid as many days after the payment as it would after the dispatch. Null while it is not paid, and once it is closed.
 */
export function settleableFrom({ state, receivedAt, autoReceiptAt, paidAt, policy }: Order): Instant | null {
  if (state === 'received') return receivedAt;
  if (state === 'shipped') return autoReceiptAt;
  return state === 'paid' && paidAt !== null ? addDays(paidAt, policy.autoReceiptDays) : null;
}

/** Pure. `owed`: the seller's open debts, oldest first. */
function decideSettlement(
  order: Order,
  { net, share }: Pick<SettleOrder, 'net' | 'share'>,
  { at, owed }: { readonly at: Instant; readonly owed: readonly Debt[] },
): Result<OrderChange, SettleRefusal> {
  if (order.state === 'awaiting_payment' || order.state === 'part_paid')
    return refuse('not_paid', 'only what was paid in full can be settled');
  if (!canMove(order, 'released')) return illegalMove(order, 'settled');
  if (order.refunding.amount > 0n)
    return refuse('refund_in_progress', 'a refund is on its way; settle when it has ended');
  if (order.dispute !== null) return disputeOpen(order.dispute, 'settled');
  const from = settleableFrom(order);
  if (from === null || at < from)
    return refuse('too_early', `the buyer is protected until ${from ?? 'the order is paid'}`, { facts: { from } });
  const held = heldInAll(order);
  if (net.currency !== held.currency || share.currency !== held.currency || !equals(add(net, share), held))
    return refuse('split_does_not_sum', 'the parts must sum to what was captured and not refunded', {
      facts: { held },
    });
  const fee = zero(held.currency);
  const { id, seller, marketplace, feePlan } = order;
  // What the marketplace has is its own: a chargeback that is lost takes no commission back from it.
  const pinned = { ...feePlan, chargebacks: { ...feePlan.chargebacks, commission: 'kept' as const } };
  return ok({
    changes: moveOrder(order, 'released', { releasedAt: at, fee, share, feePlan: pinned }),
    events: [event('order.released', id, { order: id, seller, marketplace, net, fee, share, by: 'settlement' })],
    beside: recovering(owed, { seller: net, reserve: zero(net.currency) }, at).part,
  });
}
