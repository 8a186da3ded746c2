/**
 * The wallets' tables and their rows. Amounts are minor units; instants are business milliseconds since 1970. `pay_to` is what the
 * wallet owes the hub, `charge` what the person pays; both in the wallet's currency.
 * Invariants: an account's balance is the sum of its movements and never below zero; a payment that is `failed` or `closed`
 * has no charge left; what is refunded never exceeds what was paid.
 */
import type { Currency } from '../../src/base/currency.ts';
import { exchangeSchema } from '../base/exchange-keys.ts';
import { WALLET_KEYS } from './keys.ts';

export const WALLETS_SCHEMA = `
  create table if not exists added_wallet (wallet_id text primary key, content text not null) strict;
  ${exchangeSchema(WALLET_KEYS)}

  create table if not exists account (
    wallet_id text not null, account text not null, customer_id text not null unique, name text not null,
    phone text not null, balance integer not null check (balance >= 0),
    status text not null check (status in ('active', 'frozen')), pin_above integer,
    primary key (wallet_id, account)) strict;
  create table if not exists movement (
    seq integer primary key, wallet_id text not null, account text not null,
    kind text not null check (kind in ('opening', 'correction', 'payment', 'cancel', 'refund')),
    amount integer not null, payment_id text, at_ms integer not null,
    foreign key (wallet_id, account) references account (wallet_id, account)) strict;
  create index if not exists movement_by_account on movement (wallet_id, account, seq);

  create table if not exists payment (
    id text primary key, wallet_id text not null, payment_request_id text not null, fingerprint text not null,
    state text not null check (state in ('waiting', 'paid', 'failed', 'closed')),
    result_code text not null, result_message text not null, limit_hit text, account text, acquirer_id text,
    content text not null, payment_currency text not null, payment_amount integer not null,
    pay_to integer not null check (pay_to > 0), fee integer not null, charge integer not null check (charge >= 0),
    refunded integer not null default 0, refunded_from integer not null default 0 check (refunded_from <= pay_to),
    credited integer not null default 0 check (credited <= charge),
    told integer not null, wrong_pins integer not null default 0,
    expires_ms integer, created_ms integer not null, paid_ms integer,
    unique (wallet_id, payment_request_id)) strict;
  create index if not exists payment_by_account on payment (wallet_id, account, created_ms);
  create index if not exists payment_waiting on payment (expires_ms) where state = 'waiting';
  create table if not exists canceled_before (
    wallet_id text not null, payment_request_id text not null, primary key (wallet_id, payment_request_id)) strict;
  create table if not exists refund (
    id text primary key, wallet_id text not null, refund_request_id text not null, fingerprint text not null,
    payment_id text not null references payment (id), amount integer not null, from_amount integer not null,
    credited integer not null, created_ms integer not null, unique (wallet_id, refund_request_id)) strict;
  create index if not exists refund_by_payment on refund (payment_id);

  create table if not exists payment_code (
    code text primary key, wallet_id text not null, account text not null, expires_ms integer not null,
    used_by text) strict;
  create table if not exists store_scan (
    id text primary key, wallet_id text not null, account text not null, code text not null, content text not null,
    created_ms integer not null) strict;
  create table if not exists auth_code (
    code text primary key, wallet_id text not null, account text not null, expires_ms integer not null,
    token text) strict;
  create table if not exists access_token (
    token text primary key, wallet_id text not null, account text not null, expires_ms integer not null,
    canceled integer not null default 0) strict;
  create table if not exists refresh_token (
    token text primary key, wallet_id text not null, family text not null, access text not null, expires_ms integer not null,
    next text) strict;
  create index if not exists refresh_token_by_access on refresh_token (access);
  create index if not exists refresh_token_by_family on refresh_token (family);

  create table if not exists dispute (
    id text primary key, wallet_id text not null, payment_id text not null references payment (id),
    kind text not null check (kind in ('retrieval', 'escalation')), reason text not null, state text not null,
    heard text, opened_ms integer not null) strict;
  create index if not exists dispute_by_payment on dispute (payment_id);

  create table if not exists decline (
    id integer primary key, wallet_id text, account text, result_code text not null, left_count integer not null) strict;
  create table if not exists notification (
    seq integer primary key, wallet_id text not null, payment_id text not null, due_ms integer, attempts integer not null default 0,
    outcome text not null check (outcome in ('waiting', 'delivered', 'dropped', 'given_up', 'canceled'))) strict;
  create index if not exists notification_due on notification (due_ms) where due_ms is not null;
`;

export interface AccountRow {
  readonly wallet_id: string;
  readonly account: string;
  readonly customer_id: string;
  readonly name: string;
  readonly phone: string;
  readonly balance: bigint;
  readonly status: 'active' | 'frozen';
  readonly pin_above: bigint | null;
}

export interface PaymentRow {
  readonly id: string;
  readonly wallet_id: string;
  readonly payment_request_id: string;
  readonly fingerprint: string;
  readonly state: 'waiting' | 'paid' | 'failed' | 'closed';
  readonly result_code: string;
  readonly result_message: string;
  /** JSON of the limit that refused it. */
  readonly limit_hit: string | null;
  readonly account: string | null;
  readonly acquirer_id: string | null;
  /** JSON of what the hub said about it. */
  readonly content: string;
  readonly payment_currency: Currency;
  readonly payment_amount: bigint;
  readonly pay_to: bigint;
  readonly fee: bigint;
  readonly charge: bigint;
  readonly refunded: bigint;
  readonly refunded_from: bigint;
  readonly credited: bigint;
  /** 1 when its end is notified to the hub. */
  readonly told: bigint;
  readonly wrong_pins: bigint;
  readonly expires_ms: bigint | null;
  readonly created_ms: bigint;
  readonly paid_ms: bigint | null;
}

export interface RefundRow {
  readonly id: string;
  readonly wallet_id: string;
  readonly refund_request_id: string;
  readonly fingerprint: string;
  readonly payment_id: string;
  readonly amount: bigint;
  readonly from_amount: bigint;
  readonly credited: bigint;
  readonly created_ms: bigint;
}
