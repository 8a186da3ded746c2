/**
 * The bank's tables and their rows. Amounts are minor units and positive, the direction says which way; instants are
 * business milliseconds since 1970. An account is a number and a currency; it may be overdrawn.
 * Invariants: a line never changes; no line is added to a day whose statement is out.
 */
import type { Currency } from '../../src/base/currency.ts';

export const BANK_SCHEMA = `
  create table if not exists account (
    number text not null, currency text not null, stated_through_ms integer not null, primary key (number, currency)) strict;
  create table if not exists line (
    seq integer primary key, account text not null, currency text not null,
    direction text not null check (direction in ('credit', 'debit')), amount integer not null check (amount > 0),
    kind text not null check (kind in ('transfer', 'file', 'return', 'deposit')),
    day text not null, booked_ms integer not null, bank_reference text not null unique,
    end_to_end_id text, instruction_id text, clearing_reference text, payment_information_id text, transactions integer,
    return_reason text, return_text text, counterparty text, text text not null) strict;
  create index if not exists line_by_day on line (account, currency, day, seq);
  create table if not exists interbank (
    end_to_end_id text primary key, direction text not null, account text not null, currency text not null,
    amount integer not null) strict;

  create table if not exists file (
    name text primary key, receipt text not null unique, content text not null, reference text not null,
    total integer not null, entries integer not null, due_ms integer, booked_on text) strict;
  create index if not exists file_due on file (due_ms) where due_ms is not null;
  create table if not exists returned_entry (
    seq integer primary key, file_name text not null references file (name), entry text not null, reason text not null,
    due_ms integer, returned_on text) strict;
  create index if not exists returned_entry_due on returned_entry (due_ms) where due_ms is not null;
  create table if not exists return_file (day text primary key, name text not null, content text not null) strict;

  create table if not exists statement (
    account text not null, currency text not null, day text not null, number integer not null, closing integer not null,
    name text not null, content text not null, primary key (account, currency, day)) strict;
`;

export interface LineRow {
  readonly seq: bigint;
  readonly account: string;
  readonly currency: Currency;
  readonly direction: 'credit' | 'debit';
  readonly amount: bigint;
  readonly kind: 'transfer' | 'file' | 'return' | 'deposit';
  readonly day: string;
  readonly booked_ms: bigint;
  readonly bank_reference: string;
  readonly end_to_end_id: string | null;
  readonly instruction_id: string | null;
  readonly clearing_reference: string | null;
  readonly payment_information_id: string | null;
  readonly transactions: bigint | null;
  readonly return_reason: string | null;
  readonly return_text: string | null;
  readonly counterparty: string | null;
  readonly text: string;
}

export interface FileRow {
  readonly name: string;
  readonly receipt: string;
  readonly content: string;
  readonly reference: string;
  readonly total: bigint;
  readonly entries: bigint;
  readonly due_ms: bigint | null;
  readonly booked_on: string | null;
}
