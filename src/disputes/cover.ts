/**
 * Who bears a chargeback; pure. The seller side, in this order: what the order still holds, the seller's reserve, the seller's
 * balance (with payouts that no bank has yet, which are taken back first), and for the rest a debt of the seller. A refund
 * that is on its way stays on its way. The seller side bears at most what the payment brought; what the network takes
 * beyond that is the operator's risk.
 */
import { add, compare, isPositive, type Money, min, subtract } from '../base/money.ts';
import type { Payout } from '../payouts/index.ts';
import { type Cover, coverTotal } from './case.ts';

/** What there is to freeze. */
export interface Purse {
  readonly held: Money;
  readonly reserve: Money;
  readonly seller: Money;
  /** Of the seller, not handed to a bank yet; in the order in which they are taken back. */
  readonly payouts: readonly Payout[];
}

export interface Covered {
  readonly cover: Cover;
  readonly canceled: readonly Payout[];
  /** What is left of the seller's balance, with what the canceled payouts gave back. */
  readonly balance: Money;
}

/** `limit`: what the seller side may bear of this payment yet. */
export function coverOf(amount: Money, limit: Money, purse: Purse): Covered {
  let left = min(amount, limit);
  const take = (from: Money): Money => {
    const taken = min(left, from);
    left = subtract(left, taken);
    return taken;
  };
  const held = take(purse.held);
  const reserve = take(purse.reserve);
  const canceled: Payout[] = [];
  let balance = purse.seller;
  for (const payout of purse.payouts) {
    if (compare(balance, left) >= 0) break;
    canceled.push(payout);
    balance = add(balance, payout.amount);
  }
  const seller = take(balance);
  return { cover: { held, reserve, seller, debt: left }, canceled, balance: subtract(balance, seller) };
}

/** What the seller side may bear of a payment yet, after what other disputes of it have frozen or cost. */
export function limitOf(captured: Money, others: readonly (Cover | null)[]): Money {
  const borne = others.reduce(
    (total, cover) => (cover === null ? total : add(total, coverTotal(cover))),
    subtract(captured, captured),
  );
  const left = subtract(captured, borne);
  return isPositive(left) ? left : subtract(captured, captured);
}
