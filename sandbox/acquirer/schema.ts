/**
 * The acquirer's tables and their rows. Amounts are minor units; instants are business milliseconds since 1970 unless the
 * name says wall. No full card number is ever stored: only its first six and last four digits.
 * Invariants: captured + authorized_open ≤ amount, refunded ≤ captured; a batched operation never changes.
 */
import type { Currency } from '../../src/base/currency.ts';

export const ACQUIRER_SCHEMA = `
  create table if not exists client (id text primary key, public_jwk text not null) strict;
  create table if not exists used_assertion (jti text primary key, expires_wall_ms integer not null) strict;
  create table if not exists access_token (
    token text primary key, client_id text not null, expires_wall_ms integer not null) strict;

  create table if not exists payment (
    id text primary key, request_id text not null unique, currency text not null, amount integer not null,
    capture_method text not null, state text not null check (state in ('AUTHORIZED', 'CLOSED', 'VOIDED', 'DECLINED')),
    authorized_open integer not null check (authorized_open >= 0),
    captured integer not null default 0, refunded integer not null default 0,
    response_code text not null, response_message text not null, host_message text not null, network_code text not null,
    card_type text not null, card_type_name text not null, masked text not null, cvv_result text not null,
    order_number text not null, descriptor text not null, merchant text not null,
    approval_code text not null, host_reference text not null, network_transaction text not null,
    created_ms integer not null, expires_ms integer not null,
    check (captured + authorized_open <= amount and refunded <= captured)) strict;

  create table if not exists operation (
    seq integer primary key, id text not null, kind text not null check (kind in ('sale', 'capture', 'refund')),
    payment_id text not null references payment (id), request_id text not null,
    currency text not null, amount integer not null, status text not null check (status in ('CLOSED', 'DENIED')),
    response_code text not null, response_message text not null, order_number text not null,
    interchange integer not null, assessment integer not null, processing integer not null,
    created_ms integer not null, batch_id text, unique (kind, id), unique (kind, request_id)) strict;
  create index if not exists operation_by_payment on operation (payment_id, seq);
  create index if not exists operation_by_batch on operation (batch_id) where batch_id is not null;
  create index if not exists operation_open on operation (created_ms) where batch_id is null and status = 'CLOSED';

  create table if not exists answer (
    kind text not null, request_id text not null, body text not null, primary key (kind, request_id)) strict;

  create table if not exists batch (
    seq integer primary key, id text not null unique, day text not null, currency text not null, net integer not null,
    effective_ms integer not null, pay integer, paid_ms integer, next_try_ms integer, attempts integer not null default 0,
    unique (day, currency)) strict;
  create index if not exists batch_unpaid on batch (next_try_ms) where next_try_ms is not null;
  create table if not exists short_payment (
    id integer primary key, currency text not null, amount integer not null, batch_id text) strict;
  create table if not exists report (day text primary key, name text not null, content text not null) strict;
  create table if not exists closing (only integer primary key check (only = 1), closed_through_ms integer not null) strict;

  create table if not exists notification (
    seq integer primary key, body text not null, due_ms integer, attempts integer not null default 0,
    outcome text not null check (outcome in ('waiting', 'delivered', 'given_up', 'dropped'))) strict;
  create index if not exists notification_due on notification (due_ms) where due_ms is not null;
`;

export interface PaymentRow {
  readonly id: string;
  readonly request_id: string;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly capture_method: 'NOW' | 'MANUAL';
  readonly state: 'AUTHORIZED' | 'CLOSED' | 'VOIDED' | 'DECLINED';
  readonly authorized_open: bigint;
  readonly captured: bigint;
  readonly refunded: bigint;
  readonly response_code: string;
  readonly response_message: string;
  readonly host_message: string;
  readonly network_code: string;
  readonly card_type: string;
  readonly card_type_name: string;
  readonly masked: string;
  readonly cvv_result: string;
  readonly order_number: string;
  readonly descriptor: string;
  /** The merchant object of the request, as JSON: echoed in answers. */
  readonly merchant: string;
  readonly approval_code: string;
  readonly host_reference: string;
  readonly network_transaction: string;
  readonly created_ms: bigint;
  readonly expires_ms: bigint;
}

export type OperationKind = 'sale' | 'capture' | 'refund';

export interface OperationRow {
  readonly seq: bigint;
  readonly id: string;
  readonly kind: OperationKind;
  readonly payment_id: string;
  readonly request_id: string;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly status: 'CLOSED' | 'DENIED';
  readonly response_code: string;
  readonly response_message: string;
  readonly order_number: string;
  readonly interchange: bigint;
  readonly assessment: bigint;
  readonly processing: bigint;
  readonly created_ms: bigint;
  readonly batch_id: string | null;
}

export interface BatchRow {
  readonly seq: bigint;
  /** Fund transfer identifier: eleven digits. */
  readonly id: string;
  readonly day: string;
  readonly currency: Currency;
  readonly net: bigint;
  readonly effective_ms: bigint;
  /** What the bank was told to move; fixed before it is told. */
  readonly pay: bigint | null;
  readonly paid_ms: bigint | null;
  readonly next_try_ms: bigint | null;
  readonly attempts: bigint;
}
