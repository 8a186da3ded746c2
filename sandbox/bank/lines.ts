/**
 * Booking. Every movement on an account is one line with a reference of its own. The banking day ends at 23:30Z, when the
 * statement is issued: what comes later belongs to the next day.
 */
import { MS_PER_DAY } from '../../src/base/clock.ts';
import type { Currency } from '../../src/base/currency.ts';
import type { Store } from '../base/store.ts';
import { dayOfMs, nextDaily, timeOfDay } from '../base/working-days.ts';
import type { LineRow } from './schema.ts';

export const STATEMENT_AT = timeOfDay(23, 30);
export const BOOK_AT = timeOfDay(14);

/** What a line says beyond its money. ISO 20022 lengths: at most 35 for references, 140 for text. */
export interface LineFacts {
  readonly endToEndId?: string;
  readonly instructionId?: string;
  readonly clearingReference?: string;
  readonly paymentInformationId?: string;
  readonly transactions?: number;
  readonly returnReason?: string;
  readonly returnText?: string;
  readonly counterparty?: string;
  readonly text: string;
}

export interface NewLine extends LineFacts {
  readonly account: string;
  readonly currency: Currency;
  readonly direction: 'credit' | 'debit';
  /** Positive minor units. */
  readonly amount: bigint;
  readonly kind: LineRow['kind'];
}

/** Books a line at a business instant; opens the account in that currency if it has none. Returns the line's reference. */
export function bookLine(store: Store, bookedMs: number, line: NewLine): string {
  openAccount(store, line.account, line.currency, bookedMs);
  const day = dayOfMs(nextDaily(bookedMs, STATEMENT_AT));
  const last = store.first<{ last: bigint | null }>('select max(seq) as last from line')?.last ?? 0n;
  const reference = `SB${day.replaceAll('-', '')}${String(last + 1n).padStart(10, '0')}`;
  store.run(
    `insert into line (account, currency, direction, amount, kind, day, booked_ms, bank_reference, end_to_end_id,
       instruction_id, clearing_reference, payment_information_id, transactions, return_reason, return_text, counterparty,
       text) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[line.account, line.currency, line.direction, line.amount, line.kind, day, bookedMs, reference],
    ...[line.endToEndId ?? null, line.instructionId ?? null, line.clearingReference ?? null],
    ...[line.paymentInformationId ?? null, line.transactions ?? null, line.returnReason ?? null],
    ...[line.returnText ?? null, line.counterparty ?? null, line.text],
  );
  return reference;
}

/** Opens an account at a business instant; its first statement is that of the banking day then running. */
export function openAccount(store: Store, number: string, currency: Currency, nowMs: number): void {
  const lastStatement = nextDaily(nowMs, STATEMENT_AT) - MS_PER_DAY;
  store.run('insert into account values (?, ?, ?) on conflict do nothing', number, currency, lastStatement);
}
