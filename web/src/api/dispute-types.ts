/** What the REST API answers about disputes. Whose turn it is, until when, and what it did to the money. */
import type { Money, Party } from './types.ts';

export interface Dispute {
  readonly id: string;
  readonly case: string;
  readonly channel: string;
  readonly networkId: string;
  readonly state: string;
  readonly stage: string;
  readonly order: string;
  readonly orderReference: string | null;
  readonly payment: string;
  readonly seller: Party;
  readonly amount: Money;
  readonly reason: { readonly code: string; readonly title: string; readonly kind: string };
  readonly liabilityShift: boolean;
  readonly recommendation: { readonly answer: string; readonly because: string };
  readonly turn: 'ours' | 'theirs' | null;
  readonly respondBy: string | null;
  readonly expired: boolean;
  /** The network has not said whether it took our answer. */
  readonly checking: boolean;
  readonly money: {
    readonly debited: Money;
    readonly credited: Money;
    readonly taken: Money;
    readonly fees: Money;
    readonly cover: Cover | null;
  };
  readonly openedAt: string;
  readonly endedAt: string | null;
}
/** What was frozen of the seller's side, by where it came from. */
export interface Cover {
  readonly held: Money;
  readonly reserve: Money;
  readonly seller: Money;
  readonly debt: Money;
}
export type DisputeMove = 'evidence' | 'challenge' | 'accept';
export interface DisputeWithHistory extends Dispute {
  readonly moves: readonly DisputeMove[];
  readonly documents: readonly EvidenceDocument[];
  readonly answers: readonly DisputeAnswer[];
  /** The other disputes of the same order that this one joined, or that joined it. */
  readonly joined: readonly { readonly id: string; readonly state: string; readonly amount: Money }[];
}
export interface EvidenceDocument {
  readonly id: string;
  readonly stage: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly addedAt: string;
}
export interface DisputeAnswer {
  readonly kind: 'challenge' | 'accept';
  readonly stage: string;
  readonly state: string;
  readonly sentAt: string;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}
