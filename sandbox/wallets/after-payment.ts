/**
 * POST …/inquiryPayment and …/cancelPayment. A cancel gives back everything until half past midnight of the next day; one that comes
 * before its payment is remembered, so that the payment cannot follow.
 */

import { nextDayUtc8 } from '../base/alipay-time.ts';
import { type Fields, textOf } from '../base/message-fields.ts';
import { type Answer, SUCCESS } from '../base/message-result.ts';
import { move } from './accounts.ts';
import { refused } from './messages.ts';
import { paymentPart, resultOf } from './payment-answer.ts';
import { findPayment } from './payment-rows.ts';
import type { PaymentRow } from './schema.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

const CANCEL_UNTIL_MS = 30 * 60_000;

export function inquiryPayment(wallets: Wallets, wallet: Wallet, fields: Fields): Answer {
  const payment = findPayment(wallets, wallet.walletId, fields);
  if (payment === null) return refused('ORDER_NOT_EXIST');
  return { result: SUCCESS, paymentResult: resultOf(payment), ...paymentPart(wallets, wallet, payment) };
}

export function cancelPayment(wallets: Wallets, wallet: Wallet, fields: Fields): Answer {
  const { store, time } = wallets;
  const requestId = textOf(fields.paymentRequestId);
  if (requestId === null && textOf(fields.paymentId) === null)
    return refused('PARAM_ILLEGAL', 'paymentRequestId or paymentId is needed');
  const payment = findPayment(wallets, wallet.walletId, fields);
  if (payment === null) {
    if (requestId !== null)
      store.run('insert or ignore into canceled_before values (?, ?)', wallet.walletId, requestId);
    return refused('ORDER_NOT_EXIST');
  }
  if (payment.state === 'paid') {
    if (payment.refunded_from > 0n) return refused('ORDER_STATUS_INVALID', 'a part is refunded already');
    const lastMs = nextDayUtc8(Number(payment.paid_ms)) + CANCEL_UNTIL_MS;
    if (time.nowMs() > lastMs) return refused('CANCEL_WINDOW_EXCEED');
  }
  if (payment.state === 'paid' || payment.state === 'waiting') close(wallets, payment);
  return {
    result: SUCCESS,
    acquirerId: payment.acquirer_id ?? undefined,
    pspId: wallet.pspId,
    paymentRequestId: payment.payment_request_id,
    paymentId: payment.id,
  };
}

function close(wallets: Wallets, { id, wallet_id, account, state, charge }: PaymentRow): void {
  if (state === 'paid' && account !== null)
    move(wallets, { walletId: wallet_id, account, kind: 'cancel', amount: charge, paymentId: id });
  const { store } = wallets;
  store.run(
    `update payment set state = 'closed', result_code = 'ORDER_IS_CLOSED', result_message = 'it was canceled' where id = ?`,
    id,
  );
  store.run(
    `update notification set due_ms = null, outcome = 'canceled' where payment_id = ? and outcome = 'waiting'`,
    id,
  );
}
