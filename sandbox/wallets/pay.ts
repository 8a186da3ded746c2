/**
 * POST …/pay: the hub asks for a payment. By payment code or token the person is known and charged at once, unless the wallet
 * wants the PIN; by cashier the person has yet to come. The first refusal wins, in the order of docs/sandbox-wallets.md.
 */

import { type Fields, fieldsOf, flagOf, textOf } from '../base/message-fields.ts';
import type { Answer, ResultPart } from '../base/message-result.ts';
import { findAccount } from './accounts.ts';
import { refusalOf } from './may-charge.ts';
import { failed, type RefusalCode, refused } from './messages.ts';
import { paymentPart, resultOf } from './payment-answer.ts';
import { type PaymentFacts, readFacts } from './payment-facts.ts';
import { debitPayment, failPayment, findByRequest, insertPayment, wasCanceledBefore } from './payment-rows.ts';
import type { AccountRow, PaymentRow } from './schema.ts';
import type { Mode, Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

export function pay(wallets: Wallets, wallet: Wallet, fields: Fields): Answer {
  const { store, time } = wallets;
  const facts = readFacts(wallet, fields);
  if (typeof facts === 'string') return refused('PARAM_ILLEGAL', facts);
  const known = findByRequest(store, wallet.walletId, facts.paymentRequestId);
  if (known !== null)
    return known.fingerprint === facts.fingerprint
      ? answerOf(wallets, wallet, known)
      : refused('REPEAT_REQ_INCONSISTENT');
  if (wasCanceledBefore(wallets, wallet.walletId, facts))
    return refused('ORDER_IS_CLOSED', 'it was canceled before it came');
  if (facts.payTo.currency !== wallet.currency)
    return refused('CURRENCY_NOT_SUPPORT', `${wallet.name} pays in ${wallet.currency}`);
  const mode = modeOf(fieldsOf(fields.paymentFactor));
  if (mode === null) return refused('PARAM_ILLEGAL', 'paymentFactor does not say how it is paid');
  if (!wallet.modes.includes(mode)) return refused('BUSINESS_NOT_SUPPORT');
  if (facts.expiresMs !== null && facts.expiresMs <= time.nowMs()) return refused('ORDER_IS_CLOSED', 'it has expired');
  if (mode === 'cashier') {
    const waiting = insertPayment(wallets, { walletId: wallet.walletId, facts, account: null, told: true });
    return answerOf(wallets, wallet, waiting);
  }
  const payer = payerOf(wallets, wallet, { mode, id: textOf(fieldsOf(fields.paymentMethod).paymentMethodId, 128) });
  if ('resultCode' in payer) return { result: payer };
  return answerOf(wallets, wallet, begin(wallets, wallet, facts, payer));
}

export function answerOf(wallets: Wallets, wallet: Wallet, payment: PaymentRow): Answer {
  return { result: resultOf(payment), ...paymentPart(wallets, wallet, payment) };
}

function begin(wallets: Wallets, wallet: Wallet, facts: PaymentFacts, account: AccountRow): PaymentRow {
  const { walletId } = wallet;
  const asks = account.pin_above !== null && facts.charge > account.pin_above;
  const payment = insertPayment(wallets, { walletId, facts, account: account.account, told: asks });
  const use = 'update payment_code set used_by = ? where code = ? and wallet_id = ?';
  wallets.store.run(use, payment.id, codeOf(payment), walletId);
  const refusal = refusalOf(wallets, wallet, { payment, account });
  // The answer says it at once; there is nothing to notify later.
  if (refusal !== null) {
    wallets.store.run('update payment set told = 0 where id = ?', payment.id);
    return failPayment(wallets, payment, refusal);
  }
  return asks ? payment : debitPayment(wallets, payment, account.account);
}

/** The payment code that the request was made with: a part of what makes it repeatable. */
function codeOf({ fingerprint }: PaymentRow): string {
  const { paymentMethodId } = JSON.parse(fingerprint) as { paymentMethodId?: unknown };
  return typeof paymentMethodId === 'string' ? paymentMethodId : '';
}

function modeOf(factor: Fields): Mode | null {
  if (factor.inStorePaymentScenario === 'PaymentCode') return 'userPresented';
  if (flagOf(factor.isAgreementPayment)) return 'autoDebit';
  if (flagOf(factor.isCashierPayment)) return 'cashier';
  return null;
}

interface KeyRow {
  readonly account: string;
  readonly expires_ms: bigint;
  readonly spent: string | bigint | null;
}

/** Whose code or token it is, or why it is nobody's. */
function payerOf(
  wallets: Wallets,
  wallet: Wallet,
  { mode, id }: { readonly mode: Mode; readonly id: string | null },
): AccountRow | ResultPart {
  const byCode = mode === 'userPresented';
  const find = byCode
    ? 'select account, expires_ms, used_by as spent from payment_code where code = ? and wallet_id = ?'
    : 'select account, expires_ms, nullif(canceled, 0) as spent from access_token where token = ? and wallet_id = ?';
  const row = id === null ? null : wallets.store.first<KeyRow>(find, id, wallet.walletId);
  const unknown: RefusalCode = byCode ? 'INVALID_CODE' : 'INVALID_TOKEN';
  if (row === null || row.spent !== null) return failed(unknown);
  if (Number(row.expires_ms) <= wallets.time.nowMs()) return failed(byCode ? 'EXPIRED_CODE' : 'INVALID_TOKEN');
  return findAccount(wallets, wallet, row.account) ?? failed('USER_NOT_EXIST');
}
