/**
 * A payout comes back: the supplier gave an account that does not exist. The bank returns the entry with R03, the seller is
 * credited again, nothing more is paid until the account is corrected, and then the corrected account is paid.
 */

import { Refused } from './client.ts';
import { CARDS, type Cast, cast, expect, payInCapital, type Story, type StoryContext, usd } from './story.ts';
import type { OrderView, Page, PaymentView, PayoutView, SellerView } from './views.ts';

/** The sandbox bank returns entries to accounts that begin with 9900 with the R-code of the last two digits. */
const NO_SUCH_ACCOUNT = '990003';

export const payoutReturned: Story = {
  name: 'payout-returned',
  title: 'The bank returns a payout (R03); the seller is credited again and the corrected account is paid',
  run: async (context) => {
    const total = context.random.integer(10_000, 900_000);
    context.tell.chapter('An order is paid, received and released');
    await payInCapital(context, 100_000);
    const people = await cast(context, {
      feeBps: context.random.integer(100, 400),
      account: NO_SUCH_ACCOUNT,
      schedule: 'manual',
    });
    const order = await fastOrder(context, people, total);
    await context.world.advance(4);
    await returned(context, people);
    await corrected(context, people);
    return { expectedBreaks: 0, trace: order.id };
  },
};

async function fastOrder(
  { world, tell }: StoryContext,
  { api, seller, buyer, marketplace }: Cast,
  total: number,
): Promise<OrderView> {
  const order = await api.post<OrderView>('/v1/orders', {
    seller: seller.id,
    buyer: buyer.id,
    reference: 'PO-77',
    description: 'LED strips',
    total: usd(total),
    instalments: [{ amount: usd(total), due: 'now' }],
    shipBy: { daysAfterFirstPayment: 5 },
    policy: 'express',
  });
  const payment = await api.post<PaymentView>(`/v1/orders/${order.id}/payments`, {
    instalment: 1,
    token: await world.tokenize(marketplace.id, CARDS.visa),
    capture: 'automatic',
  });
  expect(payment.state, 'captured', 'payment');
  await api.post(`/v1/orders/${order.id}/ship`, { carrier: 'SF', trackingNumber: 'SF1099' });
  tell.step({ who: 'buyer', what: 'pays in one instalment; the seller ships', amount: usd(total) });
  // Nobody confirms: the deadline of the policy does, and releases at once.
  await world.advance(10, 1);
  const released = await api.get<OrderView>(`/v1/orders/${order.id}`);
  expect(released.state, 'released', 'order after the receipt deadline');
  tell.step({
    who: 'deadline',
    what: 'counts the goods as received after ten days and releases',
    amount: released.released,
  });
  return released;
}

async function returned({ world, tell }: StoryContext, { api, seller }: Cast): Promise<void> {
  tell.chapter('The payout comes back');
  const payout = await api.post<PayoutView>('/v1/payouts', { seller: seller.id });
  tell.step({ who: 'marketplace', what: 'pays out to the account on file', amount: payout.amount });
  await world.advance(8);
  const back = await api.get<PayoutView>(`/v1/payouts/${payout.id}`);
  expect([back.state, back.returnReason?.code], ['returned', 'R03'], 'payout');
  const after = await api.get<SellerView>(`/v1/sellers/${seller.id}`);
  expect(after.balances[0]?.available.value, payout.amount.value, 'the seller has the money again');
  tell.step({
    who: 'bank',
    what: `returns it: ${back.returnReason?.code} ${back.returnReason?.text}; the seller is credited again`,
    amount: back.amount,
  });
  const again = await api.post('/v1/payouts', { seller: seller.id }).catch((error: unknown) => error);
  expect(again instanceof Refused ? again.problem.code : again, 'payouts_blocked', 'a payout before the correction');
  tell.step({ who: 'Causeway', what: 'refuses another payout until the account is corrected' });
}

async function corrected({ world, tell }: StoryContext, { api, seller }: Cast): Promise<void> {
  tell.chapter('The corrected account is paid');
  await api.put(`/v1/sellers/${seller.id}/bank-account`, {
    country: 'US',
    routingNumber: '121042882',
    accountNumber: '4401778812',
    accountType: 'checking',
    holderName: seller.name,
  });
  const payout = await api.post<PayoutView>('/v1/payouts', { seller: seller.id });
  await world.advance(8);
  const paid = await api.get<PayoutView>(`/v1/payouts/${payout.id}`);
  expect(paid.state, 'paid', 'second payout');
  const { data } = await api.get<Page<PayoutView>>(`/v1/payouts?seller=${seller.id}`);
  expect(
    data.map(({ state }) => state),
    ['paid', 'returned'],
    'payouts of the seller',
  );
  tell.step({ who: 'bank', what: 'books the second payout; it stays', amount: paid.amount });
}
