/**
 * The acquirer captures, and its answer is lost. The outcome is unknown, not failed: the buyer is not charged again, a repeat
 * with the same key gets the same payment, and inquiry learns what happened.
 */
import { randomUUID } from 'node:crypto';
import { CARDS, cast, expect, payInCapital, type Story, usd } from './story.ts';
import type { OrderView, PaymentView } from './views.ts';

export const lostAnswer: Story = {
  name: 'lost-answer',
  title: 'The acquirer acts and its answer is lost; the payment is found by inquiry, charged once',
  run: async (context) => {
    const { world, tell, random } = context;
    await payInCapital(context, 50_000);
    const total = random.integer(5_000, 90_000);
    const { api, seller, buyer, marketplace } = await cast(context, {
      feeBps: 300,
      account: '4401778812',
      schedule: 'manual',
    });
    const order = await api.post<OrderView>('/v1/orders', {
      seller: seller.id,
      buyer: buyer.id,
      reference: 'PO-5',
      description: 'Headsets',
      total: usd(total),
      instalments: [{ amount: usd(total), due: 'now' }],
      shipBy: { daysAfterFirstPayment: 3 },
      policy: 'express',
    });
    await world.acquirer.post('/_sandbox/faults', { kind: 'notify_drop', operation: 'any', count: 1 });
    await world.acquirer.post('/_sandbox/faults', { kind: 'drop_after', operation: 'payments', count: 1 });
    const token = await world.tokenize(marketplace.id, CARDS.visa);
    const key = randomUUID();
    const body = { instalment: 1, token, capture: 'automatic' };
    const first = await api.send<PaymentView>('POST', `/v1/orders/${order.id}/payments`, { body, key });
    expect([first.status, first.body.state, first.body.checking], [202, 'pending', true], 'answer without an outcome');
    tell.step({
      who: 'Causeway',
      what: 'cannot hear the acquirer: "we are checking with the bank"',
      amount: usd(total),
    });
    const second = await api.send<{ code: string }>('POST', `/v1/orders/${order.id}/payments`, {
      body: { ...body, token: await world.tokenize(marketplace.id, CARDS.visa) },
      key: randomUUID(),
    });
    expect([second.status, second.body.code], [409, 'payment_in_progress'], 'a second attempt');
    tell.step({ who: 'Causeway', what: 'refuses a second attempt while the first is open' });
    await world.advance(0, 1);
    const found = await api.send<PaymentView>('POST', `/v1/orders/${order.id}/payments`, { body, key });
    expect([found.status, found.body.state, found.body.id], [201, 'captured', first.body.id], 'the same request again');
    tell.step({
      who: 'inquiry',
      what: 'finds the capture under our reference; the repeat gets the same payment',
      amount: found.body.captured,
    });
    await world.advance(5);
    return { expectedBreaks: 0, trace: order.id };
  },
};
