/** Reading and writing of payments and their operations: all SQL that moves an amount is here. */
import { assert } from '../../src/base/assert.ts';
import { money } from '../../src/base/money.ts';
import { randomBytes, randomSecret } from '../../src/base/random.ts';
import type { Store } from '../base/store.ts';
import { feesOf, NO_FEES } from './fees.ts';
import type { ChangeKind, ChangeRow, OperationKind, OperationRow, PaymentRow } from './rows.ts';

export const paymentById = (store: Store, id: string): PaymentRow | null =>
  store.first<PaymentRow>('select * from payment where id = ?', id);

/** A payment that was just written or is referred to: it cannot be missing. */
export function mustFind(store: Store, id: string): PaymentRow {
  const payment = paymentById(store, id);
  assert(payment !== null, 'a payment that is referred to exists');
  return payment;
}

export const paymentByRequest = (store: Store, requestId: string): PaymentRow | null =>
  store.first<PaymentRow>('select * from payment where request_id = ?', requestId);

export const operationsOf = (store: Store, paymentId: string): OperationRow[] =>
  store.all<OperationRow>('select * from operation where payment_id = ? order by seq', paymentId);

export const operationByRequest = (store: Store, kind: OperationKind, requestId: string): OperationRow | null =>
  store.first<OperationRow>('select * from operation where kind = ? and request_id = ?', kind, requestId);

export const operationById = (store: Store, kind: OperationKind, id: string): OperationRow | null =>
  store.first<OperationRow>('select * from operation where kind = ? and id = ?', kind, id);

export const changesOf = (store: Store, paymentId: string): ChangeRow[] =>
  store.all<ChangeRow>('select * from change where payment_id = ? order by seq', paymentId);

export const changeByRequest = (store: Store, requestId: string): ChangeRow | null =>
  store.first<ChangeRow>('select * from change where request_id = ?', requestId);

export const insertPayment = (store: Store, row: Omit<PaymentRow, 'captured' | 'refunded'>): void =>
  insertRow(store, 'payment', row);

export function insertRow(
  store: Store,
  table: 'payment' | 'verification' | 'authentication' | 'dispute',
  row: Readonly<Record<string, bigint | string | null>>,
): void {
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  store.run(`insert into ${table} (${columns.join(', ')}) values (${marks})`, ...Object.values(row));
}

export interface NewOperation {
  readonly id: string;
  readonly kind: OperationKind;
  readonly requestId: string;
  readonly amount: bigint;
  readonly orderNumber: string;
  readonly atMs: number;
  readonly outcome: { readonly status: 'CLOSED' | 'DENIED'; readonly code: string; readonly message: string };
  /** The capture that a refund names. */
  readonly captureId?: string;
}

/** Writes an operation with its fees; a denied one costs nothing and never enters a batch. */
export function insertOperation(store: Store, payment: PaymentRow, operation: NewOperation): OperationRow {
  const { id, kind, requestId, amount, atMs, outcome } = operation;
  const fees = outcome.status === 'DENIED' ? NO_FEES : feesOf(kind, money(amount, payment.currency));
  store.run(
    `insert into operation (id, kind, payment_id, request_id, currency, amount, status, response_code, response_message,
       order_number, interchange, assessment, processing, created_ms, capture_id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[id, kind, payment.id, requestId, payment.currency, amount, outcome.status, outcome.code, outcome.message],
    ...[operation.orderNumber, fees.interchange, fees.assessment, fees.processing, atMs],
    operation.captureId ?? null,
  );
  const row = operationByRequest(store, kind, requestId);
  if (row === null) throw new Error('the operation just written is gone');
  return row;
}

export interface NewChange {
  readonly kind: ChangeKind;
  readonly requestId: string;
  readonly amount: bigint;
  readonly atMs: number;
  readonly denied: { readonly code: string; readonly message: string } | null;
}

/** Keeps what a PATCH asked and how it was answered. */
export function insertChange(store: Store, payment: PaymentRow, change: NewChange): ChangeRow {
  const { kind, requestId, amount, atMs, denied } = change;
  const words = denied ?? { code: 'APPROVED', message: 'Transaction approved by Issuer' };
  store.run(
    `insert into change (kind, payment_id, request_id, amount, status, response_code, response_message, created_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[kind, payment.id, requestId, amount, denied === null ? 'APPROVED' : 'DENIED', words.code, words.message, atMs],
  );
  const row = changeByRequest(store, requestId);
  assert(row !== null, 'the change just written is there');
  return row;
}

/** `tst` and three digits, as the test environment gives out. */
export const approvalCode = (): string => `tst${String(100 + (randomBytes(2).readUInt16BE(0) % 900))}`;

/** 22 characters, as the host's references are. */
export const hostReference = (): string => randomSecret(16).replaceAll('-', 'x').replaceAll('_', 'y');

/** 15 digits, as the schemes number transactions; with a 4 in front none of them is ever a card number. */
export const networkTransaction = (): string =>
  `4${String(randomBytes(6).readUIntBE(0, 6) % 10 ** 14).padStart(14, '0')}`;
