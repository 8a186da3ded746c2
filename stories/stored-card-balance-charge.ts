/**
 * The buyer pays a deposit of 30 % and agrees that the card is kept for the balance. When the goods are ready the marketplace
 * charges it alone: declined on the first day, as its issuer cannot be reached, approved on the next; then the agreement is fulfilled and its
 * card gone. For what it orders later the buyer agrees to a maximum: more is refused, the buyer pays it in person, and when the
 * buyer deletes the card nothing can be charged any more.
 */
import { randomUUID } from 'node:crypto';
import { sleep } from '../src/base/clock.ts';
import { CARDS, type Cast, cast, expect, payInCapital, type Story, type StoryContext, show, usd } from './story.ts';
import type { AgreementView, OrderView, PaymentView } from './views.ts';

export const storedCardBalanceCharge: Story = {
  name: 'stored-card-balance-charge',
  title: 'A card is kept for the balance and charged without the buyer, within what was agreed, until it is deleted',
  run: async (context) => {
    await payInCapital(context, 200_000);
    const people = await cast(context, { feeBps: 300, account: '4401778812', schedule: 'daily' });
    // Below the rules' amount for authentication; tens such that no amount is a trigger of the sandbox.
    const total = 1000 * context.random.integer(20, 90) + 10 * context.random.integer(1, 8);
    const first = await balanceOfOrder(context, people, total);
    const second = await laterOrders(context, people, total);
    for (const order of [first, ...second]) await deliver(people, order);
    await context.world.advance(10);
    return { expectedBreaks: 0, trace: first.id };
  },
};

async function balanceOfOrder(context: StoryContext, people: Cast, total: number): Promise<OrderView> {
  const { world, tell, random } = context;
  const { api } = people;
  tell.chapter('The balance of an order');
  const deposit = (total * 30) / 100;
  const order = await agreeOrder(people, 'PO-1', [deposit, total - deposit]);
  const card = random.pick([CARDS.visa, CARDS.mastercard]);
  const keepCard = { scope: 'order', terms: 'card-on-file-2026-01' };
  const paid = await pay(people, order, 1, { token: await world.tokenize(people.marketplace.id, card), keepCard });
  expect([paid.state, paid.initiatedBy], ['captured', 'buyer'], 'deposit');
  const agreement = await activeAgreement(people, paid);
  expect(agreement.maximum, usd(total - deposit), 'maximum');
  tell.step({
    who: 'buyer',
    what: `pays the deposit with ${agreement.card?.brand} ••${agreement.card?.last4} and agrees to have it kept for the balance`,
    amount: paid.amount,
  });
  await world.advance(9);
  const charge = { agreement: agreement.id, initiatedBy: 'marketplace' };
  await world.acquirer.post('/_sandbox/faults', { kind: 'issuer_unreachable', operation: 'payments', count: 1 });
  const declined = await pay(people, order, 2, charge);
  expect([declined.state, declined.decline?.code], ['declined', 'PROCESSOR_DECLINE'], 'first charge');
  expect((await read(people, agreement.id)).state, 'active', 'a soft decline ends nothing');
  tell.step({ who: 'marketplace', what: 'charges the balance without the buyer; its issuer cannot be reached today' });
  await world.advance(1);
  const charged = await pay(people, order, 2, charge);
  expect([charged.state, charged.initiatedBy, charged.agreement], ['captured', 'marketplace', agreement.id], 'balance');
  tell.step({ who: 'marketplace', what: 'charges it the next day', amount: charged.captured });
  const fulfilled = await read(people, agreement.id);
  expect([fulfilled.state, fulfilled.ended?.reason], ['ended', 'fulfilled'], 'agreement');
  await world.advance(0, 1);
  expect((await cardsOf(people)).length, 0, 'cards that are kept');
  tell.step({ who: 'Causeway', what: 'ends the agreement, which is fulfilled, and deletes the card' });
  return api.get<OrderView>(`/v1/orders/${order.id}`);
}

async function laterOrders(context: StoryContext, people: Cast, total: number): Promise<readonly OrderView[]> {
  const { world, tell } = context;
  tell.chapter('Later orders');
  const first = await agreeOrder(people, 'PO-2', [total]);
  const keepCard = { scope: 'unscheduled', maximum: usd(total), terms: 'card-on-file-2026-01' };
  const token = await world.tokenize(people.marketplace.id, CARDS.visa);
  const agreement = await activeAgreement(people, await pay(people, first, 1, { token, keepCard }));
  tell.step({ who: 'buyer', what: `agrees to later charges of at most ${show(usd(total))} each` });
  const alone = { agreement: agreement.id, initiatedBy: 'marketplace' };
  const within = await agreeOrder(people, 'PO-3', [total]);
  expect((await pay(people, within, 1, alone)).state, 'captured', 'within the maximum');
  const above = await agreeOrder(people, 'PO-4', [total + 10]);
  await refused(people, above, alone, 'amount_exceeds_agreement');
  tell.step({ who: 'marketplace', what: 'may charge the maximum, and not a dime more', amount: above.total });
  const inPerson = await pay(people, above, 1, { agreement: agreement.id, initiatedBy: 'buyer' });
  expect([inPerson.state, inPerson.initiatedBy], ['captured', 'buyer'], 'the buyer in person');
  tell.step({ who: 'buyer', what: 'pays it in person with the kept card', amount: inPerson.amount });
  const [card] = await cardsOf(people);
  const deleted = await people.api.delete<{ state: string }>(`/v1/buyers/${people.buyer.id}/cards/${card?.id}`);
  expect([deleted.state, (await cardsOf(people)).length], ['deleted', 0], 'the card');
  expect((await read(people, agreement.id)).ended?.reason, 'card_deleted', 'the agreement');
  const last = await agreeOrder(people, 'PO-5', [total]);
  await refused(people, last, alone, 'agreement_not_active');
  await refused(people, last, { ...alone, initiatedBy: 'buyer' }, 'agreement_not_active');
  tell.step({ who: 'buyer', what: 'deletes the card; nothing can be charged to it any more' });
  await people.api.post(`/v1/orders/${last.id}/cancel`, { reason: 'no card' });
  return [first, within, above];
}

function agreeOrder({ api, seller, buyer }: Cast, reference: string, parts: readonly number[]): Promise<OrderView> {
  return api.post<OrderView>('/v1/orders', {
    seller: seller.id,
    buyer: buyer.id,
    reference,
    description: 'Desk lamps',
    total: usd(parts.reduce((sum, amount) => sum + amount, 0)),
    instalments: parts.map((amount, index) => ({
      amount: usd(amount),
      due: index === 0 ? 'now' : 'before_shipment',
    })),
    shipBy: { daysAfterFirstPayment: 30 },
    policy: 'express',
  });
}

const pay = ({ api }: Cast, order: OrderView, instalment: number, card: object): Promise<PaymentView> =>
  api.post<PaymentView>(`/v1/orders/${order.id}/payments`, { instalment, capture: 'automatic', ...card });

async function refused({ api }: Cast, order: OrderView, card: object, code: string): Promise<void> {
  const body = { instalment: 1, ...card };
  const answer = await api.send<{ code: string }>('POST', `/v1/orders/${order.id}/payments`, {
    body,
    key: randomUUID(),
  });
  expect([answer.status >= 400, answer.body.code], [true, code], `a charge of ${show(order.total)}`);
}

const read = ({ api }: Cast, id: string): Promise<AgreementView> => api.get<AgreementView>(`/v1/agreements/${id}`);

const cardsOf = async ({ api, buyer }: Cast): Promise<readonly { readonly id: string }[]> =>
  (await api.get<{ data: readonly { id: string }[] }>(`/v1/buyers/${buyer.id}/cards`)).data;

/** The card is stored by a job right after the payment. */
async function activeAgreement(people: Cast, { agreement: id }: PaymentView): Promise<AgreementView> {
  for (let look = 0; look < 100; look += 1) {
    const agreement = await read(people, id as string);
    if (agreement.state !== 'pending') {
      expect([agreement.state, agreement.card?.state], ['active', 'stored'], 'agreement');
      return agreement;
    }
    await sleep(50);
  }
  throw new Error('the card was not stored within five seconds');
}

async function deliver({ api }: Cast, { id }: OrderView): Promise<void> {
  await api.post(`/v1/orders/${id}/ship`, { carrier: 'SF', trackingNumber: '1' });
  await api.post(`/v1/orders/${id}/receive`);
}
