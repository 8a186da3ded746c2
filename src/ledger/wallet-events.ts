/** Events of orders that home wallets pay, and of what buyers agreed to with wallets. Part of events.ts. */
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';

type OrderId = Id<'ord'>;

export interface WalletEventData {
  // The wallet asks its user; where, is not told to the journal.
  'payment.wallet_waits': { wallet: string };
  /** From here a success of the wallet counts no more. */
  'payment.cancel_asked': { by: string };
  /** The wallet owes what it debited, in its currency; the order holds its own amount, at the payment's quote. */
  'payment.captured_converted': {
    network: Id<'net'>;
    order: OrderId;
    received: Money;
    heldAmount: Money;
    margin: Money;
  };
  /** On the day it was paid, nothing released or refunded. */
  'payment.capture_reversed': { network: Id<'net'>; order: OrderId; reversed: Money };
  'payment.capture_reversed_converted': {
    network: Id<'net'>;
    order: OrderId;
    reversed: Money;
    margin: Money;
    paidBack: Money;
  };
  /** At the payment's own rate: each amount is its share of the payment. */
  'refund.confirmed_converted': {
    refund: Id<'ref'>;
    network: Id<'net'>;
    amount: Money;
    margin: Money;
    paidBack: Money;
  };
  'order.payment_reversing': { payment: Id<'pay'>; instalment: number };
  'order.payment_reversed': { payment: Id<'pay'>; instalment: number; amount: Money };
  'order.payment_kept': { payment: Id<'pay'>; instalment: number };

  'wallet_agreement.asked': { marketplace: Id<'mkt'>; buyer: Id<'buy'>; wallet: string };
  'wallet_agreement.moved': { state: string };
  'wallet_agreement.renewed': { renewals: number; expiresAt: string };
}
