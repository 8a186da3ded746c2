/** What the hub's commands work with; wired in main. */
import type { Clock, Instant } from '../base/clock.ts';
import { refuse } from '../base/result.ts';
import type { ShopAcquirer } from '../connectors/ports/shop-acquirer.ts';
import type { WalletNetwork } from '../connectors/ports/wallet.ts';
import type { FxDeps, RateTable } from '../fx/index.ts';
import { EMPTY_PART, type Journal, type UnitPart } from '../journal/index.ts';
import type { Participant } from '../parties/index.ts';
import type { OrderCodes } from './hub-codes/index.ts';
import type { Discount, HubPayment } from './hub-payment.ts';

export interface HubDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly fx: FxDeps;
  readonly wallets: WalletNetwork;
  readonly acquirers: ShopAcquirer;
  readonly discounts: Discounts;
  readonly orderCodes: OrderCodes;
  /** Host of this installation's order codes. */
  readonly codeDomain: string;
  /** What an acquirer is told of a payment that has ended, as it is sent; the wire's words are the API's. Pure. */
  readonly notificationBody: NotificationBody;
  /** Where wallets tell us what became of a payment. */
  readonly walletNotifyUrl: string;
  /** References of calls to wallets that are under way in this process. */
  readonly calling: Set<string>;
}

export type NotificationBody = (
  payment: HubPayment,
  sides: { readonly acquirer: Participant; readonly wallet: Participant | null },
) => string;

/**
 * What campaigns take off payments. Each part belongs to the unit that does what it says, and is about discounts that hub or
 * sponsors fund; a budget is taken when the price is fixed, so that spending it later can not be refused.
 */
export interface Discounts {
  /** In the order in which they are shown. A budget that is used up meanwhile refuses the unit; it is decided again without. */
  granting(sale: Sale): Promise<{ readonly discounts: readonly Discount[]; readonly part: UnitPart }>;
  /** The wallet has paid: who funds a discount pays the acquirer. */
  spending(payment: HubPayment): Promise<UnitPart>;
  /** Nobody will pay: what was kept for it is free again. */
  lettingGo(payment: HubPayment): Promise<UnitPart>;
  /** All of it goes back, budgets too. */
  canceling(payment: HubPayment): Promise<UnitPart>;
  /** A part goes back: `shares` says how much of each discount. */
  returning(payment: HubPayment, shares: readonly Discount[]): Promise<UnitPart>;
}

export interface Sale {
  readonly payment: Pick<
    HubPayment,
    'id' | 'acquirer' | 'shop' | 'amount' | 'settlementCurrency' | 'scenario' | 'orderReference'
  >;
  readonly wallet: Participant;
  /** Null while nobody knows who pays. */
  readonly customerId: string | null;
  /** Null where there is no rate: then only what needs none can be discounted. */
  readonly rates: RateTable | null;
  readonly at: Instant;
}

const nothing = async (): Promise<UnitPart> => EMPTY_PART;

/** An installation without marketplaces. */
export const NO_ORDER_CODES: OrderCodes = {
  scanned: async () => refuse('invalid_code', 'no order has this code'),
};

/** An installation without campaigns. */
export const NO_DISCOUNTS: Discounts = {
  granting: async () => ({ discounts: [], part: EMPTY_PART }),
  spending: nothing,
  lettingGo: nothing,
  canceling: nothing,
  returning: nothing,
};
