/**
 * POST …/refund: gives back a part or all, at the payment's own rate, which the hub has applied. The person gets the same share of
 * the charge, counted over all refunds so far, so that the last one brings exactly the rest.
 */

import { uuidV7Hex } from '../../src/base/ids.ts';
import { canonicalJson } from '../../src/base/json.ts';
import { type Money, money } from '../../src/base/money.ts';
import { timeText } from '../base/alipay-time.ts';
import { amountOf, amountPart, type Fields, textOf } from '../base/message-fields.ts';
import { type Answer, SUCCESS } from '../base/message-result.ts';
import { move } from './accounts.ts';
import { type RefusalCode, refused } from './messages.ts';
import { findPayment } from './payment-rows.ts';
import type { PaymentRow, RefundRow } from './schema.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

const WINDOW_MS = 366 * 86_400_000;

export function refund(wallets: Wallets, wallet: Wallet, fields: Fields): Answer {
  const { store } = wallets;
  const requestId = textOf(fields.refundRequestId);
  const amount = amountOf(fields.refundAmount);
  const from = amountOf(fields.refundFromAmount);
  if (requestId === null) return refused('PARAM_ILLEGAL', 'refundRequestId is needed, up to 64 characters');
  if (amount === null || from === null)
    return refused('PARAM_ILLEGAL', 'refundAmount and refundFromAmount must be {currency, value} above zero');
  if (from.currency === 'IDR' && from.amount % 100n !== 0n)
    return refused('PARAM_ILLEGAL', 'the last two digits of IDR must be 00');
  const payment = findPayment(wallets, wallet.walletId, fields);
  if (payment === null) return refused('ORDER_NOT_EXIST');
  const fingerprint = canonicalJson({ payment: payment.id, amount, from });
  const find = 'select * from refund where wallet_id = ? and refund_request_id = ?';
  const known = store.first<RefundRow>(find, wallet.walletId, requestId);
  if (known !== null)
    return known.fingerprint === fingerprint ? answerOf(wallet, payment, known) : refused('REPEAT_REQ_INCONSISTENT');
  const refusal = mayRefund(wallets, wallet, { payment, amount, from });
  if (refusal !== null) return refused(refusal);
  return answerOf(wallet, payment, book(wallets, { payment, requestId, fingerprint, amount, from }));
}

interface Asked {
  readonly payment: PaymentRow;
  readonly amount: Money;
  readonly from: Money;
}

function mayRefund({ time }: Wallets, wallet: Wallet, { payment, amount, from }: Asked): RefusalCode | null {
  if (payment.state === 'waiting' || payment.state === 'failed') return 'ORDER_UNPAID';
  if (payment.state === 'closed') return 'ORDER_IS_CLOSED';
  if (time.nowMs() > Number(payment.paid_ms) + WINDOW_MS) return 'REFUND_WINDOW_EXCEED';
  if (amount.currency !== payment.payment_currency || from.currency !== wallet.currency) return 'CURRENCY_NOT_SUPPORT';
  const isTooMuch =
    payment.refunded + amount.amount > payment.payment_amount || payment.refunded_from + from.amount > payment.pay_to;
  return isTooMuch ? 'REFUND_AMOUNT_EXCEED' : null;
}

function book(
  wallets: Wallets,
  { payment, requestId, fingerprint, amount, from }: Asked & { requestId: string; fingerprint: string },
): RefundRow {
  const { store, time } = wallets;
  const { wallet_id: walletId, account, pay_to, charge, credited } = payment;
  const returned = payment.refunded_from + from.amount;
  const credit = (2n * charge * returned + pay_to) / (2n * pay_to) - credited;
  const id = uuidV7Hex();
  store.run(
    'insert into refund values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ...[id, walletId, requestId, fingerprint, payment.id, amount.amount, from.amount, credit, time.nowMs()],
  );
  store.run(
    'update payment set refunded = refunded + ?, refunded_from = ?, credited = credited + ? where id = ?',
    ...[amount.amount, returned, credit, payment.id],
  );
  if (account !== null) move(wallets, { walletId, account, kind: 'refund', amount: credit, paymentId: payment.id });
  const row = store.first<RefundRow>('select * from refund where id = ?', id);
  if (row === null) throw new Error(`the refund ${id} was not kept`);
  return row;
}

const answerOf = (wallet: Wallet, payment: PaymentRow, row: RefundRow): Answer => ({
  result: SUCCESS,
  acquirerId: payment.acquirer_id ?? undefined,
  pspId: wallet.pspId,
  refundId: row.id,
  refundTime: timeText(Number(row.created_ms)),
  refundAmount: amountPart(money(row.amount, payment.payment_currency)),
  refundFromAmount: amountPart(money(row.from_amount, wallet.currency)),
});
