/** Refunds before release: a part of the balance first, then everything that is left; the order closes, nothing is held. */
import { CARDS, cast, cents, expect, payInCapital, type Story, usd } from './story.ts';
import type { OrderView, PaymentView } from './views.ts';

export const refundBeforeRelease: Story = {
  name: 'refund-before-release',
  title: 'A buyer is refunded in part, then in full, before anything was released',
  run: async (context) => {
    const { world, tell, random } = context;
    await payInCapital(context, 50_000);
    const total = random.integer(20_000, 400_000);
    const { api, seller, buyer, marketplace } = await cast(context, {
      feeBps: 200,
      account: '4401778812',
      schedule: 'daily',
    });
    const order = await api.post<OrderView>('/v1/orders', {
      seller: seller.id,
      buyer: buyer.id,
      reference: 'PO-3',
      description: 'Lamps',
      total: usd(total),
      instalments: [
        { amount: usd(Math.floor(total / 2)), due: 'now' },
        { amount: usd(total - Math.floor(total / 2)), due: 'before_shipment' },
      ],
      shipBy: { daysAfterFirstPayment: 10 },
      policy: 'standard',
    });
    const payments: PaymentView[] = [];
    for (const [index, card] of [CARDS.visa, CARDS.amex].entries()) {
      payments.push(
        await api.post<PaymentView>(`/v1/orders/${order.id}/payments`, {
          instalment: index + 1,
          token: await world.tokenize(marketplace.id, card),
          capture: 'automatic',
        }),
      );
    }
    tell.step({ who: 'buyer', what: 'pays deposit and balance', amount: usd(total) });
    const [first, second] = payments as [PaymentView, PaymentView];
    const part = Math.max(1, Math.floor(Number(second.amount.value) / 3));
    await api.post(`/v1/payments/${second.id}/refunds`, { amount: usd(part), reason: 'fewer pieces than agreed' });
    tell.step({ who: 'marketplace', what: 'refunds a part to the second card', amount: usd(part) });
    expect(
      cents((await api.get<OrderView>(`/v1/orders/${order.id}`)).held).toString(),
      String(total - part),
      'held after the partial refund',
    );
    await world.advance(2);
    await api.post(`/v1/payments/${second.id}/refunds`, {
      amount: usd(cents(second.amount) - BigInt(part)),
      reason: 'order given up',
    });
    await api.post(`/v1/payments/${first.id}/refunds`, { amount: first.amount, reason: 'order given up' });
    const closed = await api.get<OrderView>(`/v1/orders/${order.id}`);
    expect([closed.state, closed.held.value], ['refunded', '0'], 'order');
    tell.step({
      who: 'marketplace',
      what: 'refunds the rest to both cards; the order is closed, nothing is held',
      amount: usd(total - part),
    });
    await world.advance(6);
    return { expectedBreaks: 0, trace: order.id };
  },
};
