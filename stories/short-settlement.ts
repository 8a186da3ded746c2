/** A planted short payment: the acquirer pays less than its file says. Reconciliation finds it, says why, and a person closes it. */
import { CARDS, cast, expect, payInCapital, type Story, show, usd } from './story.ts';
import type { BreakView, OrderView, Page, PaymentView } from './views.ts';

export const shortSettlement: Story = {
  name: 'short-settlement',
  title: 'The acquirer pays less than it reported; the break says by how much and is closed by a signed reason',
  run: async (context) => {
    const { world, tell, random } = context;
    const missing = random.integer(1, 900);
    await payInCapital(context, 50_000);
    const { api, seller, buyer, marketplace } = await cast(context, {
      feeBps: 300,
      account: '4401778812',
      schedule: 'manual',
    });
    const order = await api.post<OrderView>('/v1/orders', {
      seller: seller.id,
      buyer: buyer.id,
      reference: 'PO-9',
      description: 'Cables',
      total: usd(64_000),
      instalments: [{ amount: usd(64_000), due: 'now' }],
      shipBy: { daysAfterFirstPayment: 3 },
      policy: 'express',
    });
    await world.acquirer.post('/_sandbox/short-payment', { currency: 'USD', amount: String(missing) });
    const payment = await api.post<PaymentView>(`/v1/orders/${order.id}/payments`, {
      instalment: 1,
      token: await world.tokenize(marketplace.id, CARDS.discover),
      capture: 'automatic',
    });
    expect(payment.state, 'captured', 'payment');
    tell.step({ who: 'buyer', what: 'pays', amount: usd(64_000) });
    await world.advance(6);
    const { data } = await world.operator.get<Page<BreakView>>('/v1/reconciliation/breaks?state=open');
    expect(
      data.map(({ kind, amount }) => [kind, amount?.value]),
      [['settlement_short', String(missing)]],
      'open breaks',
    );
    const found = data[0] as BreakView;
    tell.step({ who: 'reconciliation', what: `finds a break: ${found.reason}`, amount: usd(missing) });
    await world.operator.post(`/v1/reconciliation/breaks/${found.id}/close`, {
      reason: 'below the tolerance agreed with the acquirer',
      by: 'finance',
    });
    tell.step({
      who: 'finance',
      what: `closes it with a signed reason; ${show(usd(missing))} goes to reconciliation_difference`,
    });
    return { expectedBreaks: 0, trace: order.id };
  },
};
