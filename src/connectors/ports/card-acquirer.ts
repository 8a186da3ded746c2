/**
 * The card acquirer as the platform sees it. One implementation per network under src/connectors/<network>/; stateless.
 *
 * Every call carries our own `reference` (≤ 15 of A–Z 0–9), minted before the call and never changed: inquiry asks by it.
 * A timeout is `unknown`; only an explicit word of the network is `approved` or `declined`. A call never throws for what
 * the network or the wire does; it throws only for bugs and for settings that are missing.
 */
import type { Day } from '../../base/clock.ts';
import type { Money } from '../../base/money.ts';

export type OperationKind = 'authorize' | 'sale' | 'capture' | 'void' | 'refund';

export interface SoftMerchant {
  /** The seller as the cardholder's statement and the schemes see it. */
  readonly sellerId: string;
  readonly name: string;
  readonly country: string;
  /** ISO 18245 merchant category code, four digits. */
  readonly categoryCode: string;
}

export interface PayRequest {
  readonly kind: 'authorize' | 'sale';
  readonly reference: string;
  readonly amount: Money;
  /** Vault token; the vault puts the number in on the way out. */
  readonly cardToken: string;
  readonly softMerchant: SoftMerchant;
  /** Our order number for reports, ≤ 22 of A–Z a–z 0–9 . - space. */
  readonly orderNumber: string;
  readonly statementDescriptor: string;
}

export interface FollowUpRequest {
  readonly kind: 'capture' | 'void' | 'refund';
  readonly reference: string;
  /** The network's id of the payment that is captured, voided or refunded. */
  readonly networkPaymentId: string;
  readonly amount: Money;
}

export interface InquiryRequest {
  readonly kind: OperationKind;
  readonly reference: string;
  /** For a void, which some networks report on the payment itself. */
  readonly networkPaymentId?: string;
  readonly amount: Money;
}

export type AcquirerAnswer =
  | {
      readonly outcome: 'approved';
      /** The network's id of this operation; for authorize and sale it is the payment's. */
      readonly networkId: string;
      readonly amount: Money;
      readonly approvalCode?: string;
      /** Issuer, scheme and verification results as the network names them. */
      readonly details: Readonly<Record<string, string>>;
    }
  | { readonly outcome: 'declined'; readonly code: string; readonly message: string; readonly networkId?: string }
  | { readonly outcome: 'pending'; readonly networkId?: string }
  | { readonly outcome: 'unknown'; readonly cause: string };

/** Answer of an inquiry. `not_found` is final only after the network's own deadline has passed. */
export type InquiryAnswer = AcquirerAnswer | { readonly outcome: 'not_found' };

export interface SettlementLine {
  readonly kind: 'sale' | 'refund';
  /** Our reference of the capture, sale or refund, as the file gives it back. */
  readonly reference: string;
  readonly networkId: string;
  /** Positive for both kinds; `kind` says the direction. */
  readonly amount: Money;
  readonly interchange: Money;
  readonly schemeFee: Money;
  readonly processingFee: Money;
}

/** One batch: one currency, one transfer of funds. */
export interface SettlementBatch {
  /** The network's fund transfer identifier; the bank line carries it. */
  readonly batch: string;
  readonly currency: string;
  /** The activity day the batch closes. */
  readonly day: Day;
  readonly lines: readonly SettlementLine[];
}

export interface NetworkFile {
  /** Unique name within the network: the key of deduplication together with the network. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A thin notification: something changed for `reference` (ours) or `networkId` (theirs). Confirm by inquiry, trust nothing. */
export interface AcquirerNotification {
  readonly notificationId: string;
  readonly reference?: string;
  readonly networkId?: string;
  readonly type: string;
}

export class MalformedFile extends Error {
  override readonly name = 'MalformedFile';
}

export interface CardAcquirer {
  pay(request: PayRequest): Promise<AcquirerAnswer>;
  followUp(request: FollowUpRequest): Promise<AcquirerAnswer>;
  inquire(request: InquiryRequest): Promise<InquiryAnswer>;
  /** The settlement file of an activity day; null when the network has not issued it (yet). Throws NetworkFault. */
  fetchSettlement(day: Day): Promise<NetworkFile | null>;
  /** @throws MalformedFile naming line and field. Totals of the file are verified. */
  parseSettlement(bytes: Uint8Array): readonly SettlementBatch[];
  /** @throws MalformedFile */
  parseNotification(body: Uint8Array): AcquirerNotification;
}
