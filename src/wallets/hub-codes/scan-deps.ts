/** What a scan works with: codes, the acquirers that know their own codes, and the payments of the hub. */
import type { Instant } from '../../base/clock.ts';
import type { Currency } from '../../base/currency.ts';
import type { Id } from '../../base/ids.ts';
import type { Money } from '../../base/money.ts';
import type { Result } from '../../base/result.ts';
import type { ShopAcquirer } from '../../connectors/ports/shop-acquirer.ts';
import type { ShopFacts, WalletDebit } from '../../connectors/ports/wallet.ts';
import type { Participant } from '../../parties/index.ts';
import type { HubRefusal } from '../errors.ts';
import type { HubCode, HubPayment, Scenario } from '../hub-payment.ts';
import type { CodeDeps } from './deps.ts';
import type { ScanRefusal } from './errors.ts';

export interface ScanCode {
  readonly value: string;
  readonly wallet: Participant;
  readonly customerId: string;
  /** What the person has typed, where the code says no amount. */
  readonly typed: { readonly amount: Money; readonly userRequestId: string } | null;
}

export type Scanned =
  | {
      readonly kind: 'payment';
      readonly codeType: 'ORDER_CODE' | 'STORE_CODE';
      readonly payment: HubPayment;
      readonly acquirer: Participant;
    }
  | {
      readonly kind: 'ask_amount';
      readonly acquirer: Participant;
      readonly shop: ShopFacts;
      readonly currency: Currency;
      /** Printed in the code: the person cannot type another. */
      readonly amount: Money | null;
    }
  /** Of a marketplace here: what the wallet needs to debit its user and to tell us. */
  | { readonly kind: 'order'; readonly debit: WalletDebit }
  | { readonly kind: 'open_page'; readonly acquirer: Participant; readonly url: string };

export type Done = Promise<Result<Scanned, ScanRefusal | HubRefusal>>;

export interface Payer {
  readonly wallet: Participant;
  readonly customerId: string;
}

/** A payment that begins with a person: with the price for his wallet, in process at once. */
export interface OpenForPerson extends Payer {
  readonly acquirer: Participant;
  readonly shop: ShopFacts;
  readonly amount: Money;
  /** The first of the acquirer's where null. */
  readonly settlementCurrency: Currency | null;
  readonly requestId: string;
  /** The wallet's name of this scan, where it gave one: it opens one payment, whichever acquirer's code was scanned. */
  readonly userRequestId: string | null;
  readonly orderReference: string;
  readonly description: string;
  readonly scenario: Scenario;
  /** The printed code that it came by. */
  readonly code: Id<'hcd'> | null;
  /** The national code, where the money is pushed on. */
  readonly push: string | null;
  readonly notifyUrl: string | null;
  readonly expiresAt: Instant;
}

/** Orders of marketplaces here, whose payments begin when their codes are scanned; wired in main. */
export interface OrderCodes {
  /** The payment of whoever scans first; told again to the same person, and refused to others. */
  scanned(code: HubCode, payer: Payer): Promise<Result<WalletDebit, ScanRefusal | HubRefusal>>;
}

export interface ScanDeps extends CodeDeps {
  /** Host of this installation's order codes. */
  readonly codeDomain: string;
  readonly acquirers: Pick<ShopAcquirer, 'decode'>;
  readonly orderCodes: OrderCodes;
  /** Gives a payment that waits to whoever has scanned its code. */
  readonly offer: (payment: HubPayment, payer: Payer) => Promise<Result<HubPayment, HubRefusal>>;
  readonly open: (opening: OpenForPerson) => Promise<Result<HubPayment, HubRefusal>>;
}
