/**
 * An acquirer of the hub as the platform sees it: told of payments of its shops, asked what its own codes mean, and asked
 * whether money that was pushed through a national scheme has arrived. What it asks of us comes in through src/api/aps.
 */
import type { Instant } from '../../base/clock.ts';
import type { Currency } from '../../base/currency.ts';
import type { Money } from '../../base/money.ts';
import type { ShopFacts } from './wallet.ts';
import type { DisputeToAnswer } from './wallet-dispute.ts';

export interface AcquirerTarget {
  /** `acquirerId`. */
  readonly participantId: string;
  readonly endpoint: string;
  readonly keys: readonly { readonly version: string; readonly publicKey: string }[];
}

/** What an acquirer says its own code stands for. */
export type DecodedCode =
  | {
      readonly outcome: 'order';
      /** The acquirer's `paymentRequestId`. */
      readonly requestId: string;
      readonly orderReference: string;
      readonly description: string;
      readonly amount: Money;
      readonly shop: ShopFacts;
      readonly settlementCurrency: Currency | null;
      readonly expiresAt: Instant | null;
      readonly notifyUrl: string | null;
    }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string }
  | { readonly outcome: 'unknown'; readonly cause: string };

export type PushAnswer =
  | { readonly outcome: 'arrived'; readonly at: Instant }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string }
  | { readonly outcome: 'pending' }
  | { readonly outcome: 'unknown'; readonly cause: string };

export interface ShopAcquirer {
  /**
   * One attempt to tell it something; `body` is signed as it is. `acknowledged`, or why it was not; never throws.
   * @param url the address in the request, or the acquirer's own.
   */
  notify(target: AcquirerTarget, message: { readonly url: string; readonly body: string }): Promise<string>;
  decode(target: AcquirerTarget, code: { readonly value: string; readonly customerId: string }): Promise<DecodedCode>;
  inquirePush(target: AcquirerTarget, ask: { readonly requestId: string }): Promise<PushAnswer>;
  /** One attempt to hand it a wallet's dispute: `acknowledged`, or why it was not. */
  openDispute(target: AcquirerTarget, dispute: DisputeToAnswer): Promise<string>;
}
