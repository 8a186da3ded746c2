/**
 * What a dispute can be. Each stage waits for the merchant first; evidence or silence ends the waiting, the issuer's moves
 * come by the admin verb. A dispute with an outcome never changes again.
 */
import type { Currency } from '../../src/base/currency.ts';

export const STAGES = ['RETRIEVAL_REQUEST', 'FIRST_CHARGEBACK', 'PRE_ARBITRATION', 'ARBITRATION'] as const;
export type Stage = (typeof STAGES)[number];

export type DisputeStatus =
  | 'NEEDS_RESPONSE'
  | 'CHALLENGED_MERCHANT'
  | 'UNDER_ISSUER_REVIEW'
  | 'ACCEPTED'
  | 'CHALLENGE_DENIED'
  | 'CLOSED'
  | 'EXPIRED';

/** Where the issuer can take a dispute from each status: to a later stage, into review, or to its end. */
export const MOVES = {
  NEEDS_RESPONSE: ['FIRST_CHARGEBACK', 'WON', 'LOST'],
  CHALLENGED_MERCHANT: ['UNDER_ISSUER_REVIEW', 'FIRST_CHARGEBACK', 'PRE_ARBITRATION', 'ARBITRATION', 'WON', 'LOST'],
  UNDER_ISSUER_REVIEW: ['FIRST_CHARGEBACK', 'PRE_ARBITRATION', 'ARBITRATION', 'WON', 'LOST'],
  ACCEPTED: [],
  CHALLENGE_DENIED: [],
  CLOSED: [],
  EXPIRED: [],
} as const satisfies Record<DisputeStatus, readonly Advance[]>;

/** The stage that may follow a stage; no other may. */
export const NEXT_STAGE = {
  RETRIEVAL_REQUEST: 'FIRST_CHARGEBACK',
  FIRST_CHARGEBACK: 'PRE_ARBITRATION',
  PRE_ARBITRATION: 'ARBITRATION',
  ARBITRATION: null,
} as const satisfies Record<Stage, Stage | null>;

export const ADVANCES = [
  'UNDER_ISSUER_REVIEW',
  'FIRST_CHARGEBACK',
  'PRE_ARBITRATION',
  'ARBITRATION',
  'WON',
  'LOST',
] as const;
export type Advance = (typeof ADVANCES)[number];

export interface DisputeRow {
  readonly id: string;
  readonly payment_id: string;
  readonly type: Stage;
  readonly status: DisputeStatus;
  readonly outcome: 'WON' | 'LOST' | null;
  readonly amount: bigint;
  readonly currency: Currency;
  readonly reason_code: string;
  readonly reason_text: string;
  /** What stands taken from the merchant: debits less credits, fees apart. */
  readonly debited: bigint;
  readonly created_ms: bigint;
  readonly updated_ms: bigint;
  /** Rises with every change of any dispute: the order of lists. */
  readonly change_seq: bigint;
  /** Until when the merchant has to answer; null when nothing is asked of him. */
  readonly due_ms: bigint | null;
}

export interface MovementRow {
  readonly seq: bigint;
  readonly dispute_id: string;
  /** The stage at which it moved. */
  readonly type: Stage;
  readonly kind: 'DEBIT' | 'CREDIT' | 'FEE';
  readonly currency: Currency;
  /** Positive. */
  readonly amount: bigint;
  readonly created_ms: bigint;
  readonly batch_id: string | null;
}
