/** An order's timeline in two lanes, goods and money: what happened (journal events) and what is due to happen. */
import type { Instant } from '../../base/clock.ts';
import type { Money } from '../../base/money.ts';
import { add, formatMoney } from '../../base/money.ts';
import type { Queryable } from '../../db/pool.ts';
import { eventsOf } from '../../journal/index.ts';
import type { RecordedEvent } from '../../ledger/index.ts';
import { paymentsOf } from '../../payments/index.ts';
import type { Order } from '../../protection/index.ts';
import { feesOf } from '../../reconciliation/index.ts';

export interface TimelineItem {
  readonly at: Instant;
  readonly lane: 'goods' | 'money';
  readonly kind: 'done' | 'due';
  readonly title: string;
  readonly detail: string;
  readonly seq: bigint | null;
  readonly amount?: Money;
}

type Words = (data: Record<string, unknown>) => {
  readonly lane: TimelineItem['lane'];
  readonly title: string;
  readonly detail?: string;
  readonly amount?: Money;
};

const money = (title: string, detail = '', amount?: unknown) => ({
  lane: 'money' as const,
  title,
  detail,
  ...(amount === undefined ? {} : { amount: amount as Money }),
});
const goods = (title: string, detail = '') => ({ lane: 'goods' as const, title, detail });

/** What the card cost: interchange, scheme, processing. */
function networkFee(e: Record<string, unknown>) {
  const [interchange, scheme, processing] = [e.interchange, e.schemeFee, e.processingFee] as [Money, Money, Money];
  const detail = `interchange ${formatMoney(interchange)}, scheme ${formatMoney(scheme)}, processing ${formatMoney(processing)}`;
  return money('Network fees, borne by the operator', detail, add(add(interchange, scheme), processing));
}

/** What each event says to a person; an event without words here is bookkeeping and not shown. */
const WORDS: Partial<Record<RecordedEvent['type'], Words>> = {
  'order.created': (e) => goods('Terms agreed', `policy ${String(e.policy)}`),
  'order.payment_started': (e) => money(`Payment of instalment ${String(e.instalment)} started`, '', e.amount),
  'order.instalment_paid': (e) => money(`Instalment ${String(e.instalment)} paid and held`, '', e.amount),
  'order.payment_failed': (e) =>
    money(`Payment of instalment ${String(e.instalment)} ended without money`, String(e.reason)),
  'payment.authorized': (e) => money('Card authorized, not captured', '', e.amount),
  'order.shipped': (e) => goods('Shipped', `${String(e.carrier)} ${String(e.trackingNumber)}`),
  'order.received': (e) => goods('Received', e.by === 'buyer' ? 'confirmed by the buyer' : 'by deadline'),
  'order.released': (e) => money('Released to the seller', `fee ${formatMoney(e.fee as Money)}`, e.net),
  'order.canceled': (e) => goods('Canceled', String(e.reason)),
  'order.refund_started': (e) => money('Refund started', '', e.amount),
  'order.refund_ended': (e) => money(`Refund ${String(e.outcome)}`, '', e.amount),
  'order.dispute_opened': (e) => money('Dispute opened', String(e.state).replaceAll('_', ' ')),
  'order.dispute_moved': (e) => money('Dispute moved', String(e.state).replaceAll('_', ' ')),
  'order.dispute_ended': (e) =>
    money(
      'Dispute ended',
      `${String(e.outcome)}${e.feeReturned === undefined ? '' : `, fee of ${formatMoney(e.feeReturned as Money)} returned`}`,
    ),
  'network_fee.assessed': networkFee,
  'network_fee.assessed_apart': networkFee,
  'network_fee.returned': (e) => money('Network fees given back', '', e.returned),
  'network_fee.returned_apart': (e) => money('Network fees given back', '', e.returned),
};

/** Done items from the journal, due items from the order's deadlines, by time. */
export async function timelineOf(db: Queryable, order: Order): Promise<readonly TimelineItem[]> {
  const payments = await paymentsOf(db, order.id);
  const fees = await feesOf(
    db,
    payments.map(({ id }) => id),
  );
  const events = await eventsOf(db, [order.id, ...[...payments, ...fees].map(({ id }) => id)]);
  const done = events.flatMap((event): TimelineItem[] => {
    const words = WORDS[event.type]?.(event.data as Record<string, unknown>);
    return words === undefined
      ? []
      : [{ at: event.at, kind: 'done', seq: event.seq, ...words, detail: words.detail ?? '' }];
  });
  return [...done, ...dueOf(order)];
}

function dueOf(order: Order): readonly TimelineItem[] {
  const due = (at: Instant | null, lane: TimelineItem['lane'], title: string, detail: string): TimelineItem[] =>
    at === null ? [] : [{ at, lane, kind: 'due', title, detail, seq: null }];
  // While a dispute is open nothing happens by itself.
  if (order.dispute !== null) return [];
  switch (order.state) {
    case 'awaiting_payment':
      return due(order.payBy, 'money', 'Payment due', 'unpaid, the order is canceled then');
    case 'part_paid':
      return due(order.shipByAt, 'goods', 'Ship-by date', 'the balance is due before shipment');
    case 'paid':
      return due(order.shipByAt, 'goods', 'Ship-by date', 'the seller should have shipped by then');
    case 'shipped':
      return due(
        order.autoReceiptAt,
        'goods',
        'Counts as received',
        'unless the buyer confirms or reports a problem before',
      );
    case 'received':
      return due(order.releaseDueAt, 'money', 'Released to the seller', 'what is held, less the fee');
    default:
      return [];
  }
}
