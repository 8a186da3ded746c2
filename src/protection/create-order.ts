/**
 * Agreeing terms: who, what, how much, in which instalments, shipped by when, under which policy and fee plan. The policy
 * and the plan are pinned as they stand. Checks in this order: parties, total, instalments, policy, ship-by, reference.
 */
import { addDays, type Instant } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { equals, type Money, sum, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import {
  absent,
  type CommandKey,
  type Decision,
  deadline,
  insert,
  merge,
  type NewJob,
  type Outcome,
  part,
  type UnitPart,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findBuyer, findMarketplace, findSeller } from '../parties/index.ts';
import { orWithout } from '../promotions/index.ts';
import type { OrderDeps } from './deps.ts';
import { discountNewOrder, NO_OFFER, offerFor } from './discount-new-order.ts';
import type { OrderRefusal } from './errors.ts';
import { type Instalment, type Order, type OrderParties, orders, type ShipBy } from './order.ts';
import { currentPolicy, POLICY_NAMES, type Policy } from './policies.ts';

export interface CreateOrder {
  readonly marketplace: Id<'mkt'>;
  readonly seller: Id<'sel'>;
  readonly buyer: Id<'buy'>;
  readonly reference: string;
  readonly description: string;
  readonly total: Money;
  readonly instalments: readonly { readonly amount: Money; readonly due: Instalment['due'] }[];
  readonly shipBy: ShipBy;
  readonly policy: string;
}

export const PAY_DEADLINE_JOB = 'protection.pay_deadline';
/** Payouts leave over ACH only, so orders are in its currency until another rail exists. */
export const PAYABLE_CURRENCIES: readonly string[] = ['USD'];
const MAX_INSTALMENTS = 2;

export function createOrder(
  deps: OrderDeps,
  command: CommandKey | undefined,
  input: CreateOrder,
): Promise<Result<Outcome<Order>, OrderRefusal>> {
  // The unit's guard holds the reference free; who took it is asked only once the guard has refused.
  let decided = false;
  return orWithout((withDiscounts) =>
    deps.journal.run(command, async () => {
      if (decided && (await referenceTaken(deps, input)))
        return refuse('duplicate_reference', 'an order with this reference exists', { pointer: '/reference' });
      decided = true;
      return decide(deps, input, withDiscounts);
    }),
  );
}

async function decide(
  deps: OrderDeps,
  input: CreateOrder,
  withDiscounts: boolean,
): Promise<Result<Decision<Order>, OrderRefusal>> {
  const planned = await planOrder(deps, input, withDiscounts);
  if (!planned.ok) return planned;
  const { order, part: made } = planned.value;
  return ok({ unit: { at: order.createdAt, ...made, answer: order }, value: order });
}

export interface PlannedOrder {
  readonly order: Order;
  readonly parties: OrderParties;
  readonly part: UnitPart;
}

/**
 * The order as it will stand, and the part that makes it, for units that do more than that. The part holds the reference free.
 * `known`: parties whom the caller has looked up for it.
 */
export async function planOrder(
  deps: OrderDeps,
  input: CreateOrder,
  withDiscounts: boolean,
  known: Partial<OrderParties> = {},
): Promise<Result<PlannedOrder, OrderRefusal>> {
  const { db } = deps.journal;
  const at = deps.clock.now();
  const [marketplace, seller, buyer, offer] = await Promise.all([
    known.marketplace ?? findMarketplace(db, input.marketplace),
    known.seller ?? findSeller(db, input.seller),
    known.buyer ?? findBuyer(db, input.buyer),
    withDiscounts ? offerFor(db, input, at) : NO_OFFER,
  ]);
  if (marketplace === null) return refuse('not_found', 'no such marketplace');
  if (seller === null || seller.marketplace !== input.marketplace)
    return refuse('unknown_party', 'no such seller', { pointer: '/seller' });
  if (buyer === null || buyer.marketplace !== input.marketplace)
    return refuse('unknown_party', 'no such buyer', { pointer: '/buyer' });
  const terms = checkTerms(input, at);
  if (!terms.ok) return terms;
  const none = zero(input.total.currency);
  const [id, payBy] = [newId('ord'), addDays(at, terms.value.policy.payWithinDays)];
  const notPaid = deadline(PAY_DEADLINE_JOB, id, payBy);
  const discounted = discountNewOrder({ id, total: input.total }, terms.value.instalments, offer);
  const order: Order = {
    id,
    version: 0,
    state: 'awaiting_payment',
    marketplace: input.marketplace,
    seller: input.seller,
    buyer: input.buyer,
    reference: input.reference,
    description: input.description,
    total: input.total,
    ...discounted.changes,
    captured: none,
    ...{ refunded: none, refunding: none, refundedLater: none },
    disputed: none,
    dispute: null,
    feePlan: marketplace.feePlan,
    ...{ fee: null, share: null, paidAt: null },
    feeReturned: none,
    policy: terms.value.policy,
    shipBy: input.shipBy,
    shipByAt: 'date' in input.shipBy ? input.shipBy.date : null,
    payBy,
    deadline: notPaid.id,
    shipment: null,
    autoReceiptAt: null,
    receivedAt: null,
    receivedBy: null,
    releaseDueAt: null,
    releasedAt: null,
    canceledAt: null,
    cancelReason: null,
    createdAt: at,
  };
  const whole = merge(creating(order, notPaid), discounted.part);
  const made: Order = { ...order, version: whole.events.filter(({ subject }) => subject === id).length };
  return ok({ order: made, parties: { marketplace, seller, buyer }, part: whole });
}

function creating(order: Order, notPaid: NewJob): UnitPart {
  const created = event('order.created', order.id, {
    marketplace: order.marketplace,
    seller: order.seller,
    buyer: order.buyer,
    total: order.total,
    policy: `${order.policy.name}@${order.policy.version}`,
  });
  return part({
    events: [created],
    writes: [insert(orders, order)],
    guards: [absent(orders, 'reference_key', referenceKey(order))],
    jobs: [notPaid],
  });
}

interface Terms {
  readonly instalments: readonly Instalment[];
  readonly policy: Policy;
}

function checkTerms(input: CreateOrder, at: Instant): Result<Terms, OrderRefusal> {
  const { total, instalments } = input;
  if (total.amount <= 0n) return refuse('invalid_total', 'must be above zero', { pointer: '/total/value' });
  if (!PAYABLE_CURRENCIES.includes(total.currency)) {
    return refuse('no_rail', `no rail pays out ${total.currency} yet`, {
      pointer: '/total/currency',
      facts: { currencies: PAYABLE_CURRENCIES },
    });
  }
  if (instalments.length < 1 || instalments.length > MAX_INSTALMENTS) {
    return refuse('invalid_instalments', 'one payment, or a deposit and a balance', { pointer: '/instalments' });
  }
  for (const [index, { amount }] of instalments.entries()) {
    const pointer = `/instalments/${index}/amount`;
    if (amount.currency !== total.currency)
      return refuse('invalid_instalments', `must be in ${total.currency}`, { pointer: `${pointer}/currency` });
    if (amount.amount <= 0n)
      return refuse('invalid_instalments', 'must be above zero', { pointer: `${pointer}/value` });
  }
  const whole = sum(
    instalments.map(({ amount }) => amount),
    total.currency,
  );
  if (!equals(whole, total)) {
    return refuse('instalments_do_not_sum', 'the instalments must sum to the total', {
      pointer: '/instalments',
      facts: { total, sum: whole },
    });
  }
  const policy = currentPolicy(input.policy);
  if (policy === null)
    return refuse('unknown_policy', `must be one of ${POLICY_NAMES.join(', ')}`, { pointer: '/policy' });
  if ('date' in input.shipBy && input.shipBy.date <= at) {
    return refuse('ship_by_in_the_past', 'must be later than now', { pointer: '/shipBy/date', facts: { now: at } });
  }
  return ok({
    policy,
    instalments: instalments.map(({ amount, due }, index) => ({
      number: index + 1,
      amount,
      captured: zero(total.currency),
      due,
      state: 'due',
      payment: null,
    })),
  });
}

const referenceKey = (order: Pick<CreateOrder, 'marketplace' | 'reference'>): string =>
  `${order.marketplace}:${order.reference}`;

async function referenceTaken(deps: OrderDeps, order: CreateOrder): Promise<boolean> {
  const { rowCount } = await deps.journal.db.query('select 1 from orders where reference_key = $1', [
    referenceKey(order),
  ]);
  return rowCount !== 0;
}
