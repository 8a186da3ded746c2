/** Events of the hub: participants, codes, payments by home wallets in shops abroad, and clearing. Part of events.ts. */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';

type HubPaymentId = Id<'hpy'>;
type Participant = Id<'ptc'>;

interface HubSides {
  payment: HubPaymentId;
  wallet: Id<'net'>;
  acquirer: Participant;
}

export interface HubEventData {
  'participant.added': { participantId: string; name: string; wallet?: string; acquirer: boolean };
  'participant.changed': { what: string; keyVersion?: string };
  'shop.registered': { acquirer: Participant; merchantId: string };
  'shop.changed': { what: readonly string[] };
  'hub_code.issued': { kind: string };
  /** Of a printed code: a first payment came through it. */
  'hub_code.verified': { payment: HubPaymentId };
  'hub_code.used': { payment: HubPaymentId | Id<'pay'> };
  'hub_code.retired': { by: string };

  'hub_payment.opened': { acquirer: Participant; requestId: string; amount: Money; scenario: string };
  /** A wallet is known, the price is fixed, and the wallet has the payment. */
  'hub_payment.offered': { wallet: Participant; payTo: Money; settlement: Money; reference: string };
  /** The wallet has it and asks its user. */
  'hub_payment.wallet_waits': { walletPaymentId: string | null };
  'hub_payment.asked_again': { rung: number };
  'hub_payment.failed': { code: string };
  'hub_payment.closed': { because: string };
  'hub_payment.cancel_asked': { by: string };
  /** Of a closed one: its wallet will not debit it any more, or has given it back. */
  'hub_payment.let_go_by_wallet': { wallet: Participant };
  /** The acquirer's word on money that a national scheme brings: it is with the shop, or never will be. */
  'hub_payment.push_arrived': { at: Instant };
  'hub_payment.push_refused': { code: string };
  'hub_payment.refund_started': { refund: Id<'hrf'>; amount: Money };
  'hub_payment.refund_ended': { refund: Id<'hrf'>; amount: Money; outcome: 'refunded' | 'refused' };
  /** Nothing was ever debited, so there is nothing to post back. */
  'hub_payment.canceled_unpaid': { by: string };
  'hub_refund.sent': { payment: HubPaymentId; amount: Money; payBack: Money; reference: string };
  'hub_refund.asked_again': { rung: number };
  'hub_refund.refused': { code: string };
  'hub_notification.made': { payment: HubPaymentId; acquirer: Participant };
  'hub_notification.sent': { attempt: number; outcome: string };

  // A wallet asks about a payment, or for its money: nothing moves but what is refunded.
  'wallet_dispute.opened': {
    kind: string;
    payment: HubPaymentId | Id<'pay'>;
    wallet: Participant;
    claim: string;
    amount: Money;
    reason: string;
    respondBy: Instant;
  };
  /** `by`: who was paid, or the clock. */
  'wallet_dispute.answered': { answer: string; by: string; amount?: Money; refundBy?: Instant };
  'wallet_dispute.lapsed': { because: string };
  'wallet_dispute.refund_ended': { outcome: 'refunded' | 'not_refunded'; code?: string };

  // By the word of the wallet. In one currency `payTo` is all there is, and nothing crosses the position.
  'hub.paid': HubSides & { payTo: Money; settled: Money; margin: Money };
  'hub.paid_same_currency': HubSides & { payTo: Money };
  /** The exact mirror: inside the window, before clearing. */
  'hub.canceled': HubSides & { payTo: Money; settled: Money; margin: Money };
  /** Each amount is its share of the payment. */
  'hub.refunded': HubSides & { refund: Id<'hrf'>; payBack: Money; settled: Money; margin: Money };
  /** What a campaign pays of what the shop gets: one event for each, for discounts stack. `budgetSpent` is both. */
  'hub.discount_funded': {
    payment: HubPaymentId;
    acquirer: Participant;
    campaign: Id<'cmp'>;
    hubDiscount: Money;
    sponsorDiscount: Money;
    budgetSpent: Money;
  };
  /** By a cancel all of it, with the budget; by a refund its share: our spent budget stays spent, a sponsor's fund is his again. */
  'hub.discount_returned': {
    payment: HubPaymentId;
    acquirer: Participant;
    campaign: Id<'cmp'>;
    hubDiscount: Money;
    sponsorDiscount: Money;
    budgetSpent: Money;
  };

  // Clearing: a cycle ends at midnight UTC+8.
  'clearing.cycle_opened': { day: string; from: Instant; to: Instant };
  'clearing.items_collected': { source: string; items: number };
  /** Nothing is added any more; the rates that interchange crosses at are fixed. Null where nothing crosses. */
  'clearing.collected': { payments: number; refunds: number; rates: Id<'fxr'> | null };
  'clearing.assessed': { pairs: number; batches: number };
  'clearing.batch_made': { cycle: Id<'cyc'>; participant: Participant; role: string; net: Money; dueOn: string };
  'clearing.batch_filed': { files: number };
  'clearing.batch_instructed': { settlement: Id<'stl'> };
  'clearing.file_made': { name: string; sha256: string; lines: number };
  'clearing.cycle_closed': { from: Instant; to: Instant; payments: number; refunds: number };
  'clearing.fees_assessed': {
    cycle: Id<'cyc'>;
    wallet: Id<'net'>;
    acquirer: Participant;
    interchange: Money;
    interchangePaid: Money;
    interchangeBack: Money;
    interchangeReturned: Money;
    acquirerFee: Money;
    walletFee: Money;
  };
  /** Of what a wallet paid to our own marketplaces, with which no acquirer has anything to do. */
  'clearing.wallet_fee_assessed': { cycle: Id<'cyc'>; wallet: Id<'net'>; walletFee: Money };
  /** One for each role: a wallet's account with us, or an acquirer. Of each pair one is zero. */
  'hub.settlement_instructed': {
    batch: Id<'stl'>;
    cycles: readonly Id<'cyc'>[];
    participant: Id<'net'> | Id<'ptc'>;
    walletOwes: Money;
    weOweWallet: Money;
    weOweAcquirer: Money;
    acquirerOwes: Money;
  };
}
