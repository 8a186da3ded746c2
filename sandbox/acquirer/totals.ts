/** What the acquirer believes, for the auditor: computed from the operations themselves, not from the reports. */

import { instant } from '../../src/base/clock.ts';
import type { Currency } from '../../src/base/currency.ts';
import { json, problem, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import type { DisputeRow, MovementRow } from './dispute.ts';
import { movementsOf } from './dispute-rows.ts';
import * as rows from './payment-rows.ts';
import type { BatchRow, ChangeRow, OperationRow, PaymentRow, VerificationRow } from './rows.ts';

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

/** What an operation adds to what the merchant gets, fees taken off. */
const NET = `case kind when 'refund' then -amount else amount end - interchange - assessment - processing`;

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

interface DisputeSums {
  readonly currency: Currency;
  readonly disputeDebits: bigint;
  readonly disputeCredits: bigint;
  readonly disputeFees: bigint;
  readonly unsettledDisputes: bigint;
}

const DISPUTE_SUMS = `
  select currency,
    sum(case kind when 'DEBIT' then amount else 0 end) as disputeDebits,
    sum(case kind when 'CREDIT' then amount else 0 end) as disputeCredits,
    sum(case kind when 'FEE' then amount else 0 end) as disputeFees,
    sum(case when batch_id is not null then 0 when kind = 'CREDIT' then amount else -amount end) as unsettledDisputes
  from dispute_movement group by currency`;

const NO_DISPUTES = { disputeDebits: 0n, disputeCredits: 0n, disputeFees: 0n, unsettledDisputes: 0n } as const;

/**
 * GET /_sandbox/totals. Sums are in the currency of the payments; `batches` and `settledNet` in that of settlement, which
 * is another one when the account converts. `unsettledNet` is of operations, `unsettledDisputes` of dispute movements.
 */
export function totals({ store, time }: Acquirer): Reply {
  const sums = store.all<Sums>(SUMS);
  const disputes = store.all<DisputeSums>(DISPUTE_SUMS);
  const batches = store.all<BatchRow>('select * from batch order by seq');
  const open = store.all<{ currency: Currency; open: bigint }>(
    'select currency, sum(authorized_open) as open from payment where authorized_open > 0 and expires_ms > ? group by currency',
    time.nowMs(),
  );
  const currencies = [...new Set([...sums, ...open, ...disputes, ...batches].map((row) => row.currency))].sort();
  const lines = currencies.map((currency) => {
    const own = batches.filter((batch) => batch.currency === currency);
    return {
      ...(sums.find((row) => row.currency === currency) ?? NO_SUMS),
      ...(disputes.find((row) => row.currency === currency) ?? NO_DISPUTES),
      currency,
      batches: own.map(shownBatch),
      settledNet: own.reduce((sum, batch) => sum + batch.net, 0n),
      authorizedOpen: open.find((row) => row.currency === currency)?.open ?? 0n,
    };
  });
  return json(200, { currencies: lines });
}

const PAGE = 1_000;

/**
 * GET /_sandbox/transactions?reference= : what is known under a request id. With `after` instead, the whole book in pages of
 * the order of writing: `next` goes back as `after` until it is null. Without either, the latest 1,000 of each kind.
 */
export function transactions({ store }: Acquirer, request: Request): Reply {
  const reference = request.query.get('reference');
  const page = pageOf(store, request, ['payment', 'operation', 'change', 'verification']);
  if (page === 'invalid') return problem(422, 'invalid_page', 'after must be a whole number');
  const chosen = reference === null ? page : { where: 'where request_id = ? order by rowid', values: [reference] };
  const of = <Row>(table: string): Row[] => store.all<Row>(`select * from ${table} ${chosen.where}`, ...chosen.values);
  return json(200, {
    transactions: [
      ...of<PaymentRow>('payment').map(shownPayment),
      ...of<OperationRow>('operation').map(shownOperation),
      ...of<ChangeRow>('change').map((change) => shownChange(change, rows.mustFind(store, change.payment_id))),
      ...of<VerificationRow>('verification').map(shownVerification),
    ],
    ...nextOf(chosen),
  });
}

/** GET /_sandbox/disputes: every dispute with its movements, the latest 1,000; with `after`, all of them in pages. */
export function disputes({ store }: Acquirer, request: Request): Reply {
  const page = pageOf(store, request, ['dispute']);
  if (page === 'invalid') return problem(422, 'invalid_page', 'after must be a whole number');
  const all = store.all<DisputeRow>(`select * from dispute ${page.where}`, ...page.values);
  return json(200, {
    disputes: all.map((dispute) => shownDispute(dispute, movementsOf(store, dispute.id))),
    ...nextOf(page),
  });
}

interface Chosen {
  readonly where: string;
  readonly values: readonly (string | number)[];
  /** Where the next page begins; null on the last one, absent when nobody asked for pages. */
  readonly next?: number | null;
}

/** Rows are never deleted: their numbers have no end but the last. */
function pageOf(store: Acquirer['store'], request: Request, tables: readonly string[]): Chosen | 'invalid' {
  const asked = request.query.get('after');
  if (asked === null) return { where: `order by rowid desc limit ${PAGE}`, values: [] };
  if (!/^\d{1,12}$/.test(asked)) return 'invalid';
  const after = Number(asked);
  const last = (table: string): number =>
    Number(store.first<{ last: bigint | null }>(`select max(rowid) as last from ${table}`)?.last ?? 0n);
  const isLast = tables.every((table) => last(table) <= after + PAGE);
  const where = 'where rowid > ? and rowid <= ? order by rowid';
  return { where, values: [after, after + PAGE], next: isLast ? null : after + PAGE };
}

const nextOf = ({ next }: Chosen) => (next === undefined ? {} : { next });

const shownBatch = (batch: BatchRow) => ({
  id: batch.id,
  day: batch.day,
  kind: batch.kind,
  net: batch.net,
  paid: batch.paid_ms === null ? 0n : (batch.pay ?? 0n),
});

const shownPayment = (payment: PaymentRow) => ({
  kind: 'payment',
  id: payment.id,
  paymentId: payment.id,
  reference: payment.request_id,
  amount: payment.first_amount ?? payment.amount,
  authorized: payment.amount,
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

/** `state` is never CLOSED: a change moves no money. A capture-and-reverse has an operation of its own beside it. */
const shownChange = (change: ChangeRow, payment: PaymentRow) => ({
  kind: change.kind,
  id: change.request_id,
  paymentId: change.payment_id,
  reference: change.request_id,
  amount: change.amount,
  currency: payment.currency,
  state: change.status,
  responseCode: change.response_code,
  createdAt: instant(Number(change.created_ms)),
});

const shownVerification = (verification: VerificationRow) => ({
  kind: 'verification',
  id: verification.id,
  reference: verification.request_id,
  amount: 0n,
  currency: verification.currency,
  state: verification.approved === 1n ? 'APPROVED' : 'DENIED',
  responseCode: verification.response_code,
  createdAt: instant(Number(verification.created_ms)),
});

const shownDispute = (dispute: DisputeRow, movements: readonly MovementRow[]) => ({
  id: dispute.id,
  paymentId: dispute.payment_id,
  type: dispute.type,
  status: dispute.status,
  outcome: dispute.outcome,
  amount: dispute.amount,
  currency: dispute.currency,
  debited: dispute.debited,
  dueAt: dispute.due_ms === null ? null : instant(Number(dispute.due_ms)),
  movements: movements.map(({ type, kind, amount, batch_id: batch, created_ms: at }) => ({
    type,
    kind,
    amount,
    batch,
    createdAt: instant(Number(at)),
  })),
});
