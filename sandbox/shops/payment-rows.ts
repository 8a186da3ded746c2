/** Reading and writing payments and their refunds; amounts and times stay what they were when written. */

import { instant } from '../../src/base/clock.ts';
import type { Currency } from '../../src/base/currency.ts';
import { uuidV7Hex } from '../../src/base/ids.ts';
import type { Money } from '../../src/base/money.ts';
import type { Acquirer } from './acquirer.ts';
import type { PaymentRow, RefundRow, Scenario } from './schema.ts';
import type { Shops } from './shops.ts';

export interface NewPayment {
  readonly merchantId: string;
  readonly paymentRequestId: string;
  readonly scenario: Scenario;
  readonly state: 'shown' | 'waiting';
  readonly request: object | null;
  readonly description: string;
  readonly orderReference: string;
  readonly amount: Money;
  readonly settlementCurrency: Currency;
  readonly code: string | null;
  readonly expiresMs: number;
  readonly dueMs: number;
}

export function insertPayment({ store, time }: Shops, { acquirerId }: Acquirer, payment: NewPayment): PaymentRow {
  const id = uuidV7Hex();
  const { amount, request } = payment;
  const insert = `
    insert into payment (id, acquirer_id, merchant_id, payment_request_id, scenario, state, result_code, result_message, request,
      order_reference, description, currency, amount, settlement_currency, code, expires_ms, created_ms, due_ms)
    values (?, ?, ?, ?, ?, ?, 'PAYMENT_IN_PROCESS', 'nobody has paid yet', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  store.run(
    insert,
    ...[id, acquirerId, payment.merchantId, payment.paymentRequestId, payment.scenario, payment.state],
    ...[request === null ? null : JSON.stringify(request), payment.orderReference, payment.description],
    ...[amount.currency, amount.amount, payment.settlementCurrency, payment.code],
    ...[payment.expiresMs, time.nowMs(), payment.dueMs],
  );
  return mustFind({ store }, id);
}

export function mustFind({ store }: Pick<Shops, 'store'>, id: string): PaymentRow {
  const row = store.first<PaymentRow>('select * from payment where id = ?', id);
  if (row === null) throw new Error(`there is no payment ${id}`);
  return row;
}

export const findByRequest = ({ store }: Shops, { acquirerId }: Acquirer, requestId: string): PaymentRow | null =>
  store.first<PaymentRow>(
    'select * from payment where acquirer_id = ? and payment_request_id = ?',
    acquirerId,
    requestId,
  );

/** By a code of the acquirer's own. */
export const findByCode = ({ store }: Shops, { acquirerId }: Acquirer, code: string): PaymentRow | null =>
  store.first<PaymentRow>(
    `select * from payment where acquirer_id = ? and code = ? and scenario = 'private_code'`,
    acquirerId,
    code,
  );

/** By its own id, its request id or the hub's id. */
export const findPayment = ({ store }: Shops, { acquirerId }: Acquirer, reference: string): PaymentRow | null =>
  store.first<PaymentRow>(
    'select * from payment where acquirer_id = ?1 and (id = ?2 or payment_request_id = ?2 or hub_payment_id = ?2)',
    acquirerId,
    reference,
  );

export const refundsOf = ({ store }: Shops, { id }: PaymentRow): readonly RefundRow[] =>
  store.all<RefundRow>('select * from refund where payment_id = ? order by seq', id);

/** What was refunded or is being refunded of a payment, in its currency. */
export const refundedOf = ({ store }: Shops, { id }: PaymentRow): bigint =>
  store.first<{ sum: bigint }>(
    `select coalesce(sum(amount), 0) as sum from refund where payment_id = ? and state <> 'refused'`,
    id,
  )?.sum ?? 0n;

/** A payment as tests and stories see it. */
export const shownPayment = (row: PaymentRow) => ({
  kind: 'payment',
  id: row.id,
  acquirerId: row.acquirer_id,
  merchantId: row.merchant_id,
  paymentRequestId: row.payment_request_id,
  paymentId: row.hub_payment_id,
  scenario: row.scenario,
  state: row.state,
  resultCode: row.result_code,
  resultMessage: row.result_message,
  amount: { currency: row.currency, value: row.amount },
  settlementAmount: row.settlement === null ? null : { currency: row.settlement_currency, value: row.settlement },
  settlementQuote: row.quote === null ? null : (JSON.parse(row.quote) as unknown),
  pspId: row.psp_id,
  walletBrandName: row.wallet,
  customerId: row.customer_id,
  codeValue: row.code,
  paymentUrl: row.pay_url,
  orderReference: row.order_reference,
  inquiries: row.asked,
  createdAt: instant(Number(row.created_ms)),
  paidAt: row.paid_ms === null ? null : instant(Number(row.paid_ms)),
});

export const shownRefund = (row: RefundRow) => ({
  kind: 'refund',
  id: row.id,
  acquirerId: row.acquirer_id,
  paymentOf: row.payment_id,
  refundRequestId: row.refund_request_id,
  refundId: row.hub_refund_id,
  state: row.state,
  resultCode: row.result_code,
  resultMessage: row.result_message,
  amount: row.amount,
  settlementAmount: row.settlement,
  createdAt: instant(Number(row.created_ms)),
  refundedAt: row.refunded_ms === null ? null : instant(Number(row.refunded_ms)),
});
