/**
 * The units of the load: an order is opened with its first payment, paid in parts and released. Every one is a full unit:
 * guarded write of a state row, events with transfers, a job. Hot accounts are hit by all: the acquirer's receivable, the
 * fee income, the tax. What a unit must leave is spelled out beside it and not taken from the product's postings.
 */
import { createHash } from 'node:crypto';
import { instant } from '../../../src/base/clock.ts';
import type { Id } from '../../../src/base/ids.ts';
import { type Money, money } from '../../../src/base/money.ts';
import { type StateRow, stateTable } from '../../../src/db/state-table.ts';
import { absent, type CommitUnit, commandKey, insert, unchanged, update } from '../../../src/journal/index.ts';
import { event } from '../../../src/ledger/index.ts';

/** A unit's content with what it must leave. */
export interface Change extends Pick<CommitUnit, 'events' | 'writes' | 'guards'> {
  readonly effect: Effect;
}

/** What a committed unit leaves besides its key. */
export interface Effect {
  /** In order; the unit's seq is the first one's. */
  readonly events: readonly ExpectedEvent[];
  readonly row: ExpectedRow;
  readonly job: { readonly kind: string; readonly subject: string };
}

export interface ExpectedEvent {
  readonly type: string;
  readonly subject: string;
  readonly version: number;
  /** In order of the legs; see leg(). */
  readonly legs: readonly string[];
}

export interface ExpectedRow {
  readonly id: Id<'ord'>;
  readonly version: number;
  readonly state: string;
  readonly captured: bigint;
}

/** What is drawn for one order of a lane. */
export interface OrderPlan {
  readonly seed: number;
  readonly lane: number;
  /** Of the order within its lane. */
  readonly number: number;
  /** Minor units paid at each step. */
  readonly amounts: readonly bigint[];
  /** The step that does nothing to the order, because it is refused. */
  readonly skipped: number | null;
}

export interface OrderRow extends StateRow {
  readonly id: Id<'ord'>;
  readonly marketplace: string;
  readonly seller: Id<'sel'>;
  readonly reference: string;
  readonly captured: Money;
  readonly refunded: Money;
  readonly refunding: Money;
}

/** Steps of one order, from its opening to its release. */
export const ORDER_STEPS = 8;
export const CLIENT = 'soak';
export const AT = instant(Date.UTC(2026, 10, 23, 9));
export const JOB = 'soak.deadline';
const SELLERS = 100;
/** A release takes a 33rd of the total as fee and a 66th as tax. */
const FEE_SHARE = 33n;

const orders = stateTable<OrderRow>('orders', 'ord');
const marketplaces = stateTable<StateRow & { readonly name: string }>('marketplaces', 'mkt');
const MARKETPLACE = idOf('mkt', 'soak');
const NETWORK = idOf('net', 'soak');
const MARKET = { id: MARKETPLACE, version: 1, state: 'active', name: 'Soak' };

/** Committed once before the load: the marketplace whose row the units guard. */
export const SETUP: CommitUnit = {
  at: AT,
  command: commandKey(CLIENT, 'setup', 'soak', {}),
  events: [event('marketplace.created', MARKETPLACE, { name: MARKET.name })],
  writes: [insert(marketplaces, MARKET)],
  guards: [],
  jobs: [],
};
export const MARKET_STANDS = unchanged(marketplaces, MARKET);

/** The order's row as the step at this position finds it. */
export function orderRow({ seed, lane, number, amounts, skipped }: OrderPlan, position: number): OrderRow {
  const paid = amounts.filter((_, index) => index < position && index !== skipped);
  return {
    id: idOf('ord', `${seed}.${lane}`, number),
    version: paid.length,
    state: 'part_paid',
    marketplace: MARKETPLACE,
    seller: idOf('sel', `${lane % SELLERS}`),
    reference: `${lane}-${number}`,
    captured: usd(paid.reduce((total, amount) => total + amount, 0n)),
    refunded: usd(0n),
    refunding: usd(0n),
  };
}

export function opening(order: OrderPlan, row: OrderRow, number: number): Change {
  const { seller, reference } = row;
  const paid = capture(order, row, number);
  const terms = {
    marketplace: MARKETPLACE,
    seller,
    buyer: idOf('buy', 'soak'),
    total: paid.amount,
    policy: 'standard',
  };
  return {
    events: [event('order.created', row.id, terms), paid.event],
    writes: [insert(orders, { ...row, captured: paid.amount })],
    guards: [absent(orders, 'reference_key', `${MARKETPLACE}:${reference}`)],
    effect: effectOf(row, paid.amount, [{ type: 'order.created', legs: [] }, paid.expected]),
  };
}

export function payment(order: OrderPlan, row: OrderRow, number: number): Change {
  const paid = capture(order, row, number);
  const captured = usd(row.captured.amount + paid.amount.amount);
  const facts = { payment: paid.subject, instalment: row.version + 1, amount: paid.amount };
  return {
    events: [event('order.instalment_paid', row.id, facts), paid.event],
    writes: [update(orders, row, { captured })],
    guards: [],
    effect: effectOf(row, captured, [{ type: 'order.instalment_paid', legs: [] }, paid.expected]),
  };
}

/** Everything held goes to the seller, the marketplace and the tax authority. */
export function release(_order: OrderPlan, row: OrderRow): Change {
  const total = row.captured.amount;
  const [fee, tax] = [total / FEE_SHARE, total / (2n * FEE_SHARE)];
  const net = total - fee - tax;
  const facts = {
    order: row.id,
    seller: row.seller,
    marketplace: MARKETPLACE,
    authority: 'us',
    by: 'deadline',
  } as const;
  const shares = [
    ['seller', row.seller, net],
    ['fee_income', MARKETPLACE, fee],
    ['tax_payable', 'us', tax],
  ] as const;
  const legs = shares.flatMap(([name, owner, amount]) =>
    amount === 0n ? [] : [leg(`held ${row.id}`, `${name} ${owner}`, amount)],
  );
  return {
    events: [event('order.released', row.id, { ...facts, net: usd(net), fee: usd(fee), tax: usd(tax) })],
    writes: [update(orders, row, { state: 'released' })],
    guards: [],
    effect: effectOf({ ...row, state: 'released' }, row.captured, [{ type: 'order.released', legs }]),
  };
}

function capture({ seed, lane, amounts }: OrderPlan, row: OrderRow, number: number) {
  const amount = usd(amounts[number % ORDER_STEPS] as bigint);
  const subject = idOf('pay', `${seed}.${lane}`, number);
  const legs = [leg(`receivable ${NETWORK}`, `held ${row.id}`, amount.amount)];
  return {
    amount,
    subject,
    event: event('payment.captured', subject, { network: NETWORK, order: row.id, captured: amount }),
    expected: { type: 'payment.captured', subject, version: 1, legs },
  };
}

type OfTheOrder = Pick<ExpectedEvent, 'type' | 'legs'>;

/** Events without a subject are the order's own and raise its version. */
function effectOf(row: OrderRow, captured: Money, events: readonly (OfTheOrder | ExpectedEvent)[]): Effect {
  const version = row.version + 1;
  return {
    events: events.map((expected) => ({ subject: row.id, version, ...expected })),
    row: { id: row.id, version, state: row.state, captured: captured.amount },
    job: { kind: JOB, subject: row.id },
  };
}

/** A transfer as text, accounts as `name owner`. */
export const leg = (debit: string, credit: string, amount: bigint): string => `${debit} > ${credit}: ${amount}`;

const usd = (cents: bigint): Money => money(cents, 'USD');

/** The same id for the same words; a running number in front keeps primary keys close together, as UUIDv7 does. */
export function idOf<Prefix extends 'mkt' | 'net' | 'sel' | 'buy' | 'ord' | 'pay'>(
  prefix: Prefix,
  words: string,
  number = 0,
): Id<Prefix> {
  const digest = createHash('sha256').update(`${prefix} ${words} ${number}`).digest('hex').slice(0, 24);
  return `${prefix}_${number.toString(16).padStart(8, '0')}${digest}` as Id<Prefix>;
}
