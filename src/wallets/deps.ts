/** What the hub's commands work with; wired in main. */
import type { Clock, Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { ShopAcquirer } from '../connectors/ports/shop-acquirer.ts';
import type { WalletNetwork } from '../connectors/ports/wallet.ts';
import type { Queryable } from '../db/pool.ts';
import type { FxDeps, RateTable } from '../fx/index.ts';
import type { Journal, UnitPart } from '../journal/index.ts';
import type { Participant } from '../parties/index.ts';
import type { Discount, HubCode, HubPayment } from './hub-payment.ts';

export interface HubDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly fx: FxDeps;
  readonly wallets: WalletNetwork;
  readonly acquirers: ShopAcquirer;
  readonly codes: PaymentCodes;
  readonly discountsFor: DiscountsFor;
  /** What an acquirer is told of a payment that has ended, as it is sent; the wire's words are the API's. Pure. */
  readonly notificationBody: NotificationBody;
  /** Where wallets tell us what became of a payment. */
  readonly walletNotifyUrl: string;
  /** References of calls to wallets that are under way in this process. */
  readonly calling: Set<string>;
}

/** The hub's own codes; src/wallets/hub-codes. */
export interface PaymentCodes {
  /** The code that is shown for a payment that nobody has scanned yet, and the part that keeps it. */
  issueOrderCode(payment: HubPayment): { readonly code: HubCode; readonly part: UnitPart };
  /** Whose payment code it is. Refused when it is unknown, used or expired. */
  resolvePaymentCode(db: Queryable, value: string, now: Instant): Promise<Result<ResolvedCode, Refusal>>;
  /** The part that uses the code for this payment: once. */
  usingCode(code: HubCode, payment: Id<'hpy'>): UnitPart;
}

export interface ResolvedCode {
  readonly code: HubCode;
  readonly wallet: Participant;
  readonly customerId: string;
}

/** What campaigns take off a payment, in the order in which they are shown; none is an empty list. */
export type DiscountsFor = (sale: Sale) => Promise<readonly Discount[]>;

export interface Sale {
  readonly payment: Pick<
    HubPayment,
    'id' | 'acquirer' | 'shop' | 'amount' | 'settlementCurrency' | 'scenario' | 'orderReference'
  >;
  readonly wallet: Participant;
  /** Null while nobody knows who pays. */
  readonly customerId: string | null;
  /** Null where there is no rate: then only what is in one currency can be discounted. */
  readonly rates: RateTable | null;
  readonly at: Instant;
}

export const noDiscounts: DiscountsFor = async () => [];

export type NotificationBody = (
  payment: HubPayment,
  sides: { readonly acquirer: Participant; readonly wallet: Participant | null },
) => string;
