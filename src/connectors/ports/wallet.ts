/**
 * A home wallet as the platform sees it: it debits its user in its own currency and owes us what it debited. Two answers
 * are final, approved and declined; a wallet that does not answer, or asks its user, is asked again by the same reference.
 * One implementation per protocol under src/connectors/<protocol>/; stateless: which wallet it is comes with each call.
 */
import type { Instant } from '../../base/clock.ts';
import type { Money } from '../../base/money.ts';
import type { DisputeNews } from './wallet-dispute.ts';

/** Which wallet, where it is, and what its answers are signed with. */
export interface WalletTarget {
  /** `pspId`. */
  readonly participantId: string;
  readonly endpoint: string;
  readonly keys: readonly { readonly version: string; readonly publicKey: string }[];
}

/** How the payer is known. */
export type WalletPayer =
  /** A code that the wallet showed and the shop scanned. */
  | { readonly kind: 'payment_code'; readonly code: string }
  /** A token of an agreement: nobody is asked. */
  | { readonly kind: 'agreement'; readonly accessToken: string }
  /** Whoever opens the wallet's page. */
  | { readonly kind: 'cashier' };

export interface ShopFacts {
  readonly merchantId: string;
  /** As the shop writes itself. */
  readonly name: string;
  /** What it is called in Latin letters, where its name is not: a traveller may not read the other. */
  readonly latinName?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO 18245. */
  readonly categoryCode: string;
  readonly store?: { readonly id: string; readonly name: string };
}

/** The rate a wallet may show: major units of `payTo` for one of `amount`, and what part of payTo is the hub's fee. */
export interface ShownQuote {
  readonly id: string;
  readonly rate: string;
  readonly markup: Money;
  readonly from: Instant;
  readonly until: Instant;
}

export interface ShownDiscount {
  readonly id: string;
  readonly name: string;
  readonly fundedBy: 'WALLET' | 'HUB' | 'MERCHANT';
  /** In the wallet's currency. Those of hub and merchant are off `payTo` already; the wallet's own is not. */
  readonly savings: Money;
}

/** What a wallet is told of a payment, whether we call it or its user has scanned: whom it pays, for what, how much. */
export interface WalletDebit {
  /** Ours, ≤ 64; the wallet knows the payment by it, whatever is asked later. */
  readonly reference: string;
  /** `acquirerId`: whose shop it is. */
  readonly acquirer: string;
  /** What the shop sells for, in its currency. */
  readonly amount: Money;
  /** What the wallet owes us for it, in its own. */
  readonly payTo: Money;
  /** Null where both are one currency. */
  readonly quote: ShownQuote | null;
  readonly discounts: readonly ShownDiscount[];
  readonly order: { readonly reference: string; readonly description: string; readonly shop: ShopFacts };
  readonly expiresAt: Instant;
  readonly notifyUrl: string;
  readonly redirectUrl?: string;
}

export interface WalletPayRequest extends WalletDebit {
  readonly payer: WalletPayer;
}

export type WalletAnswer =
  | {
      readonly outcome: 'approved';
      /** The wallet's id of it. */
      readonly walletPaymentId: string;
      readonly paidAt: Instant;
      readonly customerId: string | null;
    }
  /** The wallet asks its user; on a page of its own for a cashier payment. */
  | { readonly outcome: 'pending'; readonly walletPaymentId: string | null; readonly payUrl: string | null }
  | {
      readonly outcome: 'declined';
      /** As the wallet says it, such as USER_BALANCE_NOT_ENOUGH. */
      readonly code: string;
      readonly message: string;
      /** Who set the limit that was exceeded. */
      readonly limitSetBy: string | null;
    }
  | { readonly outcome: 'unknown'; readonly cause: string };

/** `not_found`: it never arrived. Final only when the request cannot arrive any more. */
export type WalletInquiryAnswer = WalletAnswer | { readonly outcome: 'not_found' };

/** `done`: it is canceled, or it was not and will not be debited. */
export type WalletCancelAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly cause: string };

export interface WalletRefundRequest {
  /** Of the payment. */
  readonly paymentReference: string;
  /** Of the refund; ours. */
  readonly reference: string;
  /** In the shop's currency. */
  readonly amount: Money;
  /** In the wallet's, at the payment's own rate. */
  readonly payBack: Money;
  readonly reason: string;
}

export type WalletRefundAnswer =
  | { readonly outcome: 'approved'; readonly walletRefundId: string; readonly refundedAt: Instant }
  | { readonly outcome: 'declined'; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly cause: string };

export type WalletTokenAnswer =
  | {
      readonly outcome: 'approved';
      readonly accessToken: string;
      readonly expiresAt: Instant;
      readonly customerId: string | null;
      /** For the token that follows this one; null where the wallet gives none. */
      readonly refresh: { readonly token: string; readonly expiresAt: Instant } | null;
    }
  | { readonly outcome: 'declined'; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly cause: string };

/** No call throws for what a network does: what is not known is said as `unknown`. */
export interface WalletNetwork {
  pay(target: WalletTarget, request: WalletPayRequest): Promise<WalletAnswer>;
  /** By our reference. */
  inquire(
    target: WalletTarget,
    ask: { readonly reference: string; readonly acquirer: string },
  ): Promise<WalletInquiryAnswer>;
  /** In full, whatever its state; may be repeated. */
  cancel(
    target: WalletTarget,
    ask: { readonly reference: string; readonly acquirer: string },
  ): Promise<WalletCancelAnswer>;
  /** May be repeated with the same reference: the wallet answers what it answered first. */
  refund(target: WalletTarget, request: WalletRefundRequest): Promise<WalletRefundAnswer>;
  /** An authorization code of the user becomes a token to charge him by agreement. */
  applyToken(target: WalletTarget, authCode: string): Promise<WalletTokenAnswer>;
  /** The token that follows another, also one that has run out; the same one however often it is asked for. */
  refreshToken(target: WalletTarget, refreshToken: string): Promise<WalletTokenAnswer>;
  cancelToken(target: WalletTarget, accessToken: string): Promise<WalletCancelAnswer>;
  /** One attempt to tell it where its dispute stands: `acknowledged`, or why it was not. */
  notifyDispute(target: WalletTarget, news: DisputeNews): Promise<string>;
}
