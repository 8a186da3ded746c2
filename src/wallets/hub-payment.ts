/**
 * A payment through the hub: a home wallet pays a shop of an acquirer abroad. The acquirer knows it by its own request id, the
 * wallet by our reference, both by our id. What each of them owes or gets is fixed with the payment and never worked out again.
 *
 * Invariants: an acquirer's request id stands for one payment for ever; `payTo` is what the wallet owes and
 * `settlement` what the acquirer gets, at quotes that stay with it; money is posted once, by the word of the wallet; who
 * has asked to cancel can not be paid any more: a later word of the wallet loses. Unknown is not failed.
 */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { ShopFacts } from '../connectors/ports/wallet.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import type { Discount } from '../promotions/index.ts';

export type { Discount };

/** How the payer and the payment came together. */
export type Scenario =
  | 'payment_code'
  | 'order_code'
  | 'entry_code'
  | 'private_code'
  | 'store_code'
  | 'push_code'
  | 'cashier'
  | 'agreement';

/** What it comes to for each side, at the rates it keeps. */
export interface HubPrice {
  /** What the wallet owes, in its currency; discounts of hub, sponsor and merchant are off it. */
  readonly payTo: Money;
  /** What the acquirer gets in all: settled + hubDiscount + sponsorDiscount. */
  readonly settlement: Money;
  /** What of it the wallet's money pays, at the rate with our markup. */
  readonly settled: Money;
  /** Our markup, in the settlement currency. */
  readonly margin: Money;
  readonly hubDiscount: Money;
  readonly sponsorDiscount: Money;
  /** From the wallet's currency into the settlement's; null where they are one. */
  readonly quote: Id<'qte'> | null;
  /** Major units of payTo for one of the order's, and of settlement for one of the order's: what is shown. */
  readonly shownRate: string | null;
  readonly settlementRate: string | null;
  /** Of payTo, our markup: what the person is told is fee. In the wallet's currency. */
  readonly shownFee: Money;
  readonly lockedAt: Instant;
}

/** Money that a national scheme brings to the shop once the wallet has paid. */
export interface Push {
  /** As it was scanned. */
  readonly code: string;
  /** Arrived and refused are the acquirer's words, and final; until one of them comes it is asked again. */
  readonly state: 'waiting' | 'arrived' | 'refused';
  /** When the acquirer said so. */
  readonly at: Instant | null;
}

export interface HubPayment extends StateRow {
  readonly id: Id<'hpy'>;
  readonly state: keyof typeof HUB_PAYMENT_MOVES;
  readonly acquirer: Id<'ptc'>;
  /** The acquirer's `paymentRequestId`; ours where the person began it (a printed code). */
  readonly requestId: string;
  readonly scenario: Scenario;
  readonly shop: ShopFacts;
  readonly orderReference: string;
  readonly description: string;
  /** What the shop sells for. */
  readonly amount: Money;
  readonly settlementCurrency: Currency;
  /** Null until a person has scanned. */
  readonly wallet: Id<'ptc'> | null;
  readonly walletAccount: Id<'net'> | null;
  readonly customerId: string | null;
  /** Null until a wallet is known. */
  readonly price: HubPrice | null;
  readonly discounts: readonly Discount[];
  /** Ours towards the wallet, ≤ 15 of A–Z 0–9; never changes. */
  readonly reference: string;
  readonly walletPaymentId: string | null;
  /** Where the person goes on: the wallet's page, or the code to scan. */
  readonly payUrl: string | null;
  /** The order code that is shown for it, the payment code or the printed code that it came by. */
  readonly code: Id<'hcd'> | null;
  /** The national code that was scanned, where the money has to be pushed on to whoever it names. */
  readonly push: Push | null;
  readonly expiresAt: Instant;
  readonly redirectUrl: string | null;
  readonly notifyUrl: string | null;
  /** How often the wallet was asked again: the rung of the ladder. */
  readonly inquiries: number;
  /** The job that asks again, expires it or goes on with the cancel; withdrawn when there is nothing to wait for. */
  readonly waitJob: string | null;
  /** Of a wallet's refusal: its code, its words, and who set a limit that was exceeded. */
  readonly failure: { readonly code: string; readonly message: string; readonly limitSetBy?: string } | null;
  /** Until when it can be canceled, once paid. */
  readonly cancelableUntil: Instant | null;
  readonly paidAt: Instant | null;
  readonly endedAt: Instant | null;
  /** Of amount, what went back, and what the wallet has been asked to give back and has not confirmed. */
  readonly refunded: Money;
  readonly refunding: Money;
  readonly createdAt: Instant;
}

/**
 * Legal moves. `waiting`: a code is shown and nobody has scanned it. `in_process`: a wallet has it, and its word is not known.
 * `canceling`: the cancel was asked and is repeated until the wallet has done it. `closed`: nobody paid in time; the wallet
 * that had it is told to cancel until it has done so.
 */
export const HUB_PAYMENT_MOVES = {
  waiting: ['in_process', 'closed', 'canceled'],
  in_process: ['paid', 'failed', 'closed', 'canceling'],
  paid: ['canceling'],
  canceling: ['canceled'],
  failed: [],
  closed: [],
  canceled: [],
} as const;

export const hubPayments = stateTable<HubPayment>('hub_payments', 'hpy');

export interface HubRefund extends StateRow {
  readonly id: Id<'hrf'>;
  readonly state: keyof typeof HUB_REFUND_MOVES;
  readonly payment: Id<'hpy'>;
  readonly acquirer: Id<'ptc'>;
  /** The acquirer's `refundRequestId`. */
  readonly requestId: string;
  /** Ours towards the wallet. */
  readonly reference: string;
  readonly amount: Money;
  /** Its shares of the payment's price, at the payment's own rate. */
  readonly payBack: Money;
  readonly settled: Money;
  readonly margin: Money;
  readonly hubDiscount: Money;
  readonly sponsorDiscount: Money;
  /** Of each discount of the payment its share; in the same order. */
  readonly discounts: readonly Discount[];
  readonly reason: string;
  readonly walletRefundId: string | null;
  readonly refundedAt: Instant | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  /** The job that asks the wallet until it has answered. */
  readonly waitJob: string | null;
  /** How often the wallet was asked again. */
  readonly inquiries: number;
  readonly createdAt: Instant;
}

export const HUB_REFUND_MOVES = { sent: ['refunded', 'refused'], refunded: [], refused: [] } as const;

export const hubRefunds = stateTable<HubRefund>('hub_refunds', 'hrf');

/** A code that the hub issued or was told of. */
export interface HubCode extends StateRow {
  readonly id: Id<'hcd'>;
  readonly state: keyof typeof HUB_CODE_MOVES;
  readonly kind: 'payment' | 'order' | 'entry' | 'store';
  /** What is drawn and read. */
  readonly value: string;
  /** Of a payment code: whose it is. */
  readonly wallet: Id<'ptc'> | null;
  readonly customerId: string | null;
  /** Of the others: whose shop. */
  readonly acquirer: Id<'ptc'> | null;
  readonly shop: Id<'shp'> | null;
  /** What it leads to; of a printed code the first payment, which verified it. */
  readonly payment: Id<'hpy'> | null;
  /** Of a code that paid an order of a marketplace here: that payment. */
  readonly orderPayment?: Id<'pay'>;
  /** Of an order code of a marketplace here: the request whose payment begins when it is scanned. */
  readonly amsPayment?: Id<'amp'>;
  /** Of a store code: which of its shop's it is, from 1. */
  readonly number: number | null;
  readonly expiresAt: Instant | null;
  /** When somebody first paid with a printed code: it can be read where it hangs. */
  readonly verifiedAt: Instant | null;
  readonly createdAt: Instant;
}

/**
 * That it has expired is a fact of time, not a move. Printed codes, of shops and of pages, are `printed` until a first payment
 * has verified them; they lead where they lead in both states, until they are retired by hand.
 */
export const HUB_CODE_MOVES = {
  printed: ['live', 'retired'],
  live: ['used', 'retired'],
  used: [],
  retired: [],
} as const;

export const hubCodes = stateTable<HubCode>('hub_codes', 'hcd');

/** A shop that an acquirer has signed, as it registered it. */
export interface Shop extends StateRow {
  readonly id: Id<'shp'>;
  readonly state: 'active';
  readonly acquirer: Id<'ptc'>;
  /** `referenceMerchantId`. */
  readonly merchantId: string;
  readonly name: string;
  /** In the language of the country, where it has one. */
  readonly localName: string | null;
  readonly country: string;
  readonly categoryCode: string;
  /** Null of a shop that nobody registered but a first payment. */
  readonly city: string | null;
  readonly createdAt: Instant;
}

export const shops = stateTable<Shop>('shops', 'shp');
