/** A payment as it is answered, inquired and notified: one form for all, so that no two ways tell two truths. */
import { instant } from '../../src/base/clock.ts';
import { money } from '../../src/base/money.ts';
import { timeText } from '../base/alipay-time.ts';
import { amountPart } from '../base/message-fields.ts';
import { type ResultPart, SUCCESS } from '../base/message-result.ts';
import { failed, IN_PROCESS } from './messages.ts';
import type { Content } from './payment-facts.ts';
import type { PaymentRow } from './schema.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

export const contentOf = ({ content }: PaymentRow): Content => JSON.parse(content) as Content;

/** What became of the payment. */
export function resultOf({ state, result_code, result_message }: PaymentRow): ResultPart {
  switch (state) {
    case 'waiting':
      return IN_PROCESS;
    case 'paid':
      return SUCCESS;
    case 'failed':
    case 'closed':
      return { ...failed('PROCESS_FAIL'), resultCode: result_code, resultMessage: result_message };
  }
}

/** Without any result: each answer has its own. */
export function paymentPart(wallets: Wallets, wallet: Wallet, payment: PaymentRow): Record<string, unknown> {
  const { paymentPromoInfo } = contentOf(payment);
  return {
    acquirerId: payment.acquirer_id ?? undefined,
    pspId: wallet.pspId,
    paymentRequestId: payment.payment_request_id,
    paymentId: payment.id,
    paymentAmount: amountPart(money(payment.payment_amount, payment.payment_currency)),
    payToAmount: amountPart(money(payment.pay_to, wallet.currency)),
    paymentTime: payment.paid_ms === null ? undefined : timeText(Number(payment.paid_ms)),
    customerId: customerOf(wallets, payment),
    walletBrandName: wallet.brandCode,
    paymentPromoInfo: paymentPromoInfo ?? undefined,
    limit: payment.limit_hit === null ? undefined : (JSON.parse(payment.limit_hit) as object),
    paymentUrl: payment.state === 'waiting' && payment.account === null ? paymentUrl(wallets, payment) : undefined,
  };
}

/** Where the person goes on; the account is chosen there. */
export const paymentUrl = ({ settings }: Wallets, { wallet_id, id }: PaymentRow): string =>
  `${settings.publicUrl}/phone/${wallet_id}/pay/${id}`;

function customerOf({ store }: Wallets, { wallet_id, account }: PaymentRow): string | undefined {
  const find = 'select customer_id from account where wallet_id = ? and account = ?';
  return store.first<{ customer_id: string }>(find, wallet_id, account)?.customer_id;
}

/** For admins and auditors. */
export const shownPayment = (payment: PaymentRow): Record<string, unknown> => ({
  kind: 'payment',
  walletId: payment.wallet_id,
  account: payment.account,
  paymentId: payment.id,
  paymentRequestId: payment.payment_request_id,
  acquirerId: payment.acquirer_id,
  state: payment.state,
  resultCode: resultOf(payment).resultCode,
  paymentAmount: amountPart(money(payment.payment_amount, payment.payment_currency)),
  payTo: payment.pay_to,
  charge: payment.charge,
  fee: payment.fee,
  refunded: payment.refunded,
  refundedFrom: payment.refunded_from,
  credited: payment.credited,
  createdAt: instant(Number(payment.created_ms)),
  paidAt: payment.paid_ms === null ? null : instant(Number(payment.paid_ms)),
});
