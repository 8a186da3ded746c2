/**
 * A wallet's question or claim about a payment, as it is passed on: to the acquirer whose shop was paid, and the answer back to the
 * wallet. Both are told until they have acknowledged; what an acquirer answers comes in through src/api/aps.
 */
import type { Instant } from '../../base/clock.ts';
import type { Money } from '../../base/money.ts';

/** For whoever was paid. */
export interface DisputeToAnswer {
  readonly kind: 'retrieval' | 'escalation';
  /** Ours; an answer names it. */
  readonly id: string;
  /** `pspId`. */
  readonly wallet: string;
  readonly walletBrand: string;
  /** The acquirer's own name of the payment, and ours. */
  readonly paymentRequestId: string;
  readonly paymentId: string;
  readonly amount: Money;
  readonly reason: { readonly code: string; readonly text: string };
  readonly respondBy: Instant;
}

/** For the wallet: where its dispute stands. */
export interface DisputeNews {
  /** The wallet's own id, and ours. */
  readonly claim: string;
  readonly id: string;
  readonly kind: 'retrieval' | 'escalation';
  /** By which the wallet knows the payment. */
  readonly reference: string;
  readonly state: string;
  /** Null while, or because, nobody answered. */
  readonly answer: {
    readonly kind: 'full' | 'partial' | 'refuse';
    readonly amount: Money | null;
    readonly text: string;
    readonly evidence: readonly { readonly name: string; readonly mediaType: string; readonly sha256: string }[];
    /** Nobody answered in time. */
    readonly bySilence: boolean;
  } | null;
  readonly refundBy: Instant | null;
}
