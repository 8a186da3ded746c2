/** What the REST API answers to the operator about the hub: where wallets can be used, and what they paid in shops. */
import type { Money, Posting, TimelineEntry } from './types.ts';

export interface CoveredWallet {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly brandCode: string;
  readonly country: string;
  readonly currency: string;
  readonly state: string;
  /** By country of the shop; a market that is not named is none. */
  readonly markets: Readonly<Record<string, string>>;
}
export interface Coverage {
  readonly markets: readonly string[];
  /** How many wallets can be used there now. */
  readonly live: Readonly<Record<string, number>>;
  readonly wallets: readonly CoveredWallet[];
}

export interface ShopPayment {
  readonly id: string;
  readonly state: string;
  readonly scenario: string;
  readonly requestId: string;
  readonly acquirer: { readonly id: string; readonly participantId: string; readonly name: string };
  readonly wallet: { readonly id: string; readonly slug: string; readonly name: string } | null;
  readonly shop: { readonly merchantId: string; readonly name: string; readonly country: string };
  readonly orderReference: string;
  readonly description: string;
  readonly amount: Money;
  /** What the wallet owes; null until a wallet is known. */
  readonly payTo: Money | null;
  /** What the acquirer gets. */
  readonly settlement: Money | null;
  readonly refunded: Money;
  readonly refunding: Money;
  readonly failure: { readonly code: string; readonly message: string; readonly limitSetBy?: string } | null;
  readonly expiresAt: string;
  readonly paidAt: string | null;
  readonly createdAt: string;
}
export interface ShopRefund {
  readonly id: string;
  readonly state: string;
  readonly amount: Money;
  readonly payBack: Money;
  readonly settled: Money;
  readonly reason: string;
  readonly createdAt: string;
}
export interface ShopNotification {
  readonly id: string;
  readonly state: string;
  readonly url: string;
  readonly attempts: readonly { readonly at: string; readonly outcome: string }[];
}
/** The two lanes beside money are one on the page: what was said. */
export type ShopTimelineEntry = Omit<TimelineEntry, 'lane'> & { readonly lane: 'shop' | 'wallet' | 'money' };
export interface WholeShopPayment extends ShopPayment {
  readonly reference: string;
  readonly customerId: string | null;
  readonly cancelableUntil: string | null;
  readonly price: {
    readonly margin: Money;
    readonly shownRate: string | null;
    readonly settlementRate: string | null;
    readonly shownFee: Money;
  } | null;
  readonly discounts: readonly { readonly name: string; readonly fundedBy: string; readonly savings: Money }[];
  readonly refunds: readonly ShopRefund[];
  readonly notifications: readonly ShopNotification[];
  readonly timeline: readonly ShopTimelineEntry[];
  readonly postings: readonly Posting[];
}
