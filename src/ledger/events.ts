/**
 * Every business event of the journal, with the facts it carries. Amounts, fees and splits arrive computed; what an event
 * posts is in postings.ts, and an event without its line there does not compile. Owners of accounts are ids.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { AccountRef } from './account.ts';
import type { HubEventData } from './hub-events.ts';
import type { PromotionEventData } from './promotion-events.ts';
import type { WalletEventData } from './wallet-events.ts';

type OrderId = Id<'ord'>;
type PaymentId = Id<'pay'>;
type DisputeId = Id<'dsp'>;
type Actor = string;

interface FeeOwner {
  network: Id<'net'>;
  /** The batch, or the bill, that carries it. */
  settlement: Id<'stl'>;
  payment?: PaymentId;
  order?: OrderId;
}

/** Of what was released already, its seller and the marketplace give their parts; else the order does. */
interface RefundSources {
  refund: Id<'ref'>;
  order: OrderId;
  fromHeld: Money;
  seller?: Id<'sel'>;
  fromSeller?: Money;
  marketplace?: Id<'mkt'>;
  fromMarketplace?: Money;
}

export interface EventData extends HubEventData, PromotionEventData, WalletEventData {
  // Parties and their set-up: no money moves.
  'marketplace.changed': { cardRules: object; cardRoutes: readonly object[] };
  'marketplace.created': { name: string };
  'marketplace.fee_plan_changed': { plan: object; version: number };
  'api_key.created': { marketplace: Id<'mkt'> | null; scopes: readonly string[] };
  'seller.created': { marketplace: Id<'mkt'>; country: string };
  'seller.bank_account_changed': { last4: string; unblocked: boolean };
  'seller.payouts_blocked': { payout: Id<'po'>; reason: string };
  /** Payouts decided on what stood before are decided again. */
  'seller.claim_raised': { dispute: DisputeId; debt: Money; atRisk: Money };
  // Sellers who ask to be taken on, and the documents they hand in.
  'registration.opened': { marketplace: Id<'mkt'>; registrar: string; reference: string };
  'registration.checked': { passed: boolean; failed: readonly string[] };
  'registration.decided': { outcome: string; by: Actor; seller?: Id<'sel'>; reason?: string };
  'attachment.submitted': { owner: string; type: string; sha256: string; bytes: number | null };
  'buyer.created': { marketplace: Id<'mkt'>; country: string };
  'network_account.opened': { network: string; funding: 'net' | 'gross' };
  'bank_account.opened': { account: string };
  'bank_account.filing_planned': { file: Id<'pof'> };

  // The order's life. Only the release posts; the rest is what the money waits for.
  'order.created': { marketplace: Id<'mkt'>; seller: Id<'sel'>; buyer: Id<'buy'>; total: Money; policy: string };
  'order.payment_started': { payment: PaymentId; instalment: number; amount: Money };
  'order.instalment_paid': { payment: PaymentId; instalment: number; amount: Money };
  'order.instalment_part_paid': { payment: PaymentId; instalment: number; amount: Money };
  'order.amount_changed': { payment: PaymentId; instalment: number; total: Money };
  'order.payment_failed': { payment: PaymentId; instalment: number; reason: string };
  'order.shipped': { carrier: string; trackingNumber: string; by: Actor };
  'order.received': { by: 'buyer' | 'deadline' };
  'order.released': {
    order: OrderId;
    seller: Id<'sel'>;
    marketplace: Id<'mkt'>;
    net: Money;
    fee: Money;
    /** What goes to the marketplace's own balance, where it is a legal entity of its own and says so. */
    share?: Money;
    reserve?: Money;
    tax?: Money;
    authority?: string;
    by: 'marketplace' | 'deadline' | 'settlement';
  };
  'order.canceled': { reason: string; by: Actor };
  'order.refund_started': { refund: Id<'ref'>; amount: Money };
  'order.refund_ended': { refund: Id<'ref'>; amount: Money; outcome: 'confirmed' | 'rejected' };
  'order.dispute_opened': { dispute: DisputeId; channel: string; state: string };
  'order.dispute_moved': { dispute: DisputeId; state: string };
  'order.dispute_ended': { dispute: DisputeId; outcome: string; feeReturned?: Money };

  // Links that buyers pay with.
  'checkout_link.created': { order: OrderId; instalment: number; expiresAt: Instant };
  'checkout_link.revoked': { by: Actor };

  // What clients of the AMS gateway asked for, and what they are told. The money of it is in payments and refunds.
  'ams_client.registered': { marketplace: Id<'mkt'>; clientId: string };
  'ams_client.changed': { what: string; keyVersion?: string };
  'ams_payment.opened': { client: Id<'amc'>; order: OrderId; instalment: number; amount: Money; way: string };
  'ams_payment.closed': { state: string; code: string };
  'ams_request.opened': { client: Id<'amc'>; kind: string; amsPayment: Id<'amp'>; payment: PaymentId; amount: Money };
  'ams_request.refused': { code: string };
  'ams_instruction.opened': { client: Id<'amc'>; kind: string; requestId: string };
  'ams_instruction.ended': { kind: string; state: string; subject?: string; code?: string };
  'ams_notification.made': { client: Id<'amc'>; kind: string; subject: string };
  'ams_notification.sent': { attempt: number; outcome: string };

  // Card pay-in. An authorization is not money.
  'payment.created': { order: OrderId; instalment: number; amount: Money };
  'payment.operation_started': { operation: Id<'opn'>; kind: string };
  'payment.authentication_asked': { outcome: string };
  'payment.authenticated': { status: string; liabilityShift: boolean };
  'payment.tried_again': { code: string; by: 'route' | 'authenticate'; network: Id<'net'> };
  'payment.authorized': { amount: Money };
  'payment.captured': { network: Id<'net'>; order: OrderId; captured: Money };
  'payment.declined': { code: string };
  'payment.operation_declined': { operation: Id<'opn'>; kind: string; code: string };
  'payment.canceled': { amount: Money };
  'payment.incremented': { authorized: Money };
  'payment.reversed': { authorized: Money };
  'payment.reauthorized': { authorized: Money };
  'payment.expired': { authorized: Money; captured: Money };
  'payment.refund_started': { refund: Id<'ref'>; amount: Money };
  'payment.refund_ended': { refund: Id<'ref'>; amount: Money; outcome: 'confirmed' | 'rejected' };
  'operation.sent': { payment: PaymentId; kind: string; reference: string; amount: Money };
  'operation.answered': { outcome: string; networkId?: string; code?: string; evidence?: string; by?: Actor };

  // What buyers agreed to about cards that are kept.
  'agreement.made': {
    marketplace: Id<'mkt'>;
    buyer: Id<'buy'>;
    scope: string;
    order?: OrderId;
    maximum?: Money;
    terms: string;
    payment: PaymentId;
  };
  'agreement.first_used': { payment: PaymentId; network: Id<'net'>; authenticated: boolean };
  'agreement.activated': { brand: string; last4: string };
  'agreement.ended': { reason: string };
  /** The vault had stored it when the agreement had ended. */
  'agreement.card_left': { brand: string; last4: string };
  'agreement.card_deleted': { brand: string; last4: string };

  // Refunds lock the money first.
  'refund.initiated': RefundSources & { payment: PaymentId };
  'refund.confirmed': { refund: Id<'ref'>; network: Id<'net'>; amount: Money };
  'refund.rejected': RefundSources & { code: string };

  // Disputes: the case's life, which posts nothing, and the chargeback's money.
  'dispute.opened': {
    order: OrderId;
    payment: PaymentId;
    channel: string;
    claim: string;
    amount: Money;
    reason: string;
    state: string;
    /** The case it joins, when the order had an open one. */
    joins?: DisputeId;
  };
  'dispute.moved': { state: string; stage: string; turn: string; respondBy?: Instant; amount: Money };
  'dispute.evidence_added': { name: string; mediaType: string; bytes: number; sha256: string; stage: string };
  'dispute.answer_sent': { answer: string; stage: string; reference: string; documents: number };
  'dispute.answered': { reference: string; outcome: string; code?: string };
  'dispute.ended': { outcome: string; expired: boolean };
  'chargeback.debited': {
    dispute: DisputeId;
    network: Id<'net'>;
    order: OrderId;
    seller: Id<'sel'>;
    amount: Money;
    fromHeld: Money;
    fromReserve: Money;
    fromSeller: Money;
    fromDebt: Money;
  };
  'chargeback.fee_charged': { dispute: DisputeId; network: Id<'net'>; amount: Money };
  'chargeback.represented': { dispute: DisputeId; stage: string };
  'chargeback.credited_back': { dispute: DisputeId; network: Id<'net'>; amount: Money };
  'chargeback.debited_again': { dispute: DisputeId; network: Id<'net'>; amount: Money };
  'chargeback.won': {
    dispute: DisputeId;
    network: Id<'net'>;
    order: OrderId;
    seller: Id<'sel'>;
    credited: Money;
    toHeld: Money;
    toReserve: Money;
    toSeller: Money;
    toDebt: Money;
  };
  'chargeback.lost': {
    dispute: DisputeId;
    marketplace: Id<'mkt'>;
    seller: Id<'sel'>;
    covered: Money;
    uncovered: Money;
    /** Where the fee plan gives the commission of a released order back. It ends a debt first. */
    feeReturned: Money;
    toSeller: Money;
    toDebt: Money;
  };
  /** What the marketplace passes on to the seller; of `dispute` its network fee. fromSeller + fromDebt is the charge. */
  'charge.levied': {
    seller: Id<'sel'>;
    marketplace: Id<'mkt'>;
    fromSeller: Money;
    fromDebt: Money;
    reason: 'dispute_fee';
    dispute: DisputeId;
  };

  // What sellers owe for certain, sum by sum.
  'debt.opened': { seller: Id<'sel'>; dispute: DisputeId; order: OrderId; because: string; amount: Money };
  'debt.recovered': { debt: Id<'dbt'>; seller: Id<'sel'>; fromSeller: Money; fromReserve: Money };
  'debt.recovered_by_bank': { debt: Id<'dbt'>; seller: Id<'sel'>; bank: Id<'bnk'>; amount: Money };
  'debt.provisioned': { debt: Id<'dbt'>; seller: Id<'sel'>; amount: Money; percent: number; policy: string };
  'debt.provision_released': { debt: Id<'dbt'>; seller: Id<'sel'>; amount: Money };
  'debt.written_off': {
    debt: Id<'dbt'>;
    seller: Id<'sel'>;
    provided: Money;
    rest: Money;
    ageDays: number;
    reason: string;
    by: Actor;
  };
  'debt.recovered_after_write_off': { debt: Id<'dbt'>; bank: Id<'bnk'>; amount: Money };

  // The acquirer's files and the bank's lines.
  'settlement.file_imported': { network: Id<'net'>; day: string; batches: number; lines: number };
  'settlement.reported': { network: Id<'net'>; batch: Id<'stl'>; dueToUs: Money; dueFromUs: Money };
  /** Presented in one currency, settled in another, both as the file says. Of each pair one is zero. */
  'settlement.reported_converted': {
    network: Id<'net'>;
    batch: Id<'stl'>;
    presented: Money;
    presentedBack: Money;
    settled: Money;
    settledBack: Money;
  };
  /** What one operation cost; without a payment where the file does not tell whose it was. */
  'network_fee.assessed': FeeOwner & { interchange: Money; schemeFee: Money; processingFee: Money };
  'network_fee.assessed_apart': FeeOwner & { interchange: Money; schemeFee: Money; processingFee: Money };
  'network_fee.returned': FeeOwner & { returned: Money };
  'network_fee.returned_apart': FeeOwner & { returned: Money };
  'network_fees.billed': { network: Id<'net'>; batch: string; amount: Money };
  'network_fees.matched': { network: Id<'net'>; bank: Id<'bnk'>; amount: Money };
  'network_fees.difference_closed': { network: Id<'net'>; short: Money; over: Money; reason: string };
  'settlement.matched': { batch: Id<'stl'>; bank: Id<'bnk'>; credited: Money; debited: Money };
  'settlement.difference_closed': { batch: Id<'stl'>; short: Money; over: Money; reason: string; by: Actor };
  'bank.statement_imported': { bank: Id<'bnk'>; day: string; opening: Money; closing: Money };
  'bank.credited': { bank: Id<'bnk'>; amount: Money };
  'bank.debited': { bank: Id<'bnk'>; amount: Money };
  'bank.line_explained': { as: string; subject?: string };
  'bank.fee_matched': { bank: Id<'bnk'>; amount: Money };
  'bank.interest_matched': { bank: Id<'bnk'>; amount: Money };
  'capital.paid_in': { bank: Id<'bnk'>; entity: string; amount: Money };

  // Payout runs: what each page of sellers came to, and the whole. The payouts post, not the run.
  'payout_run.started': { marketplace: Id<'mkt'>; name: string; sellers: number };
  'payout_run.advanced': { sellers: number; payouts: number; total: Money };
  'payout_run.ended': { sellers: number; payouts: number; total: Money };

  // Payouts: taken from the balance, handed to the bank in a file, booked by the bank as one line.
  'payout.initiated': {
    payout: Id<'po'>;
    seller: Id<'sel'>;
    marketplace: Id<'mkt'>;
    amount: Money;
    payoutFee?: Money;
    withheld?: Money;
    authority?: string;
  };
  'payout.funds_awaited': { available: Money };
  'payout.filed': { payout: Id<'po'>; file: Id<'pof'>; amount: Money; trace: string };
  'payout.paid': { file: Id<'pof'> };
  'payout.canceled': {
    payout: Id<'po'>;
    seller: Id<'sel'>;
    amount: Money;
    marketplace: Id<'mkt'>;
    feeReturned?: Money;
    reason: string;
  };
  'payout.entry_rejected': {
    payout: Id<'po'>;
    file: Id<'pof'>;
    seller: Id<'sel'>;
    marketplace: Id<'mkt'>;
    amount: Money;
    feeReturned?: Money;
    code: string;
  };
  'payout.return_reported': { reason: string; text: string };
  'payout.returned': {
    payout: Id<'po'>;
    seller: Id<'sel'>;
    marketplace: Id<'mkt'>;
    bank: Id<'bnk'>;
    amount: Money;
    feeReturned?: Money;
    reason: string;
  };
  'payout_file.built': { bank: Id<'bnk'>; reference: string; entries: number; total: Money; sha256: string };
  'payout_file.answered': { outcome: string; receipt?: string; code?: string };
  'payout_file.matched': { file: Id<'pof'>; bank: Id<'bnk'>; amount: Money };

  // Exchange: rates as they came, quotes that hold, balances converted, deals with banks, and the day's end.
  'fx.rates_received': { source: string; base: string; asOf: Instant; rates: number };
  'fx.quote_locked': { from: string; to: string; mid: string; rate: string; given: Money; got: Money; margin: Money };
  'fx.quote_used': { by: string };
  'balance.converted': {
    conversion: Id<'cnv'>;
    seller: Id<'sel'>;
    quote: Id<'qte'>;
    given: Money;
    got: Money;
    margin: Money;
  };
  /** Between balances of one marketplace's sellers and its own; in one currency, or at a quote. */
  'balance.transferred': { transfer: Id<'trf'>; from: AccountRef; to: AccountRef; amount: Money };
  'balance.transferred_converted': {
    transfer: Id<'trf'>;
    quote: Id<'qte'>;
    from: AccountRef;
    to: AccountRef;
    given: Money;
    got: Money;
    margin: Money;
  };
  'fx.deal_struck': { deal: Id<'fxd'>; counterparty: string; reference: string; sold: Money; bought: Money };
  /** One side, or the other: what was paid, or what was received. */
  'fx.deal_settled': { deal: Id<'fxd'>; bank: Id<'bnk'>; paid?: Money; received?: Money };
  /** The result account's balance leaves its currency; `own` is its value at mid in the reporting currency. */
  'income.translated': { result: AccountRef; foreign: Money; own: Money };
  'expense.translated': { result: AccountRef; foreign: Money; own: Money };
  /** Of gain and loss one is zero. `asOf` is the seq of the positions it was made on. */
  'fx.revalued': { gain: Money; loss: Money; rates: Id<'fxr'>; asOf: string };
  'fx.realised': { gain: Money; loss: Money };

  // Reconciliation breaks.
  'break.opened': { kind: string; subject: string; amount?: Money; reason: string };
  'break.closed': { reason: string; by: Actor };
}

export type EventType = keyof EventData;

/** One event before it has its place in the journal. */
export type NewEvent = {
  [Type in EventType]: { readonly type: Type; readonly subject: string; readonly data: Readonly<EventData[Type]> };
}[EventType];

/** An event as the journal holds it. */
export interface RecordedEvent {
  readonly seq: bigint;
  readonly type: EventType;
  readonly subject: string;
  readonly version: number;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Builds an event; the subject's version is given by commit(). */
export const event = <Type extends EventType>(type: Type, subject: string, data: EventData[Type]): NewEvent =>
  ({ type, subject, data }) as unknown as NewEvent;
