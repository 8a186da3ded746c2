/**
 * With what a payment is paid: a card, or a home wallet. A wallet debits its user in its own currency and owes us what it
 * debited; what that comes to, and the rate, are fixed with the payment and never worked out again.
 *
 * Invariants: exactly one of `card` and `wallet` is there; `paidBack` and `marginBack` are their shares of what was refunded, at
 * the payment's own rate; who has asked to cancel is not told later that it is paid.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';

export interface PaidCard {
  readonly token: string;
  readonly brand: string;
  readonly last4: string;
  /** Equal for equal cards of one marketplace; null in payments of before it was kept. */
  readonly fingerprint: string | null;
}

/** How the wallet's user is found: on the wallet's page, by what was agreed once, by a code that he shows, or one that he scans. */
export type WalletWay = 'cashier' | 'agreement' | 'payment_code' | 'order_code';

export interface WalletTerms {
  readonly participant: Id<'ptc'>;
  readonly slug: string;
  readonly brandCode: string;
  readonly name: string;
  readonly way: WalletWay;
  readonly agreement: Id<'wag'> | null;
  /** What the wallet owes us, in its currency. */
  readonly payTo: Money;
  /** Null where the wallet pays in the order's currency. */
  readonly rate: WalletRate | null;
  /** Of `payTo`, what went back. */
  readonly paidBack: Money;
  /** Where the buyer goes on, once the wallet has said so. */
  readonly payUrl: string | null;
  /** Where the wallet sends the buyer back to. */
  readonly returnUrl: string | null;
  /** The wallet's name of its user: from the start of one who has scanned, else as the wallet says it. */
  readonly customerId: string | null;
  readonly paidAt: Instant | null;
  /** Minutes of the day after it was paid, UTC+8, until which all of it can be canceled. */
  readonly cutOffMinutes: number;
  /** That moment, once paid. */
  readonly cancelableUntil: Instant | null;
  /** Asked while the wallet had not said its word. */
  readonly canceling: { readonly by: CanceledBy; readonly at: Instant } | null;
}

export type CanceledBy = 'marketplace' | 'expiry';

export interface WalletRate {
  /** From the wallet's currency into the order's. */
  readonly quote: Id<'qte'>;
  /** Major units of the wallet's currency for one of the order's, everything in it: what the buyer is shown. */
  readonly allIn: string;
  /** What part of `payTo` is our fee. */
  readonly fee: Money;
  /** The same fee in the order's currency: the margin of the quote. */
  readonly margin: Money;
  /** Of the margin, what went back. */
  readonly marginBack: Money;
  readonly lockedAt: Instant;
}

/** As it is shown: which method, and by what name people know it. */
export type Method =
  | { readonly type: 'card'; readonly brand: string; readonly last4: string }
  | { readonly type: 'wallet'; readonly wallet: string; readonly brand: string; readonly name: string };
