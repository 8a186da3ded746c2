/** What the wallets believe, for the auditor: computed from payments, refunds and movements themselves. */
import { instant } from '../../src/base/clock.ts';
import { json, problem, type Reply, type Request } from '../base/http-server.ts';
import { shownPayment } from './payment-answer.ts';
import type { PaymentRow, RefundRow } from './schema.ts';
import type { Wallets } from './wallets.ts';

const SUMS = `
  select wallet_id, count(*) filter (where state = 'paid') as paidCount, count(*) filter (where state = 'waiting') as waitingCount,
    count(*) filter (where state = 'failed') as failedCount,
    count(*) filter (where state = 'closed' and paid_ms is not null) as canceledCount,
    coalesce(sum(pay_to) filter (where state = 'paid'), 0) as paid,
    coalesce(sum(pay_to) filter (where state = 'closed' and paid_ms is not null), 0) as canceled,
    coalesce(sum(refunded_from), 0) as refunded,
    coalesce(sum(charge - credited) filter (where state = 'paid'), 0) as charged
  from payment group by wallet_id`;

interface Sums {
  readonly wallet_id: string;
  readonly paid: bigint;
  readonly refunded: bigint;
  readonly [sum: string]: unknown;
}

const NONE = { paidCount: 0n, waitingCount: 0n, failedCount: 0n, canceledCount: 0n, charged: 0n };
const NO_MONEY = { paid: 0n, canceled: 0n, refunded: 0n };

interface Balances {
  readonly wallet_id: string;
  readonly accounts: bigint;
  readonly balance: bigint;
}

const PAGE = 1_000;

/**
 * GET /_sandbox/totals. `owedToHub` is what was paid less what was refunded; `balancesRight` that every balance is the sum of its
 * movements, and that what people were charged is what left their accounts.
 */
export function totals({ store, list }: Wallets): Reply {
  const sums = store.all<Sums>(SUMS);
  const balances = store.all<Balances>(
    'select wallet_id, count(*) as accounts, sum(balance) as balance from account group by wallet_id',
  );
  const moved = store.all<{ wallet_id: string; moved: bigint; spent: bigint }>(
    `select wallet_id, sum(amount) as moved, -coalesce(sum(amount) filter (where payment_id is not null), 0) as spent
     from movement group by wallet_id`,
  );
  const unequal = store.all<{ wallet_id: string }>(
    `select wallet_id from account where balance <> coalesce((select sum(amount) from movement
       where movement.wallet_id = account.wallet_id and movement.account = account.account), 0)`,
  );
  const lines = list.all().flatMap(({ walletId, pspId, currency }) => {
    const of = <Row extends { readonly wallet_id: string }>(rows: readonly Row[]) =>
      rows.find((row) => row.wallet_id === walletId);
    const own = of(balances);
    if (own === undefined && of(sums) === undefined) return [];
    const { wallet_id: _, ...money } = { ...NONE, ...NO_MONEY, ...of(sums) };
    const isRight = of(unequal) === undefined && (of(moved)?.spent ?? 0n) === money.charged;
    return [
      {
        ...{ walletId, pspId, currency, accounts: own?.accounts ?? 0n, balance: own?.balance ?? 0n },
        ...money,
        owedToHub: money.paid - money.refunded,
        balancesRight: isRight,
      },
    ];
  });
  const outcomes = store.all<{ outcome: string; count: bigint }>(
    'select outcome, count(*) as count from notification group by outcome',
  );
  return json(200, {
    wallets: lines,
    notifications: Object.fromEntries(outcomes.map(({ outcome, count }) => [outcome, count])),
  });
}

/**
 * GET /_sandbox/transactions: payments and refunds in the order of writing, of one wallet or all; `reference` finds those of one
 * paymentRequestId, paymentId or refundRequestId. `next` goes back as `after` until it is null.
 */
export function transactions({ store }: Wallets, request: Request): Reply {
  const walletId = request.query.get('walletId');
  const reference = request.query.get('reference');
  const after = request.query.get('after') ?? '0';
  if (!/^\d{1,12}$/.test(after)) return problem(422, 'invalid_page', 'after must be a whole number');
  const from = Number(after);
  const where = `rowid > ? and rowid <= ? and (?3 is null or wallet_id = ?3)`;
  const payments = store.all<PaymentRow>(
    `select * from payment where ${where} and (?4 is null or payment_request_id = ?4 or id = ?4) order by rowid`,
    ...[from, from + PAGE, walletId, reference],
  );
  const refunds = store.all<RefundRow>(
    `select * from refund where ${where} and (?4 is null or refund_request_id = ?4 or payment_id = ?4) order by rowid`,
    ...[from, from + PAGE, walletId, reference],
  );
  const last = (table: string): number =>
    Number(store.first<{ last: bigint | null }>(`select max(rowid) as last from ${table}`)?.last ?? 0n);
  const isLast = Math.max(last('payment'), last('refund')) <= from + PAGE;
  return json(200, {
    transactions: [...payments.map(shownPayment), ...refunds.map(shownRefund)],
    next: isLast ? null : from + PAGE,
  });
}

const shownRefund = (row: RefundRow) => ({
  kind: 'refund',
  walletId: row.wallet_id,
  refundId: row.id,
  refundRequestId: row.refund_request_id,
  paymentId: row.payment_id,
  amount: row.amount,
  fromAmount: row.from_amount,
  credited: row.credited,
  createdAt: instant(Number(row.created_ms)),
});
