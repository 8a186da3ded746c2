/**
 * Whether a wallet may open one more dispute of a payment; pure. The order of the checks is fixed and the first refusal wins: the
 * payment, the currency, one at a time, how many, how late, how much. Limits are the policy's; each refusal says which.
 */
import { addDays, type Instant } from '../../base/clock.ts';
import { compare, isPositive, type Money } from '../../base/money.ts';
import { ok, type Result, refuse } from '../../base/result.ts';
import type { OpenRefusal } from './errors.ts';
import { type WalletDisputeKind, walletDisputePolicy } from './policies.ts';
import { isOver, type WalletDispute } from './wallet-dispute.ts';

export interface Disputable {
  /** Null unless it is paid, and not canceled. */
  readonly paidAt: Instant | null;
  /** What has not gone back and is not on its way. */
  readonly left: Money;
}

export interface Opening {
  readonly kind: WalletDisputeKind;
  /** Null: all that can be disputed. */
  readonly amount: Money | null;
  /** Disputes of the payment so far, oldest first. */
  readonly earlier: readonly WalletDispute[];
  readonly at: Instant;
}

/** The amount that is disputed, or the rule that forbids it. */
export function mayOpen({ paidAt, left }: Disputable, opening: Opening): Result<Money, OpenRefusal> {
  const { kind, amount, earlier, at } = opening;
  if (paidAt === null) return refuse('not_paid', 'only what was paid, and not canceled, can be disputed');
  const asked = amount ?? left;
  if (asked.currency !== left.currency)
    return refuse('dispute_currency', `it was paid in ${left.currency}`, { pointer: '/disputeAmount/currency' });
  if (amount !== null && !isPositive(amount))
    return refuse('invalid_amount', 'must be above zero', { pointer: '/disputeAmount/value' });
  const open = earlier.find((each) => !isOver(each));
  if (open !== undefined)
    return refuse('dispute_under_way', `one dispute of a payment at a time: its ${open.kind} is ${open.state}`, {
      facts: { dispute: open.claim },
    });
  const inTime = checkLimits(kind, { paidAt, earlier, at });
  if (!inTime.ok) return inTime;
  return isPositive(left) && compare(asked, left) <= 0
    ? ok(asked)
    : refuse('amount_exceeds_disputable', 'more than has not gone back', {
        pointer: '/disputeAmount/value',
        facts: { disputable: left },
      });
}

function checkLimits(
  kind: WalletDisputeKind,
  { paidAt, earlier, at }: { readonly paidAt: Instant } & Pick<Opening, 'earlier' | 'at'>,
): Result<null, OpenRefusal> {
  const { most, withinDays, nextWithinDays } = walletDisputePolicy(kind);
  const same = earlier.filter((each) => each.kind === kind);
  if (same.length >= most)
    return refuse('too_many_disputes', `a payment has at most ${most} of kind ${kind}`, { facts: { most } });
  const answeredAt = same.at(-1)?.answer?.at ?? null;
  const next = nextWithinDays !== null && answeredAt !== null;
  const until = next ? addDays(answeredAt, nextWithinDays) : addDays(paidAt, withinDays);
  if (at <= until) return ok(null);
  const rule = next
    ? `a further ${kind} is opened within ${nextWithinDays} days of the answer to the one before`
    : `a ${kind} is opened within ${withinDays} days of the payment`;
  return refuse('dispute_window_over', rule, { facts: { until } });
}
