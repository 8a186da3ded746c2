/** What the card stories share: a marketplace, one order of one instalment, and paying it with a card. */
import { type Cast, type ChargebackTerms, cast, payInCapital, type StoryContext, usd } from './story.ts';
import type { Money, OrderView, PaymentView } from './views.ts';

export interface CardScene extends Cast {
  readonly order: OrderView;
  readonly total: Money;
  /** Pays the instalment with a fresh token of the card. */
  pay(card: string, fields?: object): Promise<PaymentView>;
  reload(): Promise<OrderView>;
  payment(id: string): Promise<PaymentView>;
  /** The rest of the order's life: shipped, received, released by its policy; then the days until everything is settled. */
  finish(): Promise<void>;
}

/** An order whose total the seed chooses from a range of cents; even, so that halves are whole. */
export async function cardScene(
  context: StoryContext,
  from = 5_000,
  to = 90_000,
  chargebacks?: ChargebackTerms,
): Promise<CardScene> {
  const { random } = context;
  await payInCapital(context, 50_000);
  const amount = 2 * random.integer(from / 2, to / 2);
  const total = usd(amount);
  const terms = chargebacks === undefined ? {} : { chargebacks };
  const people = await cast(context, { feeBps: 300, account: '4401778812', schedule: 'daily', ...terms });
  return orderScene(context, people, total);
}

/** A further order of the same marketplace, seller and buyer. */
export async function orderScene({ world, random }: StoryContext, people: Cast, total: Money): Promise<CardScene> {
  const { api, seller, buyer, marketplace } = people;
  const order = await api.post<OrderView>('/v1/orders', {
    seller: seller.id,
    buyer: buyer.id,
    reference: `PO-${random.integer(1000, 9999)}-${random.integer(1000, 9999)}`,
    description: random.pick(['Headsets', 'Desk lamps', 'Valves', 'Wooden trains']),
    total,
    instalments: [{ amount: total, due: 'now' }],
    shipBy: { daysAfterFirstPayment: 10 },
    policy: 'express',
  });
  const path = `/v1/orders/${order.id}`;
  return {
    ...people,
    order,
    total,
    pay: async (card, fields = {}) =>
      api.post<PaymentView>(`${path}/payments`, {
        instalment: 1,
        token: await world.tokenize(marketplace.id, card),
        capture: 'automatic',
        ...fields,
      }),
    reload: () => api.get<OrderView>(path),
    payment: (id) => api.get<PaymentView>(`/v1/payments/${id}`),
    finish: async () => {
      await api.post(`${path}/ship`, { carrier: 'SF', trackingNumber: '1' });
      await api.post(`${path}/receive`);
      await world.advance(8);
    },
  };
}

/** What a browser tells of itself. */
export const CARDHOLDER = {
  returnUrl: 'https://shop.example/back',
  browser: {
    acceptHeader: 'text/html',
    userAgent: 'Mozilla/5.0',
    language: 'en-US',
    ip: '192.0.2.44',
    screenWidth: 390,
    screenHeight: 844,
    colorDepth: 24,
    timeZoneOffset: 360,
  },
} as const;
