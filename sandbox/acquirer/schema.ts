/**
 * The acquirer's tables. Amounts are minor units; instants are business milliseconds since 1970 unless the name says wall.
 * No full card number is ever stored: only its first six and last four digits. Rows are typed in rows.ts.
 * Invariants: captured + authorized_open ≤ amount, refunded ≤ captured; what is in a batch never changes.
 */
const ACCESS = `
  create table if not exists client (id text primary key, public_jwk text not null) strict;
  create table if not exists used_assertion (jti text primary key, expires_wall_ms integer not null) strict;
  create table if not exists access_token (
    token text primary key, client_id text not null, expires_wall_ms integer not null) strict;
  create table if not exists answer (
    kind text not null, request_id text not null, body text not null, status integer not null default 200,
    primary key (kind, request_id)) strict;
  create table if not exists account (
    only integer primary key check (only = 1), funding text not null check (funding in ('net', 'gross')),
    provisional_credit integer not null) strict;`;

// amount is the total authorized now, first_amount what was approved first, requested what was asked for; the latter two
// are null in rows of the first version, where all three were one.
const PAYMENTS = `
  create table if not exists payment (
    id text primary key, request_id text not null unique, currency text not null, amount integer not null,
    first_amount integer, requested integer,
    capture_method text not null, state text not null check (state in ('AUTHORIZED', 'CLOSED', 'VOIDED', 'DECLINED')),
    authorized_open integer not null check (authorized_open >= 0),
    captured integer not null default 0, refunded integer not null default 0,
    response_code text not null, response_message text not null, host_message text not null, network_code text not null,
    card_type text not null, card_type_name text not null, masked text not null, expiry text not null default '2999-12',
    cvv_result text not null, avs_result text not null default 'NOT_REQUESTED',
    order_number text not null, descriptor text not null, merchant text not null,
    credential text not null default '{}', proof text not null default '{}',
    approval_code text not null, host_reference text not null, network_transaction text not null,
    created_ms integer not null, expires_ms integer not null, capture_due_ms integer, replaces text,
    check (captured + authorized_open <= amount and refunded <= captured)) strict;
  create index if not exists payment_by_scheme on payment (network_transaction);
  create index if not exists payment_to_capture on payment (capture_due_ms) where capture_due_ms is not null;

  create table if not exists operation (
    seq integer primary key, id text not null, kind text not null check (kind in ('sale', 'capture', 'refund')),
    payment_id text not null references payment (id), request_id text not null,
    currency text not null, amount integer not null, status text not null check (status in ('CLOSED', 'DENIED')),
    response_code text not null, response_message text not null, order_number text not null, capture_id text,
    interchange integer not null, assessment integer not null, processing integer not null,
    created_ms integer not null, batch_id text, unique (kind, id), unique (kind, request_id)) strict;
  create index if not exists operation_by_payment on operation (payment_id, seq);
  create index if not exists operation_by_batch on operation (batch_id) where batch_id is not null;
  create index if not exists operation_open on operation (created_ms) where batch_id is null and status = 'CLOSED';

  create table if not exists change (
    seq integer primary key, kind text not null, payment_id text not null references payment (id),
    request_id text not null unique, amount integer not null, status text not null check (status in ('APPROVED', 'DENIED')),
    response_code text not null, response_message text not null, created_ms integer not null) strict;
  create index if not exists change_by_payment on change (payment_id, seq);

  create table if not exists verification (
    id text primary key, request_id text not null unique, currency text not null, approved integer not null,
    response_code text not null, response_message text not null, host_message text not null, network_code text not null,
    card_type text not null, card_type_name text not null, masked text not null, cvv_result text not null,
    avs_result text not null, order_number text not null, merchant text not null, credential text not null,
    proof text not null, host_reference text not null, network_transaction text not null, created_ms integer not null) strict;
  create index if not exists verification_by_scheme on verification (network_transaction);

  create table if not exists authentication (
    id text primary key, request_id text not null unique, amount integer not null, currency text not null,
    card_type text not null, masked text not null, return_url text not null, ds_transaction text not null unique,
    status text not null check (status in ('Y', 'A', 'N', 'R', 'U', 'C')), reason text, cryptogram text,
    challenge text unique, wrong_codes integer not null default 0,
    created_ms integer not null, created_wall_ms integer not null) strict;`;

const DISPUTES = `
  create table if not exists dispute (
    id text primary key, payment_id text not null references payment (id), type text not null, status text not null,
    outcome text check (outcome in ('WON', 'LOST')), amount integer not null, currency text not null,
    reason_code text not null, reason_text text not null, debited integer not null default 0 check (debited >= 0),
    created_ms integer not null, updated_ms integer not null, change_seq integer not null unique, due_ms integer) strict;
  create index if not exists dispute_by_payment on dispute (payment_id);
  create index if not exists dispute_due on dispute (due_ms) where due_ms is not null;
  create table if not exists dispute_document (
    seq integer primary key, dispute_id text not null references dispute (id), stage text not null,
    name text not null, content blob not null) strict;
  create table if not exists dispute_movement (
    seq integer primary key, dispute_id text not null references dispute (id), type text not null,
    kind text not null check (kind in ('DEBIT', 'CREDIT', 'FEE')), currency text not null,
    amount integer not null check (amount > 0), created_ms integer not null, batch_id text) strict;
  create index if not exists movement_open on dispute_movement (created_ms) where batch_id is null;`;

const SETTLEMENT = `
  create table if not exists batch (
    seq integer primary key, id text not null unique, day text not null, currency text not null, net integer not null,
    kind text not null default 'deposit' check (kind in ('deposit', 'fees')),
    effective_ms integer not null, pay integer, paid_ms integer, next_try_ms integer, attempts integer not null default 0,
    unique (day, currency, kind)) strict;
  create index if not exists batch_unpaid on batch (next_try_ms) where next_try_ms is not null;
  create table if not exists short_payment (
    id integer primary key, currency text not null, amount integer not null, batch_id text) strict;
  create table if not exists report (
    day text not null, kind text not null default 'settlement-details', name text not null, content text not null,
    issued_ms integer not null default 0, primary key (day, kind)) strict;
  create table if not exists closing (only integer primary key check (only = 1), closed_through_ms integer not null) strict;`;

const NOTIFICATIONS = `
  create table if not exists notification (
    seq integer primary key, body text not null, due_ms integer, attempts integer not null default 0,
    outcome text not null check (outcome in ('waiting', 'held', 'delivered', 'given_up', 'dropped'))) strict;
  create index if not exists notification_due on notification (due_ms) where due_ms is not null;`;

export const ACQUIRER_SCHEMA = [ACCESS, PAYMENTS, DISPUTES, SETTLEMENT, NOTIFICATIONS].join('\n');
