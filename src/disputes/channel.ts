/**
 * A channel: who brings disputes and how they are answered there. The case (case.ts) is the same for all of them. What a
 * channel says of a dispute is a `Word`: where it stands now, in the words of the case.
 */
import type { Instant } from '../base/clock.ts';
import type { Money } from '../base/money.ts';
import type { EvidenceDocument } from '../connectors/ports/card-disputes.ts';
import type { Payment } from '../payments/index.ts';
import type { CaseState, Reason, Recommendation, Stage } from './case.ts';

export interface Word {
  /** The channel's id of the dispute; the same over all stages. */
  readonly claim: string;
  /** The network's id of the payment that is disputed. */
  readonly networkPaymentId: string;
  readonly state: CaseState;
  readonly stage: Stage;
  readonly turn: 'ours' | 'theirs' | null;
  readonly expired: boolean;
  readonly amount: Money;
  readonly reason: { readonly code: string; readonly text: string };
  readonly openedAt: Instant;
  readonly respondBy: Instant | null;
}

export interface AnswerRequest {
  readonly kind: 'challenge' | 'accept';
  /** Of an acceptance in part; null otherwise. */
  readonly amount: Money | null;
  /** The stage that is answered. */
  readonly stage: Stage;
  readonly claim: string;
  readonly reference: string;
  readonly facts: Readonly<Record<string, string | boolean>>;
  readonly documents: readonly EvidenceDocument[];
}

export type ChannelAnswer =
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly cause: string };

export interface Channel {
  readonly name: string;
  /** Whether a part can be accepted. */
  readonly takesParts: boolean;
  /** Where a dispute stands now; null when the network knows none of this id. Throws NetworkFault. */
  read(claim: string): Promise<Word | null>;
  /** What changed since, oldest first. Throws NetworkFault. */
  changedSince(since: Instant): Promise<readonly Word[]>;
  /** What the dispute is about, and what speaks for which answer. Pure. */
  describe(
    payment: Payment,
    word: Word,
  ): {
    readonly reason: Reason;
    readonly recommendation: Recommendation;
    readonly facts: Readonly<Record<string, string | boolean>>;
  };
  /** Sends an answer under its reference; sent twice, it is taken once. */
  answer(request: AnswerRequest): Promise<ChannelAnswer>;
}
