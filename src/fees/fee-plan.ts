/**
 * Fee plans: what a marketplace charges a seller on release. Pure. The plan is pinned on the order when terms are agreed,
 * so a later change never touches an order that exists.
 */
import { isCurrency } from '../base/currency.ts';
import { add, type Money, min, multiplyRatio } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';

export interface FeePlan {
  /** Hundredths of a percent of the released amount, 0–10000. */
  readonly percentBps: number;
  /** Added once, in its own currency; orders in another currency do not bear it. */
  readonly fixed?: Money;
  /** The most the fee may be, for orders in the cap's currency. */
  readonly cap?: Money;
}

/** The fee on a released amount: percentage half-up, plus the fixed part, at most the cap and never above the amount. */
export function feeOn(plan: FeePlan, released: Money): Money {
  const share = multiplyRatio(released, BigInt(plan.percentBps), 10_000n, 'half-up');
  const whole = plan.fixed !== undefined && plan.fixed.currency === released.currency ? add(share, plan.fixed) : share;
  const capped = plan.cap !== undefined && plan.cap.currency === released.currency ? min(whole, plan.cap) : whole;
  return min(capped, released);
}

/** Checks a plan given by a client. */
export function checkFeePlan(plan: FeePlan): Result<FeePlan, Refusal<'invalid_fee_plan'>> {
  if (!Number.isInteger(plan.percentBps) || plan.percentBps < 0 || plan.percentBps > 10_000) {
    return refuse('invalid_fee_plan', 'percentBps must be a whole number from 0 to 10000', {
      pointer: '/feePlan/percentBps',
    });
  }
  for (const [name, value] of Object.entries({ fixed: plan.fixed, cap: plan.cap })) {
    if (value !== undefined && (!isCurrency(value.currency) || value.amount < 0n)) {
      return refuse('invalid_fee_plan', `${name} must be money of at least zero`, { pointer: `/feePlan/${name}` });
    }
  }
  return ok(plan);
}
