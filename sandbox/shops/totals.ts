/** What the acquirers believe, for the auditor: computed from payments and refunds themselves. */
import type { Currency } from '../../src/base/currency.ts';
import { json, problem, type Reply, type Request } from '../base/http-server.ts';
import { shownPayment, shownRefund } from './payment-rows.ts';
import type { PaymentRow, RefundRow } from './schema.ts';
import type { Shops } from './shops.ts';

interface Owed {
  readonly acquirer_id: string;
  readonly currency: Currency;
  readonly paidCount: bigint;
  readonly paid: bigint;
  readonly refundedCount: bigint;
  readonly refunded: bigint;
}

/** By settlement currency. A refund counts with its payment's; one whose payment was paid in doubt (canceling) waits with it. */
const OWED = `
  select p.acquirer_id, p.settlement_currency as currency, count(*) as paidCount, coalesce(sum(p.settlement), 0) as paid,
    coalesce(sum(r.count), 0) as refundedCount, coalesce(sum(r.settlement), 0) as refunded
  from payment p
  left join (select payment_id, count(*) as count, sum(settlement) as settlement from refund where state = 'refunded' group by payment_id) r
    on r.payment_id = p.id
  where p.state = 'paid' group by p.acquirer_id, p.settlement_currency order by p.settlement_currency`;

interface Sold {
  readonly acquirer_id: string;
  readonly currency: Currency;
  readonly paid: bigint;
  readonly refunded: bigint;
}

/** By the currency of the shops. */
const SOLD = `
  select p.acquirer_id, p.currency, sum(p.amount) as paid, coalesce(sum(r.amount), 0) as refunded from payment p
  left join (select payment_id, sum(amount) as amount from refund where state = 'refunded' group by payment_id) r on r.payment_id = p.id
  where p.state = 'paid' group by p.acquirer_id, p.currency order by p.currency`;

interface Count {
  readonly acquirer_id: string;
  readonly state: string;
  readonly count: bigint;
}

const PAGE = 1_000;

/**
 * GET /_sandbox/totals. `owed` is what the hub owes by settlement currency: what was paid less what was refunded; `unpriced` counts what
 * is paid or refunded without the hub having said what it owes for it. `contradicted` counts words of the hub against an earlier end.
 */
export function totals({ store, list }: Shops): Reply {
  const owed = store.all<Owed>(OWED);
  const sold = store.all<Sold>(SOLD);
  const count = (table: string, what: string) =>
    store.all<Count>(
      `select acquirer_id, ${what} as state, count(*) as count from ${table} group by acquirer_id, ${what}`,
    );
  const counted = {
    payments: count('payment', 'state'),
    refunds: count('refund', 'state'),
    notifications: count('notification', 'effect'),
  };
  const unpriced = store.all<{ acquirer_id: string; count: bigint }>(
    `select acquirer_id, count(*) as count from (
       select acquirer_id from payment where state = 'paid' and settlement is null
       union all select acquirer_id from refund where state = 'refunded' and settlement is null) group by acquirer_id`,
  );
  const acquirers = list.all().map((acquirer) => {
    const { acquirerId, slug } = acquirer;
    const of = <Row extends { readonly acquirer_id: string }>(rows: readonly Row[]) =>
      rows.filter((row) => row.acquirer_id === acquirerId);
    const states = (rows: readonly Count[]) => Object.fromEntries(of(rows).map((row) => [row.state, row.count]));
    const notifications = states(counted.notifications);
    return {
      ...{ acquirerId, slug, shops: list.shops(acquirer).length },
      payments: states(counted.payments),
      refunds: states(counted.refunds),
      notifications,
      contradicted: notifications.contradicts ?? 0n,
      unpriced: of(unpriced)[0]?.count ?? 0n,
      sold: of(sold).map(({ acquirer_id: _, ...line }) => line),
      owed: of(owed).map(({ acquirer_id: _, ...line }) => ({ ...line, owed: line.paid - line.refunded })),
    };
  });
  return json(200, { acquirers });
}

/**
 * GET /_sandbox/transactions: payments and refunds in the order of writing, of one acquirer or all; `reference` finds those of one
 * request id, of one id of the hub or of one of ours. `next` goes back as `after` until it is null.
 */
export function transactions({ store, list }: Shops, request: Request): Reply {
  const asked = request.query.get('acquirerId');
  const acquirerId = asked === null ? null : (list.find(asked)?.acquirerId ?? asked);
  const reference = request.query.get('reference');
  const after = request.query.get('after') ?? '0';
  if (!/^\d{1,12}$/.test(after)) return problem(422, 'invalid_page', 'after must be a whole number');
  const from = Number(after);
  const where = 'seq > ? and seq <= ? and (?3 is null or acquirer_id = ?3)';
  const payments = store.all<PaymentRow>(
    `select * from payment where ${where} and (?4 is null or ?4 in (payment_request_id, id, hub_payment_id)) order by seq`,
    ...[from, from + PAGE, acquirerId, reference],
  );
  const refunds = store.all<RefundRow>(
    `select * from refund where ${where} and (?4 is null or ?4 in (refund_request_id, id, hub_refund_id, payment_id)) order by seq`,
    ...[from, from + PAGE, acquirerId, reference],
  );
  const last = (table: string): number =>
    Number(store.first<{ last: bigint | null }>(`select max(seq) as last from ${table}`)?.last ?? 0n);
  const isLast = Math.max(last('payment'), last('refund')) <= from + PAGE;
  return json(200, {
    transactions: [...payments.map(shownPayment), ...refunds.map(shownRefund)],
    next: isLast ? null : from + PAGE,
  });
}
