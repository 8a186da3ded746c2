/**
 * What the acquirer takes from each transaction, deterministic so that any reader can check a file by hand. Rounded
 * half-up per transaction, in minor units of the currency. Nothing is given back on a refund.
 */
import { type Money, multiplyRatio } from '../../src/base/money.ts';
import type { OperationKind } from './rows.ts';

/** Positive minor units each. */
export interface Fees {
  readonly interchange: bigint;
  readonly assessment: bigint;
  readonly processing: bigint;
}

const FIXED = 10n;

/** Sale or capture: 1.80 % + 10 interchange, 0.14 % assessment, 10 processing. Refund: 10 processing. */
export function feesOf(kind: OperationKind, amount: Money): Fees {
  if (kind === 'refund') return { interchange: 0n, assessment: 0n, processing: FIXED };
  return {
    interchange: multiplyRatio(amount, 180n, 10_000n, 'half-up').amount + FIXED,
    assessment: multiplyRatio(amount, 14n, 10_000n, 'half-up').amount,
    processing: FIXED,
  };
}

export const NO_FEES: Fees = { interchange: 0n, assessment: 0n, processing: 0n };
