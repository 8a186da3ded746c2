/**
 * Fees of a pair, by rule; pure. Each fee is worked out once on the cycle's sum and rounded half-even to the minor unit, not for each
 * payment. Interchange is of what the acquirer gets, in its currency; the wallet gets the same at the cycle's mid rate,
 * rounded half-even. A refund brings its interchange back by the same rule; service fees are of payments only and stay.
 */
import { isZero, type Money, money, multiplyRatio } from '../../base/money.ts';
import { atMid } from '../../fx/index.ts';
import type { ClearingPair, FeeRules, PairFees } from './batch.ts';

type Cleared = Pick<ClearingPair, 'paid' | 'settled' | 'settledBack' | 'rate'>;

/** Amounts are not negative. `rate` is null only where both currencies are one. */
export function assessFees({ paid, settled, settledBack, rate }: Cleared, rules: FeeRules): PairFees {
  const toWallet = (amount: Money): Money =>
    isZero(amount) || rate === null ? money(amount.amount, paid.currency) : atMid(amount, rate, paid.currency);
  const interchange = bpsOf(settled, rules.interchangeBps);
  const interchangeReturned = bpsOf(settledBack, rules.interchangeBps);
  return {
    interchange,
    interchangePaid: toWallet(interchange),
    interchangeBack: toWallet(interchangeReturned),
    interchangeReturned,
    acquirerFee: bpsOf(settled, rules.acquirerServiceBps),
    walletFee: bpsOf(paid, rules.walletServiceBps),
  };
}

const bpsOf = (amount: Money, bps: number): Money => multiplyRatio(amount, BigInt(bps), 10_000n, 'half-even');
