/**
 * What payments need from the modules right of them, wired in main: the owner of what is paid (an order under protection)
 * says whether a payment may start and how its own row changes; both commit in one unit.
 */
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { SoftMerchant } from '../connectors/ports/card-acquirer.ts';
import type { UnitPart } from '../journal/index.ts';
import type { CardRoute, CardRules } from '../parties/index.ts';
import type { Payment, Refund, RefundSource } from './payment.ts';

export type OwnerRefusal = Refusal<
  | 'not_found'
  | 'illegal_move'
  | 'instalment_not_due'
  | 'unknown_instalment'
  | 'payment_in_progress'
  | 'refund_source_differs'
  | 'amount_exceeds_refundable'
  | 'dispute_open'
>;

/** What is paid, as its owner describes it to the network. */
export interface PayableFacts {
  readonly softMerchant: SoftMerchant;
  /** What is bought, in the marketplace's words. */
  readonly description: string;
  readonly orderNumber: string;
  readonly statementDescriptor: string;
}

export interface Payable extends PayableFacts {
  readonly amount: Money;
  /** What is left to pay of the same order after this. */
  readonly rest: Money;
  readonly seller: Id<'sel'>;
  readonly buyer: { readonly id: Id<'buy'>; readonly country: string };
  readonly rules: CardRules;
  readonly routes: readonly CardRoute[];
  /** Changes of the owner's row that commit with the start of the payment. */
  readonly part: UnitPart;
  /** The owner as this start leaves it, for the network's first word. Whoever changes it meanwhile makes that unit stale. */
  readonly asStarted: AsStarted;
}

export type AsStarted = Pick<PaymentOwner, 'paymentCaptured' | 'paymentFailed'>;

export interface PaymentOwner {
  /** What was paid, told again for an attempt that another process goes on with. */
  describe(payment: Payment): Promise<PayableFacts>;
  startPayment(input: {
    marketplace: Id<'mkt'>;
    order: Id<'ord'>;
    instalment: number;
    payment: Id<'pay'>;
  }): Promise<Result<Payable, OwnerRefusal>>;
  /** `amount` came in, maybe nothing; `final`: no more will, and the instalment is paid with what has. */
  paymentCaptured(payment: Payment, capture: { readonly amount: Money; readonly final: boolean }): Promise<UnitPart>;
  /** The buyer agreed to another amount, and the issuer approved it. */
  paymentChanged(payment: Payment, amount: Money): Promise<UnitPart>;
  paymentFailed(payment: Payment, reason: string): Promise<UnitPart>;
  /** All of a captured payment is to be taken back at the wallet, as if it had not been paid. */
  startReversal(payment: Payment): Promise<Result<UnitPart, OwnerRefusal>>;
  reversalEnded(payment: Payment, outcome: 'done' | 'refused'): Promise<UnitPart>;
  /** `source`: who gives it back, which only what was released already needs. `settles`: the open case that allows it. */
  startRefund(
    payment: Payment,
    refund: Pick<Refund, 'id' | 'amount'>,
    how: { readonly source: RefundSource | null; readonly settles: Id<'dsp'> | null },
  ): Promise<Result<UnitPart, OwnerRefusal>>;
  refundEnded(payment: Payment, refund: Refund, outcome: 'confirmed' | 'rejected'): Promise<UnitPart>;
}
