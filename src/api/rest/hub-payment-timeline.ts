/** What happened to a payment of a wallet in a shop, in order, in words: what both sides said, what moved, and what is due. */
import type { Instant } from '../../base/clock.ts';
import { formatMoney, type Money } from '../../base/money.ts';
import type { Queryable } from '../../db/pool.ts';
import { eventsOf } from '../../journal/index.ts';
import type { RecordedEvent } from '../../ledger/index.ts';
import type { HubPayment } from '../../wallets/index.ts';

export interface HubTimelineItem {
  readonly at: Instant;
  /** Who it is about: the shop and its acquirer, the wallet and its user, or the books. */
  readonly lane: 'shop' | 'wallet' | 'money';
  readonly kind: 'done' | 'due';
  readonly title: string;
  readonly detail: string;
  readonly seq: bigint | null;
  readonly amount?: Money;
}

type Said = Pick<HubTimelineItem, 'lane' | 'title' | 'detail' | 'amount'>;
type Words = (data: Record<string, unknown>) => Said;

function says(lane: HubTimelineItem['lane'], title: string, detail = '', amount?: unknown): Said {
  return { lane, title, detail, ...(amount === undefined ? {} : { amount: amount as Money }) };
}
const plain = (name: unknown): string => String(name).replaceAll('_', ' ');
const show = (amount: unknown): string => formatMoney(amount as Money);

/** An event without words here says nothing beside the one it is committed with. */
const WORDS: Partial<Record<RecordedEvent['type'], Words>> = {
  'hub_payment.opened': (e) => says('shop', 'The shop asks for money', plain(e.scenario), e.amount),
  'hub_payment.offered': (e) =>
    says('wallet', 'Priced, and with the wallet', `the acquirer gets ${show(e.settlement)}`, e.payTo),
  'hub_payment.wallet_waits': () => says('wallet', 'The wallet asks its user'),
  'hub_payment.asked_again': (e) => says('wallet', 'The wallet is asked what became of it', `time ${String(e.rung)}`),
  'hub_payment.failed': (e) => says('wallet', 'The wallet says no', plain(e.code)),
  'hub_payment.closed': (e) => says('shop', 'Closed without money', plain(e.because)),
  'hub_payment.cancel_asked': (e) => says('shop', 'Cancel asked', `by ${plain(e.by)}`),
  'hub_payment.canceled_unpaid': (e) => says('shop', 'Canceled; nobody had paid', `by ${plain(e.by)}`),
  'hub_payment.let_go_by_wallet': () => says('wallet', 'The wallet has let it go'),
  'hub_payment.push_arrived': () => says('shop', 'The national scheme has brought the money to the shop'),
  'hub_payment.push_refused': (e) => says('shop', 'The national scheme did not bring the money', plain(e.code)),
  'hub_payment.refund_started': (e) => says('shop', 'Refund asked', '', e.amount),
  'hub_payment.refund_ended': (e) =>
    says(
      'wallet',
      e.outcome === 'refunded' ? 'The wallet has refunded' : 'The wallet refuses the refund',
      '',
      e.amount,
    ),
  'hub_refund.asked_again': (e) => says('wallet', 'The wallet is asked about the refund', `time ${String(e.rung)}`),
  'hub.paid': (e) =>
    says(
      'money',
      'Paid: the wallet owes us',
      `the acquirer gets ${show(e.settled)}, markup ${show(e.margin)}`,
      e.payTo,
    ),
  'hub.paid_same_currency': (e) => says('money', 'Paid: the wallet owes us', 'the acquirer gets the same', e.payTo),
  'hub.canceled': (e) => says('money', 'Canceled: nobody owes anything for it', '', e.payTo),
  'hub.refunded': (e) =>
    says('money', 'Refunded: we owe the wallet', `the acquirer gives ${show(e.settled)}`, e.payBack),
  'hub.discount_funded': (e) => says('money', 'A campaign pays its part', `hub ${show(e.hubDiscount)}`, e.budgetSpent),
  'hub.discount_returned': (e) => says('money', 'A campaign has its part back', `hub ${show(e.hubDiscount)}`),
  'hub_notification.sent': (e) =>
    e.outcome === 'acknowledged'
      ? says('shop', 'The acquirer knows')
      : says('shop', 'The acquirer was told, and has not said that it knows', plain(e.outcome)),
};

/** @param subjects the payment, its refunds and its notifications. */
export async function hubTimeline(
  db: Queryable,
  payment: HubPayment,
  subjects: readonly string[],
): Promise<readonly HubTimelineItem[]> {
  const events = await eventsOf(db, subjects);
  const done = events.flatMap((event): HubTimelineItem[] => {
    const words = WORDS[event.type]?.(event.data as Record<string, unknown>);
    return words === undefined ? [] : [{ at: event.at, kind: 'done', seq: event.seq, ...words }];
  });
  return [...done, ...duesOf(payment)];
}

function duesOf({ state, expiresAt }: HubPayment): readonly HubTimelineItem[] {
  if (state !== 'waiting' && state !== 'in_process') return [];
  const words = says('shop', 'Closed unless it is paid', 'a wallet that has it by then is told to cancel');
  return [{ at: expiresAt, kind: 'due', seq: null, ...words }];
}
