/** Reading and writing of payments and their operations: all SQL that moves an amount is here. */
import { money } from '../../src/base/money.ts';
import { randomBytes, randomSecret } from '../../src/base/random.ts';
import type { Store } from '../base/store.ts';
import { feesOf, NO_FEES } from './fees.ts';
import type { OperationKind, OperationRow, PaymentRow } from './schema.ts';

export const paymentById = (store: Store, id: string): PaymentRow | null =>
  store.first<PaymentRow>('select * from payment where id = ?', id);

export const paymentByRequest = (store: Store, requestId: string): PaymentRow | null =>
  store.first<PaymentRow>('select * from payment where request_id = ?', requestId);

export const operationsOf = (store: Store, paymentId: string): OperationRow[] =>
  store.all<OperationRow>('select * from operation where payment_id = ? order by seq', paymentId);

export const operationByRequest = (store: Store, kind: OperationKind, requestId: string): OperationRow | null =>
  store.first<OperationRow>('select * from operation where kind = ? and request_id = ?', kind, requestId);

export const operationById = (store: Store, kind: OperationKind, id: string): OperationRow | null =>
  store.first<OperationRow>('select * from operation where kind = ? and id = ?', kind, id);

export function insertPayment(store: Store, row: Omit<PaymentRow, 'captured' | 'refunded'>): void {
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  store.run(`insert into payment (${columns.join(', ')}) values (${marks})`, ...Object.values(row));
}

export interface NewOperation {
  readonly id: string;
  readonly kind: OperationKind;
  readonly requestId: string;
  readonly amount: bigint;
  readonly orderNumber: string;
  readonly atMs: number;
  readonly outcome: { readonly status: 'CLOSED' | 'DENIED'; readonly code: string; readonly message: string };
}

/** Writes an operation with its fees; a denied one costs nothing and never enters a batch. */
export function insertOperation(store: Store, payment: PaymentRow, operation: NewOperation): OperationRow {
  const { id, kind, requestId, amount, atMs, outcome } = operation;
  const fees = outcome.status === 'DENIED' ? NO_FEES : feesOf(kind, money(amount, payment.currency));
  store.run(
    `insert into operation (id, kind, payment_id, request_id, currency, amount, status, response_code, response_message,
       order_number, interchange, assessment, processing, created_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[id, kind, payment.id, requestId, payment.currency, amount, outcome.status, outcome.code, outcome.message],
    ...[operation.orderNumber, fees.interchange, fees.assessment, fees.processing, atMs],
  );
  const row = operationByRequest(store, kind, requestId);
  if (row === null) throw new Error('the operation just written is gone');
  return row;
}

/** `tst` and three digits, as the test environment gives out. */
export const approvalCode = (): string => `tst${String(100 + (randomBytes(2).readUInt16BE(0) % 900))}`;

/** 22 characters, as the host's references are. */
export const hostReference = (): string => randomSecret(16).replaceAll('-', 'x').replaceAll('_', 'y');

/** 15 digits, as the schemes number transactions. */
export const networkTransaction = (): string => (randomBytes(6).readUIntBE(0, 6) + 10 ** 14).toString().slice(0, 15);
