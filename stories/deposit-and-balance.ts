/**
 * The main story: a buyer in the US and a supplier in Shenzhen agree on an order; 30 % deposit by one card, 70 % by another;
 * held, shipped, received, released less the fee, paid out by ACH, settled, and matched with the bank's statement.
 */
import {
  CARDS,
  type Cast,
  cast,
  cents,
  expect,
  payInCapital,
  postingsOf,
  type Story,
  type StoryContext,
  show,
  usd,
} from './story.ts';
import type { LineView, OrderView, Page, PaymentView, PayoutView, SellerView } from './views.ts';

const TOTAL_CENTS = 1_200_000;
const FEE_BPS = 250;

export const depositAndBalance: Story = {
  name: 'deposit-and-balance',
  title: 'An order of USD 12,000 from a card in Chicago to a bank account in Shenzhen’s name',
  run: async (context) => {
    // Seed 1 is the story as it is told; other seeds vary amount, split and names.
    const total = context.random.integer(1, 3) === 1 ? TOTAL_CENTS : context.random.integer(5_000, 2_500_000);
    const deposit = Math.floor((total * context.random.integer(20, 50)) / 100);
    return tellStory(context, { total, deposit });
  },
};

/** The story of the demo: USD 12,000.00, 30 % and 70 %. */
export const demoStory: Story = {
  ...depositAndBalance,
  run: (context) => tellStory(context, { total: TOTAL_CENTS, deposit: (TOTAL_CENTS * 30) / 100 }),
};

interface Terms {
  readonly total: number;
  readonly deposit: number;
}

async function tellStory(context: StoryContext, terms: Terms): Promise<{ expectedBreaks: number; trace: string }> {
  const { tell } = context;
  tell.chapter('The parties');
  await payInCapital(context, 200_000);
  const people = await cast(context, { feeBps: FEE_BPS, account: '4401778812', schedule: 'daily' });
  tell.step({
    who: people.marketplace.name,
    what: `takes on ${people.seller.name} (China, US collection account) and the buyer ${people.buyer.name}`,
  });
  const order = await agree(context, people, terms);
  await pay(context, people, order, terms);
  await ship(context, people, order);
  await release(context, people, order, terms);
  await payOut(context, people);
  return { expectedBreaks: 0, trace: order.id };
}

async function agree(
  { tell }: StoryContext,
  { api, seller, buyer }: Cast,
  { total, deposit }: Terms,
): Promise<OrderView> {
  tell.chapter('Terms');
  const order = await api.post<OrderView>('/v1/orders', {
    seller: seller.id,
    buyer: buyer.id,
    reference: 'PO-2026-0417',
    description: 'Portable speakers, 2,000 pieces',
    total: usd(total),
    instalments: [
      { amount: usd(deposit), due: 'now' },
      { amount: usd(total - deposit), due: 'before_shipment' },
    ],
    shipBy: { daysAfterFirstPayment: 30 },
    policy: 'standard',
  });
  tell.step({
    who: 'buyer and seller',
    what: `agree: deposit ${show(usd(deposit))} now, balance ${show(usd(total - deposit))} before shipment`,
    amount: usd(total),
  });
  return order;
}

async function pay(
  { world, tell }: StoryContext,
  { api, marketplace }: Cast,
  order: OrderView,
  { total }: Terms,
): Promise<void> {
  tell.chapter('The money comes in');
  const first = await api.post<PaymentView>(`/v1/orders/${order.id}/payments`, {
    instalment: 1,
    token: await world.tokenize(marketplace.id, CARDS.visa),
    capture: 'automatic',
  });
  expect(first.state, 'captured', 'deposit');
  tell.step({
    who: 'buyer',
    what: `pays the deposit with ${first.card.brand} ••${first.card.last4}`,
    amount: first.amount,
    postings: (await postingsOf(api, order, 'payment.captured')).slice(-1),
  });
  await world.advance(9);
  const second = await api.post<PaymentView>(`/v1/orders/${order.id}/payments`, {
    instalment: 2,
    token: await world.tokenize(marketplace.id, CARDS.mastercard),
    capture: 'manual',
  });
  expect(second.state, 'authorized', 'balance');
  tell.step({
    who: 'buyer',
    what: `authorizes the balance with ${second.card.brand} ••${second.card.last4}; no money has moved`,
    amount: second.amount,
  });
  const captured = await api.post<PaymentView>(`/v1/payments/${second.id}/capture`);
  expect(captured.state, 'captured', 'balance');
  tell.step({
    who: 'marketplace',
    what: 'captures the balance',
    amount: captured.captured,
    postings: (await postingsOf(api, order, 'payment.captured')).slice(-1),
  });
  const held = (await api.get<OrderView>(`/v1/orders/${order.id}`)).held;
  expect(held.value, String(total), 'held after both payments');
  tell.step({ who: 'Causeway', what: 'holds the whole price under protection', amount: held });
}

async function ship({ world, tell }: StoryContext, { api }: Cast, order: OrderView): Promise<void> {
  tell.chapter('The goods');
  await world.advance(12);
  await api.post(`/v1/orders/${order.id}/ship`, { carrier: 'COSCO', trackingNumber: 'COSU6281940' });
  tell.step({ who: 'seller', what: 'ships with COSCO COSU6281940; the automatic receipt clock starts' });
  await world.advance(21);
  await api.post(`/v1/orders/${order.id}/receive`);
  tell.step({ who: 'buyer', what: 'confirms receipt' });
}

async function release(
  { world, tell }: StoryContext,
  { api, seller }: Cast,
  order: OrderView,
  { total }: Terms,
): Promise<void> {
  tell.chapter('Release');
  await api.post(`/v1/orders/${order.id}/release`);
  const released = await api.get<OrderView>(`/v1/orders/${order.id}`);
  const fee = BigInt(Math.round((total * FEE_BPS) / 10_000));
  expect(
    [released.state, cents(released.fee), cents(released.held)].map(String),
    ['released', fee, 0n].map(String),
    'release',
  );
  tell.step({
    who: 'marketplace',
    what: `releases to the seller, less the fee of ${show(released.fee)}`,
    amount: released.released,
    postings: await postingsOf(api, order, 'order.released'),
  });
  const [balance] = (await api.get<SellerView>(`/v1/sellers/${seller.id}`)).balances;
  expect(balance?.available.value, String(BigInt(total) - fee), 'available to the seller');
  await world.advance(0, 1);
}

async function payOut({ world, tell }: StoryContext, { api, seller }: Cast): Promise<void> {
  tell.chapter('Payout');
  await world.advance(1);
  const { data } = await api.get<Page<PayoutView>>(`/v1/payouts?seller=${seller.id}`);
  const payout = data[0];
  if (payout === undefined) throw new Error('the daily run made no payout');
  tell.step({
    who: 'daily payout run',
    what: `pays out everything available; ACH trace ${payout.trace}`,
    amount: payout.amount,
  });
  await world.advance(6);
  const paid = await api.get<PayoutView>(`/v1/payouts/${payout.id}`);
  expect(paid.state, 'paid', 'payout');
  const lines = (await world.operator.get<Page<LineView>>('/v1/reconciliation/lines?state=explained&limit=100')).data;
  tell.step({
    who: 'bank',
    what: `has booked ${lines.length} lines, every one explained: ${[...new Set(lines.map(({ explainedAs }) => explainedAs))].join(', ')}`,
    amount: paid.amount,
  });
}
