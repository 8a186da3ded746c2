/**
 * Fee plans: what a marketplace charges a seller on release, and who bears what of a chargeback. Pure. A plan has a version;
 * it is pinned on the order as it stands when terms are agreed, so a later version never touches an order that exists.
 */
import { isCurrency } from '../base/currency.ts';
import { add, type Money, min, multiplyRatio, subtract, zero } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';

export interface FeePlan extends Commission {
  /** From 1; rises with every change. */
  readonly version: number;
  readonly chargebacks: ChargebackTerms;
}

/** What is taken of a released amount. */
interface Commission {
  /** Hundredths of a percent of the released amount, 0–10000. */
  readonly percentBps: number;
  /** Added once, in its own currency; orders in another currency do not bear it. */
  readonly fixed?: Money;
  /** The most the fee may be, for orders in the cap's currency. */
  readonly cap?: Money;
}

export interface ChargebackTerms {
  /** The commission on released money that a lost chargeback takes back. Before release no commission has been taken. */
  readonly commission: 'kept' | 'returned';
  /** Who bears what the network charges for a dispute, won or lost. */
  readonly networkFee: 'operator' | 'seller';
}

/** A plan as it is given; what is not said is as in DEFAULT_CHARGEBACK_TERMS. */
export type FeePlanInput = Commission & { readonly chargebacks?: Partial<ChargebackTerms> };

/** A marketplace that says nothing about chargebacks keeps its commission, and the operator pays the network's fee. */
export const DEFAULT_CHARGEBACK_TERMS: ChargebackTerms = { commission: 'kept', networkFee: 'operator' };

/** The fee on a released amount: percentage half-up, plus the fixed part, at most the cap and never above the amount. */
export function feeOn(plan: Commission, released: Money): Money {
  const share = multiplyRatio(released, BigInt(plan.percentBps), 10_000n, 'half-up');
  const whole = plan.fixed !== undefined && plan.fixed.currency === released.currency ? add(share, plan.fixed) : share;
  const capped = plan.cap !== undefined && plan.cap.currency === released.currency ? min(whole, plan.cap) : whole;
  return min(capped, released);
}

/**
 * What of a fee goes back when `lost` more of the released amount is gone, `lostBefore` having gone before: the fee is then
 * what the plan takes of what is left. Several losses together return the whole fee, never more.
 */
export function feeReturnedOn(
  plan: FeePlan,
  { released, lostBefore, lost }: { readonly released: Money; readonly lostBefore: Money; readonly lost: Money },
): Money {
  if (plan.chargebacks.commission === 'kept') return zero(released.currency);
  const leftBefore = subtract(released, min(released, lostBefore));
  const left = subtract(leftBefore, min(leftBefore, lost));
  return subtract(feeOn(plan, leftBefore), feeOn(plan, left));
}

/** Checks a plan given by a client, as the given version. `at`: where it stands in the request, as a JSON Pointer. */
export function makeFeePlan(
  plan: FeePlanInput,
  { version, at }: { readonly version: number; readonly at: string },
): Result<FeePlan, Refusal<'invalid_fee_plan'>> {
  if (!Number.isInteger(plan.percentBps) || plan.percentBps < 0 || plan.percentBps > 10_000) {
    return refuse('invalid_fee_plan', 'percentBps must be a whole number from 0 to 10000', {
      pointer: `${at}/percentBps`,
    });
  }
  for (const [name, value] of Object.entries({ fixed: plan.fixed, cap: plan.cap })) {
    if (value !== undefined && (!isCurrency(value.currency) || value.amount < 0n)) {
      return refuse('invalid_fee_plan', `${name} must be money of at least zero`, { pointer: `${at}/${name}` });
    }
  }
  return ok({ ...plan, version, chargebacks: { ...DEFAULT_CHARGEBACK_TERMS, ...plan.chargebacks } });
}
