/** What the acquirer believes, for the auditor: computed from the operations themselves, not from the reports. */

import { instant } from '../../src/base/clock.ts';
import type { Currency } from '../../src/base/currency.ts';
import { json, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { NET } from './daily-close.ts';
import type { BatchRow, OperationRow, PaymentRow } from './schema.ts';

interface Sums {
  readonly currency: Currency;
  readonly sales: bigint;
  readonly salesCount: bigint;
  readonly refunds: bigint;
  readonly refundsCount: bigint;
  readonly interchange: bigint;
  readonly schemeFees: bigint;
  readonly processingFees: bigint;
  readonly unsettledNet: bigint;
  readonly unsettledGross: bigint;
}

const SUMS = `
  select currency,
    sum(case when kind = 'refund' then 0 else amount end) as sales, sum(kind <> 'refund') as salesCount,
    sum(case when kind = 'refund' then amount else 0 end) as refunds, sum(kind = 'refund') as refundsCount,
    sum(interchange) as interchange, sum(assessment) as schemeFees, sum(processing) as processingFees,
    sum(case when batch_id is null then ${NET} else 0 end) as unsettledNet,
    sum(case when batch_id is not null then 0 when kind = 'refund' then -amount else amount end) as unsettledGross
  from operation where status = 'CLOSED' group by currency order by currency`;

const NO_SUMS = {
  sales: 0n,
  salesCount: 0n,
  refunds: 0n,
  refundsCount: 0n,
  interchange: 0n,
  schemeFees: 0n,
  processingFees: 0n,
  unsettledNet: 0n,
  unsettledGross: 0n,
} as const;

/** GET /_sandbox/totals */
export function totals({ store, time }: Acquirer): Reply {
  const sums = store.all<Sums>(SUMS);
  const batches = store.all<BatchRow>('select * from batch order by seq');
  const open = store.all<{ currency: Currency; open: bigint }>(
    'select currency, sum(authorized_open) as open from payment where authorized_open > 0 and expires_ms > ? group by currency',
    time.nowMs(),
  );
  const currencies = [...new Set([...sums, ...open].map((row) => row.currency))].sort();
  const lines = currencies.map((currency) => {
    const own = batches.filter((batch) => batch.currency === currency);
    return {
      ...(sums.find((row) => row.currency === currency) ?? NO_SUMS),
      currency,
      batches: own.map(shownBatch),
      settledNet: own.reduce((sum, batch) => sum + batch.net, 0n),
      authorizedOpen: open.find((row) => row.currency === currency)?.open ?? 0n,
    };
  });
  return json(200, { currencies: lines });
}

/** GET /_sandbox/transactions?reference= : what is known under a request id; without it, the latest 1,000 of each. */
export function transactions({ store }: Acquirer, request: Request): Reply {
  const reference = request.query.get('reference');
  const where = reference === null ? 'order by rowid desc limit 1000' : 'where request_id = ? order by rowid';
  const values = reference === null ? [] : [reference];
  const payments = store.all<PaymentRow>(`select * from payment ${where}`, ...values);
  const operations = store.all<OperationRow>(`select * from operation ${where}`, ...values);
  return json(200, { transactions: [...payments.map(shownPayment), ...operations.map(shownOperation)] });
}

const shownBatch = (batch: BatchRow) => ({
  id: batch.id,
  day: batch.day,
  net: batch.net,
  paid: batch.paid_ms === null ? 0n : (batch.pay ?? 0n),
});

const shownPayment = (payment: PaymentRow) => ({
  kind: 'payment',
  id: payment.id,
  paymentId: payment.id,
  reference: payment.request_id,
  amount: payment.amount,
  currency: payment.currency,
  state: payment.state,
  responseCode: payment.response_code,
  captured: payment.captured,
  refunded: payment.refunded,
  authorizedOpen: payment.authorized_open,
  createdAt: instant(Number(payment.created_ms)),
});

const shownOperation = (operation: OperationRow) => ({
  kind: operation.kind,
  id: operation.id,
  paymentId: operation.payment_id,
  reference: operation.request_id,
  amount: operation.amount,
  currency: operation.currency,
  state: operation.status,
  responseCode: operation.response_code,
  batch: operation.batch_id,
  createdAt: instant(Number(operation.created_ms)),
});
