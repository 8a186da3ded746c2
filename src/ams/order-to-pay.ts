/**
 * The order that a request to pay is about: found by the marketplace's own number, or made. What is there must be what the request says;
 * what is made is paid at once and in full.
 * Checks in this order: how it is paid, the seller, the wallet that alone may scan the code, the order as it stands against what
 * the request says, the terms of a new order.
 */
import type { Instant } from '../base/clock.ts';
import { type Id, parseId } from '../base/ids.ts';
import { equals, type Money } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { commandKey, EMPTY_PART, type UnitPart } from '../journal/index.ts';
import { type Buyer, createBuyer, findBuyer, type Seller } from '../parties/index.ts';
import type { Cardholder } from '../payments/index.ts';
import { findOrderByReference, nextInstalment, type Order, type PlannedOrder, planOrder } from '../protection/index.ts';
import { prepareCharge, type WalletCharge, type WalletWish } from './charge-wallet.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsRefusal } from './errors.ts';
import { sellerNamed } from './merchant.ts';
import { mayBeScanned } from './order-code.ts';
import type { AmsClient, AmsPayment } from './rows.ts';

export interface AmsPay {
  readonly client: AmsClient;
  /** `paymentRequestId`. */
  readonly requestId: string;
  readonly order: { readonly reference: string; readonly description: string; readonly total: Money };
  readonly amount: Money;
  /** `referenceMerchantId`: a seller's id, or the client's own name for one. */
  readonly merchant: string | null;
  readonly buyer: { readonly reference: string | null; readonly name: string | null; readonly email: string | null };
  readonly country: string | null;
  /** A vault token is charged at once; without one the buyer pays on the hosted page. */
  readonly token: string | null;
  readonly cardholder: Cardholder | null;
  /** Only where a wallet pays; then there is no token. */
  readonly wallet?: WalletWish;
  readonly capture: AmsPayment['capture'];
  readonly expiresAt: Instant | null;
  readonly redirectUrl: string | null;
  readonly notifyUrl: string | null;
  /** What must be the same in a repeat, as documented. */
  readonly keyFields: Readonly<Record<string, unknown>>;
}

/** What a new payment needs to be decided. */
export interface Plan {
  readonly seller: Seller;
  /** Finds the order; the first time as it was found already. */
  findOrder(): Promise<Order | null>;
  /** Who buys what is not ordered yet. */
  buyer(): Promise<Result<Buyer, AmsRefusal>>;
  /** Of a payment by wallet. */
  readonly charge: WalletCharge | null;
}

export async function preparePlan(deps: AmsDeps, input: AmsPay): Promise<Result<Plan, AmsRefusal>> {
  if (input.token === null && input.capture === 'manual')
    return refuse('manual_capture_not_hosted', 'the hosted page and wallets capture at once', {
      pointer: '/paymentFactor/captureMode',
    });
  const prepared = await chargeOf(deps, input);
  if (!prepared.ok) return prepared;
  const { value: charge } = prepared;
  const name = { marketplace: input.client.marketplace, reference: input.order.reference };
  const look = (): Promise<Order | null> => findOrderByReference(deps.journal.db, name);
  const [seller, known] = await Promise.all([sellerFor(deps, input), look()]);
  if (!seller.ok) return seller;
  const scannable = await mayBeScanned(deps, input, seller.value);
  if (!scannable.ok) return scannable;
  // A buyer is made by a unit of its own, so not from within the decision.
  const made = known === null ? await buyerOf(deps, input, charge) : null;
  let first: Order | null | undefined = known;
  return ok({
    seller: seller.value,
    findOrder: () => {
      const found = first === undefined ? look() : Promise.resolve(first);
      first = undefined;
      return found;
    },
    buyer: async () => made ?? buyerOf(deps, input, charge),
    charge,
  });
}

/** Nothing is charged of a card yet, nor of whoever will scan a code. */
async function chargeOf(
  deps: AmsDeps,
  { client, wallet, amount }: AmsPay,
): Promise<Result<WalletCharge | null, AmsRefusal>> {
  if (wallet === undefined || wallet.payer.kind === 'order_code') return ok(null);
  const { payer, quote } = wallet;
  return prepareCharge(deps, client, { payer, quote, currency: amount.currency });
}

/** Whoever has agreed to be debited buys what is paid so. */
async function buyerOf(deps: AmsDeps, input: AmsPay, charge: WalletCharge | null): Promise<Result<Buyer, AmsRefusal>> {
  if (charge === null || charge.buyer === null) return buyerFor(deps, input);
  const agreed = await findBuyer(deps.journal.db, charge.buyer);
  if (agreed === null) throw new Error(`buyer ${charge.buyer} of an agreement is missing`);
  return ok(agreed);
}

/** An order that is there, or that the part makes. */
export type Ordered = { readonly order: Order; readonly part: UnitPart } & Partial<Pick<PlannedOrder, 'parties'>>;

export async function orderFor(deps: AmsDeps, input: AmsPay, plan: Plan): Promise<Result<Ordered, AmsRefusal>> {
  const known = await plan.findOrder();
  if (known === null) return newOrder(deps, input, plan);
  const matching = matches(known, input, plan.seller.id);
  return matching.ok ? ok({ order: matching.value, part: EMPTY_PART }) : matching;
}

async function sellerFor(deps: AmsDeps, { client, merchant }: AmsPay): Promise<Result<Seller, AmsRefusal>> {
  const named = merchant ?? client.defaults.seller;
  const seller = named === null ? null : await sellerNamed(deps.journal.db, client, named);
  return seller !== null
    ? ok(seller)
    : refuse('unknown_merchant', 'no such seller', { pointer: '/order/merchant/referenceMerchantId' });
}

/** The order is what both sides think it is, and this amount is due. */
function matches(order: Order, { amount, order: { total } }: AmsPay, seller: Id<'sel'>): Result<Order, AmsRefusal> {
  if (order.seller !== seller)
    return refuse('order_differs', 'the order is another seller’s', { pointer: '/order/merchant/referenceMerchantId' });
  if (!equals(order.total, total))
    return refuse('order_differs', 'the order has another total', { pointer: '/order/orderAmount' });
  const next = nextInstalment(order);
  if (next === null || (order.state !== 'awaiting_payment' && order.state !== 'part_paid'))
    return refuse('illegal_move', `an order that is ${order.state} cannot be paid`, { facts: { state: order.state } });
  return equals(next.amount, amount)
    ? ok(order)
    : refuse('order_differs', 'another amount is due', { pointer: '/paymentAmount' });
}

async function newOrder(deps: AmsDeps, input: AmsPay, plan: Plan): Promise<Result<Ordered, AmsRefusal>> {
  const { client, amount, order } = input;
  if (!equals(amount, order.total))
    return refuse('order_differs', 'an order made here is paid at once and in full', { pointer: '/paymentAmount' });
  const buyer = await plan.buyer();
  if (!buyer.ok) return buyer;
  // At full price: the client has said what its buyer pays.
  return planOrder(
    deps.orders,
    {
      marketplace: client.marketplace,
      seller: plan.seller.id,
      buyer: buyer.value.id,
      ...order,
      instalments: [{ amount, due: 'now' }],
      shipBy: { daysAfterFirstPayment: client.defaults.shipWithinDays },
      policy: client.defaults.policy,
    },
    false,
    { seller: plan.seller, buyer: buyer.value },
  );
}

/** Ours by id; otherwise the one whom the client calls so, made once. Somebody without a name is the order's. */
async function buyerFor(deps: AmsDeps, input: AmsPay): Promise<Result<Buyer, AmsRefusal>> {
  const { client, buyer, order } = input;
  const { marketplace } = client;
  const own = parseId('buy', buyer.reference);
  const known = own === null ? null : await findBuyer(deps.journal.db, own);
  if (known !== null && known.marketplace === marketplace) return ok(known);
  const reference = buyer.reference ?? `order ${order.reference}`;
  const met = await deps.journal.findAnswer(client.id, `buyer ${reference}`);
  // Nothing about a buyer changes: the answer that is kept is the buyer.
  if (met !== null) return ok((met.answer as { readonly buyer: Buyer }).buyer);
  // The first words about a buyer stand: no fields in the fingerprint, so that other words later are not a conflict.
  const command = commandKey(client.id, `buyer ${reference}`, 'ams_buyer', {});
  const made = await createBuyer(deps.parties, command, {
    marketplace,
    name: buyer.name ?? reference,
    country: input.country ?? client.defaults.buyerCountry,
    email: buyer.email ?? '',
  });
  if (!made.ok) return made;
  if (made.value.kind === 'committed') return ok(made.value.value);
  return ok((made.value.answer as { readonly buyer: Buyer }).buyer);
}
