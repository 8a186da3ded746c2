/**
 * There are no chargebacks with home wallets: a wallet asks, or claims, and who was paid answers. A traveller claims a purchase in a shop
 * abroad; the shop accepts a part, which goes back at the rate of that day after the market has moved. A buyer claims an order
 * here: it stands still, the seller refuses with evidence; a second claim is accepted, and the order is closed as refunded.
 */
import { cast, cents, expect, type Story, type StoryContext, show, usd } from './story.ts';
import type { AccountView, DisputeView, Money, OrderView, Page } from './views.ts';

const WALLET = 'tng';
const ACCOUNT = 'demo';
const PIN = '246810';
const ACQUIRER = 'tokyo';
const SHOP = 'asakusa-tea';

interface WalletDispute {
  readonly disputeId: string;
  readonly kind: string;
  readonly state: string;
  readonly heard: { readonly answer?: string; readonly evidence?: readonly { readonly name: string }[] } | null;
}

interface WalletPayment {
  readonly paymentId: string;
  readonly paymentRequestId: string;
  readonly kind: string;
  readonly payTo: string;
  readonly refundedFrom: string;
}

interface CaseView extends DisputeView {
  readonly payment: string;
}

interface ShopPayment {
  readonly id: string;
  readonly state: string;
  readonly refunds?: readonly { readonly state: string; readonly amount: string }[];
}

export const walletEscalation: Story = {
  name: 'wallet-escalation',
  title: 'Wallets claim: a shop gives back a part at the old rate; an order refuses with evidence, then accepts',
  run: async (context) => {
    const { tell } = context;
    tell.chapter('A claim on a purchase in a shop abroad');
    await claimInShop(context);
    tell.chapter('A claim on an order here');
    const order = await claimOnOrder(context);
    await sidesAgree(context);
    return { expectedBreaks: 0, trace: order.id };
  },
};

async function claimInShop(context: StoryContext): Promise<void> {
  const { world, tell, random } = context;
  const amount = { value: String(4 * random.integer(500, 900)), currency: 'JPY' };
  const names = { walletId: WALLET, account: ACCOUNT };
  const { code } = await world.wallets.post<{ code: string }>('/_sandbox/payment-codes', names);
  const sold = await world.shops.post<ShopPayment>('/_sandbox/payments', {
    ...{ acquirerId: ACQUIRER, merchantId: SHOP, amount, scenario: 'payment_code', paymentCode: code },
  });
  expect(sold.state, 'paid', 'the sale');
  const before = await lastPayment(context);
  tell.step({ who: 'traveller', what: `pays ${show(ringgit(before.payTo))} in a tea house in Tokyo`, amount });

  await claim(context, before, 'one of the four tins was empty');
  const { disputes } = await world.shops.get<{ disputes: readonly { disputeId: string; kind: string }[] }>(
    `/_sandbox/disputes?acquirerId=${ACQUIRER}`,
  );
  expect(
    disputes.map(({ kind }) => kind),
    ['escalation'],
    'what the acquirer was handed',
  );
  await world.fx.post('/_sandbox/rates', { currency: 'MYR', rate: `3.${random.integer(10, 40)}` });
  await world.advance(0, 0.1);
  const part = { ...amount, value: String(cents(amount) / 4n) };
  await world.shops.post('/_sandbox/dispute-answers', {
    ...{ acquirerId: ACQUIRER, disputeId: disputes[0]?.disputeId, answer: 'ACCEPT_PARTIAL_REFUND', amount: part },
    text: 'one tin of four, we are sorry',
  });
  tell.step({ who: 'shop', what: 'accepts a quarter', amount: part });
  await world.advance(0, 0.1);
  const after = await lastPayment(context);
  const share = (BigInt(before.payTo) * cents(part)) / cents(amount);
  expect(after.refundedFrom, String(share), 'a quarter at the rate of the payment');
  expect((await lastDispute(context, before)).state, 'REFUNDED', 'what the wallet knows');
  const booked = await world.shops.get<ShopPayment>(`/_sandbox/payment?acquirerId=${ACQUIRER}&reference=${sold.id}`);
  expect(
    booked.refunds?.map((refund) => [refund.state, refund.amount]),
    [['refunded', part.value]],
    'the shop’s books',
  );
  tell.step({ who: 'wallet', what: `gives back ${show(ringgit(after.refundedFrom))}, whatever the market says` });
}

const ringgit = (value: string): Money => ({ value, currency: 'MYR' });

async function claimOnOrder(context: StoryContext): Promise<OrderView> {
  const { world, tell, random } = context;
  const people = await cast(context, { feeBps: 300, account: '4401778812', schedule: 'manual' });
  const { api, seller } = people;
  const buyer = await api.post<{ id: string }>('/v1/buyers', {
    ...{ name: 'Nur Aisyah', country: 'MY', email: 'aisyah@buyer.example' },
  });
  const total = usd(random.integer(20_000, 40_000));
  const order = await api.post<OrderView>('/v1/orders', {
    ...{ seller: seller.id, buyer: buyer.id, reference: `MY-${random.integer(1000, 9999)}`, description: 'Lamps' },
    ...{ total, instalments: [{ amount: total, due: 'now' }], shipBy: { daysAfterFirstPayment: 10 } },
  });
  const payment = await payAtHome(context, api, order);
  const dispute = (): Promise<CaseView> => latest(api, order);

  await claim(context, payment, 'the lamps are not what was agreed');
  const first = await dispute();
  expect([first.state, first.amount], ['escalation', total], 'the case');
  const { id } = order;
  const refused = await api.send<{ code: string }>('POST', `/v1/payments/${first.payment}/refunds`, {
    ...{ body: { amount: total, reason: 'asked for as well' }, key: `refund-during-claim-${id}` },
  });
  expect([refused.status, refused.body.code], [409, 'dispute_open'], 'no refund beside the claim');
  tell.step({ who: 'wallet', what: 'claims the money; the order stands still', amount: total });
  const content = Buffer.from('The photograph that the buyer agreed to.').toString('base64');
  const documents = [{ name: 'agreed.txt', mediaType: 'text/plain', content }];
  await api.post(`/v1/disputes/${first.id}/evidence`, { documents });
  await api.post(`/v1/disputes/${first.id}/challenge`, {});
  await world.advance(0, 0.1);
  expect((await dispute()).state, 'won', 'refused with evidence');
  const told = await lastDispute(context, payment);
  expect(
    [told.heard?.answer, told.heard?.evidence?.[0]?.name],
    ['REFUSE_REFUND', 'agreed.txt'],
    'what the wallet is told',
  );
  tell.step({ who: 'seller', what: 'refuses with what was agreed; the order is free again' });

  await claim(context, payment, 'half of them are broken as well');
  const second = await dispute();
  await api.post(`/v1/disputes/${second.id}/accept`, {});
  await world.advance(0, 0.1);
  expect((await dispute()).state, 'accepted', 'the second claim');
  expect((await api.get<OrderView>(`/v1/orders/${id}`)).state, 'refunded', 'the order');
  const after = await lastPayment(context);
  expect(after.refundedFrom, after.payTo, 'all of it is back at the wallet');
  tell.step({ who: 'seller', what: 'accepts the second claim; all of it goes back', amount: total });
  const third = await world.wallets.send<{ error: string; message: string }>('POST', '/_sandbox/disputes', {
    body: { paymentId: payment.paymentId, kind: 'escalation', reason: 'and again' },
  });
  expect([third.status, third.body.error], [422, 'refused'], 'a third claim');
  tell.step({ who: 'Causeway', what: 'refuses a third claim: a payment has two' });
  return order;
}

type Api = StoryContext['world']['operator'];

async function payAtHome(context: StoryContext, api: Api, order: OrderView): Promise<WalletPayment> {
  const { world, tell } = context;
  const method = { type: 'wallet', wallet: WALLET };
  const begun = await api.post<{ id: string; action: { url: string } | null }>(`/v1/orders/${order.id}/payments`, {
    ...{ instalment: 1, method },
  });
  const paymentId = new URL(begun.action?.url as string).pathname.split('/').at(-1);
  await world.wallets.post('/_sandbox/confirmations', { walletId: WALLET, account: ACCOUNT, paymentId, pin: PIN });
  await api.post(`/v1/payments/${begun.id}/continue`, {});
  tell.step({ who: 'buyer', what: 'pays with the wallet', amount: order.total });
  return lastPayment(context);
}

/** What the person does on the phone, and a moment for everybody to hear of it. */
async function claim({ world }: StoryContext, { paymentId }: WalletPayment, reason: string): Promise<void> {
  await world.wallets.post('/_sandbox/disputes', { paymentId, kind: 'escalation', reason });
  await world.advance(0, 0.1);
}

async function lastPayment({ world }: StoryContext): Promise<WalletPayment> {
  const { transactions } = await world.wallets.get<{ transactions: readonly WalletPayment[] }>(
    `/_sandbox/transactions?walletId=${WALLET}`,
  );
  const last = transactions.findLast(({ kind }) => kind === 'payment');
  if (last === undefined) throw new Error('nothing was paid');
  return last;
}

async function lastDispute({ world }: StoryContext, { paymentId }: WalletPayment): Promise<WalletDispute> {
  const { disputes } = await world.wallets.get<{ disputes: readonly WalletDispute[] }>(
    `/_sandbox/disputes?paymentId=${paymentId}`,
  );
  return disputes.at(-1) as WalletDispute;
}

const latest = async (api: Api, order: OrderView): Promise<CaseView> =>
  (await api.get<Page<CaseView>>(`/v1/disputes?order=${order.id}`)).data[0] as CaseView;

interface WalletTotals {
  readonly wallets: readonly { readonly walletId: string; readonly owedToHub: string }[];
}

/** What the ledger says the wallet owes is what the wallet says. */
async function sidesAgree({ world }: StoryContext): Promise<void> {
  const { data } = await world.operator.get<Page<AccountView>>('/v1/ledger/accounts?nonZero=true');
  const owed = data.find(({ name, currency }) => name === 'receivable' && currency === 'MYR');
  const { wallets } = await world.wallets.get<WalletTotals>('/_sandbox/totals');
  expect(owed?.balance.value, wallets.find(({ walletId }) => walletId === WALLET)?.owedToHub, 'ledger and wallet');
}
