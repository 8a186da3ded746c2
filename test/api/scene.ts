/** Two marketplaces in one world, each with things of every kind: what is the one's own is the other's foreign. */
import assert from 'node:assert/strict';
import { type Client, createClient } from '../../stories/client.ts';
import { CARDS, usd } from '../../stories/story.ts';
import type { OrderView, PaymentView, PayoutView } from '../../stories/views.ts';
import type { World } from '../../stories/world.ts';

export const ACCOUNT_NUMBER = '4401778812';
export const BANK_ACCOUNT = {
  country: 'US',
  routingNumber: '121042882',
  accountNumber: ACCOUNT_NUMBER,
  accountType: 'checking',
  holderName: 'Pearl River Lighting Ltd',
} as const;

export interface Market {
  readonly id: string;
  readonly secret: string;
  readonly api: Client;
  readonly seller: string;
  readonly buyer: string;
  /** Terms of a new order, schema-valid and acceptable; each call with a reference of its own. */
  terms(): OrderTerms;
  newOrder(): Promise<OrderView>;
  pay(order: string, capture?: 'automatic' | 'manual'): Promise<PaymentView>;
  /** An order that has been received; its policy releases it at once, by a job. */
  received(): Promise<OrderView>;
  token(): Promise<string>;
}

export type OrderTerms = Readonly<Record<string, unknown>> & { readonly reference: string };

export async function createMarket(world: World, name: string): Promise<Market> {
  const plan = { name, feePlan: { percentBps: 250, fixed: usd(30), cap: usd(5000) }, payoutSchedule: 'manual' };
  const { id, apiKey } = await world.operator.post<{ id: string; apiKey: { secret: string } }>(
    '/v1/marketplaces',
    plan,
  );
  const api = world.as(apiKey.secret);
  const party = { name: `${name} party`, country: 'CN', email: 'desk@party.example' };
  const seller = await api.post<{ id: string }>('/v1/sellers', {
    ...party,
    categoryCode: '5732',
    bankAccount: BANK_ACCOUNT,
  });
  const buyer = await api.post<{ id: string }>('/v1/buyers', party);
  let orders = 0;
  const terms = (): OrderTerms => {
    orders += 1;
    return {
      seller: seller.id,
      buyer: buyer.id,
      reference: `${name}-${orders}`,
      description: 'LED strips',
      total: usd(20_000),
      instalments: [{ amount: usd(20_000), due: 'now' }],
      shipBy: { daysAfterFirstPayment: 5 },
      policy: 'express',
    };
  };
  const token = (): Promise<string> => world.tokenize(id, CARDS.visa);
  const newOrder = (): Promise<OrderView> => api.post('/v1/orders', terms());
  const pay: Market['pay'] = async (order, capture = 'automatic') => {
    const body = { instalment: 1, token: await token(), capture };
    const payment = await api.post<PaymentView>(`/v1/orders/${order}/payments`, body);
    assert.equal(payment.state, capture === 'automatic' ? 'captured' : 'authorized');
    return payment;
  };
  const received = async (): Promise<OrderView> => {
    const { id: order } = await newOrder();
    await pay(order);
    await api.post(`/v1/orders/${order}/ship`, { carrier: 'SF', trackingNumber: '1' });
    return api.post(`/v1/orders/${order}/receive`);
  };
  return { id, secret: apiKey.secret, api, seller: seller.id, buyer: buyer.id, terms, newOrder, pay, received, token };
}

/** A market with an id of every kind that routes take. */
export interface Things {
  readonly order: string;
  readonly payment: string;
  readonly payout: string;
  readonly run: string;
  readonly link: string;
}

export async function createThings(world: World, market: Market): Promise<Things> {
  const order = await market.newOrder();
  const payment = await market.pay(order.id, 'manual');
  await market.received();
  await settle(world);
  const payout = await market.api.post<PayoutView>('/v1/payouts', { seller: market.seller });
  const run = await market.api.post<{ id: string }>('/v1/payout-runs');
  const unpaid = await market.newOrder();
  const link = await market.api.post<{ id: string }>(`/v1/orders/${unpaid.id}/checkout-links`);
  await settle(world);
  return { order: order.id, payment: payment.id, payout: payout.id, run: run.id, link: link.id };
}

/** Goes on to 03:00 UTC of a later day, when nothing is scheduled: from then on the journal moves by our requests only. */
export async function settle(world: World): Promise<void> {
  const clock = createClient(world.addresses.clock);
  const { now } = await clock.get<{ now: string }>('/now');
  const later = Date.parse(`${now.slice(0, 10)}T03:00:00.000Z`) + 86_400_000;
  await clock.post('/advance', { byMs: later - Date.parse(now) });
}

export const seqOf = async (world: World): Promise<string> =>
  (await world.operator.get<{ journal: { seq: string } }>('/v1/system')).journal.seq;
