/**
 * The card acquirer as the platform sees it. One implementation per network under src/connectors/<network>/; stateless.
 *
 * Every call carries our own `reference` (≤ 15 of A–Z 0–9), minted before the call and never changed: inquiry asks by it.
 * A timeout is `unknown`; only an explicit word of the network is `approved` or `declined`. A call never throws for what
 * the network or the wire does; it throws only for bugs and for settings that are missing.
 */
import type { Day } from '../../base/clock.ts';
import type { Currency } from '../../base/currency.ts';
import type { Money } from '../../base/money.ts';

/**
 * `increment`: the authorization grows to a new total. `reverse`: it shrinks to a new total. `reauthorize`: the same total
 * again, for an authorization that is about to lapse.
 */
export type OperationKind =
  | 'authorize'
  | 'sale'
  | 'verify'
  | 'capture'
  | 'void'
  | 'refund'
  | 'increment'
  | 'reverse'
  | 'reauthorize';

export interface SoftMerchant {
  /** The seller as the cardholder's statement and the schemes see it. */
  readonly sellerId: string;
  readonly name: string;
  readonly country: string;
  /** ISO 18245 merchant category code, four digits. */
  readonly categoryCode: string;
  readonly email?: string;
  readonly city?: string;
}

/** What a card authentication found (EMV 3-D Secure 2), as it travels with the authorization. */
export interface AuthenticationProof {
  /** transStatus: Y authenticated, A attempted, I informational. Others do not travel. */
  readonly status: 'Y' | 'A' | 'I';
  /** Electronic commerce indicator of the brand: 05/06/07, for Mastercard 02/01/00. */
  readonly eci: string;
  /** CAVV or AAV, base64 of 20 bytes; absent for I. */
  readonly cryptogram?: string;
  /** dsTransID, a UUID. */
  readonly transactionId: string;
  /** 2.1.0, 2.2.0, 2.3.1. */
  readonly version: string;
}

/** Reasons to ask an issuer for no authentication (PSD2 RTS art. 10–18). */
export type Exemption = 'low_value' | 'risk_analysis' | 'trusted_merchant' | 'secure_corporate';

/** Use of a card that is kept: by whom it is charged, under which agreement. */
export interface StoredCredential {
  /** `store`: first use, to be kept. `reuse`: kept, the buyer is there. `merchant`: kept, the buyer is not there. */
  readonly use: 'store' | 'reuse' | 'merchant';
  /** Our id of the agreement with the buyer. */
  readonly agreement: string;
  /** The network's transaction id of the first use; a charge without the buyer needs it. */
  readonly originalTransactionId?: string;
}

/** Where the card's statements go: what an issuer compares (AVS). */
export interface BillingAddress {
  readonly postalCode: string;
  /** ISO 3166-1, two letters. */
  readonly country: string;
  readonly line1?: string;
  readonly city?: string;
}

/** Whose card it is. The vault gives out a card that is kept only to whoever names both. */
export interface CardOwner {
  readonly marketplace: string;
  readonly buyer: string;
}

export interface PayRequest {
  readonly kind: 'authorize' | 'sale';
  readonly reference: string;
  readonly amount: Money;
  /** Vault token; the vault puts the number in on the way out. */
  readonly cardToken: string;
  /** Under which a single-use token may be used more than once: for authentication and charge of one payment. */
  readonly use: string;
  readonly softMerchant: SoftMerchant;
  /** Our order number for reports, ≤ 22 of A–Z a–z 0–9 . - space. */
  readonly orderNumber: string;
  readonly statementDescriptor: string;
  /** The issuer may approve less. Not taken for granted: an order is usually paid whole or not at all. */
  readonly partialApproval?: boolean;
  /** False: an estimate that may be incremented. */
  readonly amountIsFinal?: boolean;
  readonly authentication?: AuthenticationProof;
  readonly exemption?: Exemption;
  readonly stored?: StoredCredential;
  readonly billingAddress?: BillingAddress;
  readonly cardOwner?: CardOwner;
}

/** Asks the issuer about a card without holding anything: amount zero. */
export interface VerifyRequest {
  readonly kind: 'verify';
  readonly reference: string;
  readonly currency: Currency;
  readonly cardToken: string;
  readonly softMerchant: SoftMerchant;
  readonly authentication?: AuthenticationProof;
  readonly stored?: StoredCredential;
  readonly billingAddress?: BillingAddress;
  readonly cardOwner?: CardOwner;
  /** As in PayRequest, when a single-use token is charged after it was asked about. */
  readonly use?: string;
}

export interface FollowUpRequest {
  readonly kind: 'capture' | 'void' | 'refund' | 'increment' | 'reverse' | 'reauthorize';
  readonly reference: string;
  /** What the network calls the payment that is acted on: `networkId` of its approval, or what replaced it since. */
  readonly networkPaymentId: string;
  /** Of the capture or refund; for increment, reverse and reauthorize the new total of the authorization. */
  readonly amount: Money;
  /** One of several captures: its number from 1, and whether it is the last. Absent: the only one. */
  readonly part?: { readonly sequence: number; readonly final: boolean };
  /** Refund of one of several captures: the network's id of it. */
  readonly networkCaptureId?: string;
}

export interface InquiryRequest {
  readonly kind: OperationKind;
  readonly reference: string;
  /** For a void, which some networks report on the payment itself. */
  readonly networkPaymentId?: string;
  readonly amount: Money;
}

/** What the issuer said about address and verification value. */
export interface Checks {
  readonly address: 'match' | 'partial' | 'no_match' | 'unavailable';
  readonly cvv: 'match' | 'no_match' | 'unavailable';
}

/**
 * What a decline means for another try. `hard`: never with this card. `soft`: later, or once over another route.
 * `authenticate`: the issuer wants the cardholder authenticated first. `refused`: the request itself was not taken.
 */
export type DeclineClass = 'hard' | 'soft' | 'authenticate' | 'refused';

export type AcquirerAnswer =
  | {
      readonly outcome: 'approved';
      /**
       * What the network wants this operation to be called from now on; for authorize and sale it names the payment. Opaque
       * to us: an id of the network, or our own reference where the network knows no other name.
       */
      readonly networkId: string;
      /** May be less than asked, if that was allowed. */
      readonly amount: Money;
      readonly approvalCode?: string;
      readonly checks?: Checks;
      /** The scheme's transaction id, for later charges under the same agreement. */
      readonly schemeTransactionId?: string;
      /** The network's id of the payment from now on, where an operation changes it (reauthorize). */
      readonly networkPaymentId?: string;
      /** Issuer, scheme and verification results as the network names them. */
      readonly details: Readonly<Record<string, string>>;
    }
  | {
      readonly outcome: 'declined';
      readonly code: string;
      readonly message: string;
      readonly networkId?: string;
      readonly class?: DeclineClass;
      readonly checks?: Checks;
    }
  | { readonly outcome: 'pending'; readonly networkId?: string }
  | { readonly outcome: 'unknown'; readonly cause: string };

/** Answer of an inquiry. `not_found` is final only after the network's own deadline has passed. */
export type InquiryAnswer = AcquirerAnswer | { readonly outcome: 'not_found' };

export interface SettlementLine {
  readonly kind: 'sale' | 'refund';
  /** Our reference of the capture, sale or refund, as the file gives it back. */
  readonly reference: string;
  /** Of a network with one name for it, what an approval would have named: an outcome nobody answered is learned from here. */
  readonly networkId: string;
  /** Positive for both kinds; `kind` says the direction. */
  readonly amount: Money;
  /** What the buyer paid or got back, where that is another currency than the one that is settled. */
  readonly presentment?: Money;
  readonly interchange: Money;
  readonly schemeFee: Money;
  readonly processingFee: Money;
}

/** A line of the dispute report that moved money of a batch. */
export interface DisputeMovement {
  /** The network's id of the dispute. */
  readonly dispute: string;
  readonly networkPaymentId: string;
  /** `debit`: taken from us (chargeback, arbitration). `credit`: given back (representment, won). `fee`: charged for it. */
  readonly kind: 'debit' | 'credit' | 'fee';
  readonly amount: Money;
  /** In the currency of the payment, where that is another than the one that is settled. */
  readonly presentment?: Money;
  /** The transfer of funds that carries it, as in SettlementBatch. */
  readonly batch?: string;
}

/** One fee of one operation. */
export interface FeeLine {
  /** Our reference of the operation; not every network repeats it in its fee report. */
  readonly reference?: string;
  /** Our order number of the operation, where the report gives it back. */
  readonly orderNumber?: string;
  readonly networkId: string;
  readonly kind: 'interchange' | 'scheme' | 'processing';
  readonly text: string;
  /** Positive: we pay it. Negative: given back. */
  readonly amount: Money;
  /** The transfer of funds that it is taken off, or is debited by. */
  readonly batch: string;
}

/** A day's reports, as far as the network issues them (`CardAcquirer.reports`). */
export interface DayReports {
  readonly settlement: NetworkFile;
  readonly fees?: NetworkFile;
  readonly deposits?: NetworkFile;
  readonly disputes?: NetworkFile;
}

export type ReportName = keyof DayReports;

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
  /** Set when it is about a dispute: the network's id of it. */
  readonly dispute?: string;
}

export class MalformedFile extends Error {
  override readonly name = 'MalformedFile';
}

export interface CardAcquirer {
  pay(request: PayRequest): Promise<AcquirerAnswer>;
  verify(request: VerifyRequest): Promise<AcquirerAnswer>;
  followUp(request: FollowUpRequest): Promise<AcquirerAnswer>;
  inquire(request: InquiryRequest): Promise<InquiryAnswer>;
  /** The settlement file of an activity day; null when the network has not issued it (yet). Throws NetworkFault. */
  fetchSettlement(day: Day): Promise<NetworkFile | null>;
  /** @throws MalformedFile naming line and field. Totals of the file are verified. */
  parseSettlement(bytes: Uint8Array): readonly SettlementBatch[];
  /** The reports this network issues for a day, `settlement` always among them. */
  readonly reports: readonly ReportName[];
  /** One report of an activity day; null when not issued (yet), or never. Throws NetworkFault. */
  fetchReport(report: ReportName, day: Day): Promise<NetworkFile | null>;
  /** Every fee of the day, operation by operation. @throws MalformedFile */
  parseFees(bytes: Uint8Array): readonly FeeLine[];
  /** What disputes moved that day. @throws MalformedFile */
  parseDisputeMovements(bytes: Uint8Array): readonly DisputeMovement[];
  /** All of `reports` for one day. @throws MalformedFile naming the identity that does not hold and both sums. */
  checkReports(reports: DayReports): void;
  /** Whether the network takes payments now. Never throws. */
  health(): Promise<'up' | 'degraded' | 'down'>;
  /** @throws MalformedFile */
  parseNotification(body: Uint8Array): AcquirerNotification;
}
