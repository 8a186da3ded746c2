/**
 * The acquirers' tables and their rows. Amounts are minor units; instants are business milliseconds since 1970. `amount` is what the
 * shop sold for, `settlement` what the hub owes for it, in `settlement_currency`; null until the hub has said it.
 * Invariants: a request id stands for one payment for ever; a payment that has ended has nothing due; what is refunded or being
 * refunded never exceeds what was paid; who has asked to cancel does not go back to paid, unless the hub refuses the cancel.
 */
import type { Currency } from '../../src/base/currency.ts';
import { exchangeSchema } from '../base/exchange-keys.ts';
import { ACQUIRER_KEYS } from './keys.ts';

export const SCENARIOS = [
  'payment_code',
  'order_code',
  'entry_code',
  'cashier',
  'agreement',
  'private_code',
  'store_code',
  'push_code',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

export const SHOPS_SCHEMA = `
  create table if not exists added_acquirer (acquirer_id text primary key, content text not null) strict;
  create table if not exists added_shop (
    acquirer_id text not null, merchant_id text not null, content text not null,
    primary key (acquirer_id, merchant_id)) strict;
  ${exchangeSchema(ACQUIRER_KEYS)}

  create table if not exists registration (
    acquirer_id text not null, merchant_id text not null, what text not null, at_ms integer not null,
    primary key (acquirer_id, merchant_id, what)) strict;
  create table if not exists printed_code (
    acquirer_id text not null, merchant_id text not null, code text not null, at_ms integer not null,
    primary key (acquirer_id, merchant_id)) strict;

  create table if not exists payment (
    seq integer primary key, id text not null unique, acquirer_id text not null, merchant_id text not null,
    payment_request_id text not null, scenario text not null,
    state text not null check (state in ('shown', 'waiting', 'paid', 'failed', 'canceling', 'canceled')),
    result_code text not null, result_message text not null, request text,
    order_reference text not null, description text not null, currency text not null, amount integer not null check (amount > 0),
    hub_payment_id text, psp_id text, wallet text, customer_id text,
    settlement_currency text not null, settlement integer, quote text,
    code text, pay_url text, expires_ms integer not null, created_ms integer not null, paid_ms integer,
    due_ms integer, asked integer not null default 0, unique (acquirer_id, payment_request_id)) strict;
  create index if not exists payment_due on payment (due_ms) where due_ms is not null;
  create unique index if not exists payment_own_code on payment (acquirer_id, code) where scenario = 'private_code';
  create index if not exists payment_by_shop on payment (acquirer_id, merchant_id, seq);
  create table if not exists refund (
    seq integer primary key, id text not null unique, acquirer_id text not null, payment_id text not null references payment (id),
    refund_request_id text not null, state text not null check (state in ('asking', 'refunded', 'refused')),
    result_code text not null, result_message text not null, amount integer not null check (amount > 0), reason text not null,
    hub_refund_id text, settlement integer, created_ms integer not null, refunded_ms integer,
    due_ms integer, asked integer not null default 0, unique (acquirer_id, refund_request_id)) strict;
  create index if not exists refund_due on refund (due_ms) where due_ms is not null;
  create index if not exists refund_by_payment on refund (payment_id);

  create table if not exists push_order (
    id integer primary key, acquirer_id text not null, kind text not null check (kind in ('delay', 'refuse')),
    delay_ms integer not null, left_count integer not null) strict;
  create table if not exists push (
    acquirer_id text not null, payment_request_id text not null, arrives_ms integer, asked integer not null,
    primary key (acquirer_id, payment_request_id)) strict;
  create table if not exists notification (
    seq integer primary key, acquirer_id text not null, payment_request_id text not null, result_status text not null,
    effect text not null check (effect in ('settled', 'begun', 'known', 'contradicts', 'refused')), body text not null,
    at_ms integer not null) strict;
  create table if not exists dispute (
    acquirer_id text not null, dispute_id text not null, kind text not null check (kind in ('retrieval', 'escalation')),
    body text not null, received_ms integer not null, answer text, answered_ms integer,
    primary key (acquirer_id, dispute_id, kind)) strict;
`;

export interface PaymentRow {
  readonly seq: bigint;
  readonly id: string;
  readonly acquirer_id: string;
  readonly merchant_id: string;
  readonly payment_request_id: string;
  readonly scenario: Scenario;
  /** `shown`: a code of the acquirer's own that nobody has scanned. `waiting`: the hub has it, or may have it. */
  readonly state: 'shown' | 'waiting' | 'paid' | 'failed' | 'canceling' | 'canceled';
  readonly result_code: string;
  readonly result_message: string;
  /** JSON of the pay that is said again while it is not known to have arrived; null where the hub began or asked. */
  readonly request: string | null;
  readonly order_reference: string;
  readonly description: string;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly hub_payment_id: string | null;
  readonly psp_id: string | null;
  /** `walletBrandName`. */
  readonly wallet: string | null;
  readonly customer_id: string | null;
  readonly settlement_currency: Currency;
  readonly settlement: bigint | null;
  /** JSON of the settlementQuote. */
  readonly quote: string | null;
  readonly code: string | null;
  readonly pay_url: string | null;
  readonly expires_ms: bigint;
  readonly created_ms: bigint;
  readonly paid_ms: bigint | null;
  /** When the till asks again; null when nothing is to be asked. */
  readonly due_ms: bigint | null;
  readonly asked: bigint;
}

export interface RefundRow {
  readonly seq: bigint;
  readonly id: string;
  readonly acquirer_id: string;
  readonly payment_id: string;
  readonly refund_request_id: string;
  readonly state: 'asking' | 'refunded' | 'refused';
  readonly result_code: string;
  readonly result_message: string;
  readonly amount: bigint;
  readonly reason: string;
  readonly hub_refund_id: string | null;
  readonly settlement: bigint | null;
  readonly created_ms: bigint;
  readonly refunded_ms: bigint | null;
  readonly due_ms: bigint | null;
  readonly asked: bigint;
}
