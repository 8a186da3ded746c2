/**
 * Disputes as a card network tells them. Money moves by the network's reports (card-acquirer.ts, DisputeMovement); what is
 * here is the case: its stage, who has to answer until when, and the outcome. Every action carries our own reference and
 * may end unknown; whether it arrived is learned by reading the dispute again.
 */
import type { Instant } from '../../base/clock.ts';
import type { Money } from '../../base/money.ts';

/** `inquiry`: the issuer asks for documents, no money moves. Then chargeback, and what may follow it. */
export type DisputeStage = 'inquiry' | 'chargeback' | 'pre_arbitration' | 'arbitration';

export interface NetworkDispute {
  /** The network's id of the dispute; the same over all stages. */
  readonly id: string;
  readonly networkPaymentId: string;
  readonly stage: DisputeStage;
  /** `needs_response`: until `respondBy`. `under_review`: evidence is in. The others are final. */
  readonly state: 'needs_response' | 'under_review' | 'won' | 'lost' | 'accepted' | 'expired';
  readonly amount: Money;
  readonly reason: { readonly code: string; readonly text: string };
  readonly openedAt: Instant;
  readonly respondBy: Instant | null;
}

export interface EvidenceDocument {
  readonly name: string;
  readonly mediaType: 'application/pdf' | 'image/png' | 'image/jpeg' | 'text/plain';
  readonly content: Uint8Array;
}

export interface DisputeDocuments {
  readonly id: string;
  readonly reference: string;
  /** Of the card's number. */
  readonly last4: string;
  readonly documents: readonly EvidenceDocument[];
}

export type DisputeActionAnswer =
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly cause: string };

export interface CardDisputes {
  /** Disputes that changed since the instant, oldest change first. Throws NetworkFault. */
  list(since: Instant): Promise<readonly NetworkDispute[]>;
  /** Null when the network knows none of this id. Throws NetworkFault. */
  get(id: string): Promise<NetworkDispute | null>;
  /** We do not fight it: the outcome is lost, at once. */
  accept(request: { readonly id: string; readonly reference: string }): Promise<DisputeActionAnswer>;
  /** Evidence against a chargeback, once for each stage; never for an inquiry. */
  challenge(request: DisputeDocuments): Promise<DisputeActionAnswer>;
  /** The documents that an inquiry asks for, once; for an inquiry only. It says nothing about who is right. */
  fulfill(request: DisputeDocuments): Promise<DisputeActionAnswer>;
}
