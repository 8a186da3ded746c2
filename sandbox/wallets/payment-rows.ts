/** All SQL of payments, and the ends they come to. Call what changes inside a transaction. */
import { uuidV7Hex } from '../../src/base/ids.ts';
import { type Fields, textOf } from '../base/message-fields.ts';
import { move } from './accounts.ts';
import { REFUSALS, type RefusalCode } from './messages.ts';
import { announceEnd } from './notifications.ts';
import type { PaymentFacts } from './payment-facts.ts';
import type { PaymentRow } from './schema.ts';
import type { Wallets } from './wallets.ts';

const WAIT_MS = 10 * 60_000;

export interface Refused {
  readonly code: RefusalCode;
  readonly message?: string;
  /** The limit that it hit, as it is answered. */
  readonly limit?: object;
}

export interface NewPayment {
  readonly walletId: string;
  readonly facts: PaymentFacts;
  readonly account: string | null;
  /** Whether its end is notified to the hub. */
  readonly told: boolean;
}

/** A payment that waits; it lapses with its expiry, at the latest after ten minutes. */
export function insertPayment(wallets: Wallets, { walletId, facts, account, told }: NewPayment): PaymentRow {
  const { store, time } = wallets;
  const nowMs = time.nowMs();
  const id = `${uuidV7Hex()}`;
  const insert = `
    insert into payment (id, wallet_id, payment_request_id, fingerprint, state, result_code, result_message, account,
      acquirer_id, content, payment_currency, payment_amount, pay_to, fee, charge, told, expires_ms, created_ms)
    values (?, ?, ?, ?, 'waiting', '', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  const { paymentRequestId, fingerprint, acquirerId, content, paymentAmount, payTo, fee, charge } = facts;
  const due = facts.expiresMs ?? nowMs + WAIT_MS;
  store.run(
    insert,
    ...[id, walletId, paymentRequestId, fingerprint, account, acquirerId, JSON.stringify(content)],
    ...[paymentAmount.currency, paymentAmount.amount, payTo.amount, fee, charge, told ? 1 : 0, due, nowMs],
  );
  return mustFindPayment(wallets, id);
}

/** By the hub's request id or by ours. */
export function findPayment({ store }: Wallets, walletId: string, fields: Fields): PaymentRow | null {
  const requestId = textOf(fields.paymentRequestId);
  if (requestId !== null) return findByRequest(store, walletId, requestId);
  const find = 'select * from payment where wallet_id = ? and id = ?';
  return store.first<PaymentRow>(find, walletId, textOf(fields.paymentId) ?? '');
}

export const findByRequest = (store: Wallets['store'], walletId: string, requestId: string): PaymentRow | null =>
  store.first<PaymentRow>('select * from payment where wallet_id = ? and payment_request_id = ?', walletId, requestId);

/** A cancel that came before its payment keeps the payment away for ever. */
export function wasCanceledBefore({ store }: Wallets, walletId: string, { paymentRequestId }: PaymentFacts): boolean {
  const find = 'select 1 from canceled_before where wallet_id = ? and payment_request_id = ?';
  return store.first(find, walletId, paymentRequestId) !== null;
}

export function mustFindPayment({ store }: Wallets, id: string): PaymentRow {
  const row = store.first<PaymentRow>('select * from payment where id = ?', id);
  if (row === null) throw new Error(`there is no payment ${id}`);
  return row;
}

export function failPayment(wallets: Wallets, { id }: PaymentRow, { code, message, limit }: Refused): PaymentRow {
  wallets.store.run(
    `update payment set state = 'failed', result_code = ?, result_message = ?, limit_hit = ? where id = ? and state = 'waiting'`,
    ...[code, message ?? REFUSALS[code], limit === undefined ? null : JSON.stringify(limit), id],
  );
  return ended(wallets, id);
}

/** Debits the person; whether that is allowed was decided before, in the same transaction. */
export function debitPayment(wallets: Wallets, { id, wallet_id, charge }: PaymentRow, account: string): PaymentRow {
  move(wallets, { walletId: wallet_id, account, kind: 'payment', amount: -charge, paymentId: id });
  wallets.store.run(
    `update payment set state = 'paid', account = ?, paid_ms = ? where id = ? and state = 'waiting'`,
    ...[account, wallets.time.nowMs(), id],
  );
  return ended(wallets, id);
}

function ended(wallets: Wallets, id: string): PaymentRow {
  const payment = mustFindPayment(wallets, id);
  announceEnd(wallets, payment);
  return payment;
}
