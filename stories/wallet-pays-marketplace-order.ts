/**
 * A buyer in Malaysia pays an order in dollars with the wallet they have at home, in ringgit, at one rate with everything in it.
 * A part of it is refunded at that rate after the market has moved; the rest is released and paid out, as after a card. What
 * the ledger says the wallet owes is what the wallet says it owes, until it has settled.
 */
import { cast, cents, expect, payInCapital, type Story, type StoryContext, show, usd } from './story.ts';
import type { AccountView, Money, OrderView, Page, PayoutView } from './views.ts';

interface Offer {
  readonly wallet: string;
  readonly name: string;
  readonly payTo: Money;
  readonly rate: string;
  readonly fee: Money;
}

interface WalletPaymentView {
  readonly id: string;
  readonly state: string;
  readonly amount: Money;
  readonly refunded: Money;
  readonly action: { readonly kind: string; readonly url: string } | null;
  readonly wallet: { readonly payTo: Money; readonly paidBack: Money; readonly rate: string; readonly fee: Money };
}

const WALLET = 'tng';
const ACCOUNT = 'demo';
/** Of every account of the sandbox's wallets. */
const PIN = '246810';

export const walletPaysMarketplaceOrder: Story = {
  name: 'wallet-pays-marketplace-order',
  title: 'A home wallet pays an order in another currency; a part goes back at the same rate, the seller is paid out',
  run: async (context) => {
    const { world, tell, random } = context;
    // The wallet settles two working days after the day's close; until then the operator's own money stands in for what it owes.
    await payInCapital(context, 100_000);
    const people = await cast(context, { feeBps: 300, account: '4401778812', schedule: 'manual' });
    const { api, seller } = people;
    const buyer = await api.post<{ id: string }>('/v1/buyers', {
      name: 'Nur Aisyah',
      country: 'MY',
      email: 'aisyah@buyer.example',
    });
    const total = usd(random.integer(20_000, 40_000));
    const order = await api.post<OrderView>('/v1/orders', {
      seller: seller.id,
      buyer: buyer.id,
      reference: `MY-${random.integer(1000, 9999)}`,
      description: 'Sample lamps',
      total,
      instalments: [{ amount: total, due: 'now' }],
      shipBy: { daysAfterFirstPayment: 10 },
    });

    tell.chapter('The buyer pays at home');
    const payment = await payAtHome(context, people.api, order);
    tell.chapter('The market moves, and a part goes back');
    await refundAtOldRate(context, people.api, payment);

    tell.chapter('The order goes on as after a card');
    await api.post(`/v1/orders/${order.id}/ship`, { carrier: 'DHL', trackingNumber: 'MY1' });
    await api.post(`/v1/orders/${order.id}/receive`, {});
    await world.advance(3);
    const released = await api.get<OrderView>(`/v1/orders/${order.id}`);
    expect(released.state, 'released', 'the order after receipt and two days');
    tell.step({ who: 'Causeway', what: 'releases to the seller what is held, less the fee' });
    const payout = await api.post<PayoutView>('/v1/payouts', { seller: seller.id });
    await world.advance(4);
    expect((await api.get<PayoutView>(`/v1/payouts/${payout.id}`)).state, 'paid', 'the payout');
    tell.step({ who: 'bank', what: 'has paid the seller', amount: payout.amount });
    await sidesAgree(context, 'bank');
    tell.step({ who: 'wallet', what: 'has settled: what it owed is on our account in ringgit' });
    return { expectedBreaks: 0, trace: order.id };
  },
};

type Api = StoryContext['world']['operator'];

async function payAtHome(context: StoryContext, api: Api, order: OrderView): Promise<WalletPaymentView> {
  const { world, tell } = context;
  const methods = await api.get<{ wallets: readonly Offer[] }>(`/v1/orders/${order.id}/payment-methods`);
  const offer = methods.wallets.find(({ wallet }) => wallet === WALLET);
  if (offer === undefined) throw new Error('the wallet is not offered');
  tell.step({
    who: 'buyer',
    what: `is offered ${offer.name} at ${offer.rate}, of it fee ${show(offer.fee)}`,
    amount: offer.payTo,
  });
  const method = { type: 'wallet', wallet: WALLET };
  const begun = await api.post<WalletPaymentView>(`/v1/orders/${order.id}/payments`, { instalment: 1, method });
  expect([begun.state, begun.action?.kind], ['pending', 'redirect'], 'the payment waits for the buyer');
  const paymentId = new URL(begun.action?.url as string).pathname.split('/').at(-1);
  await world.wallets.post('/_sandbox/confirmations', { walletId: WALLET, account: ACCOUNT, paymentId, pin: PIN });
  tell.step({ who: 'buyer', what: 'confirms with the PIN on the wallet’s page', amount: begun.wallet.payTo });
  const paid = await api.post<WalletPaymentView>(`/v1/payments/${begun.id}/continue`, {});
  expect(paid.state, 'captured', 'the payment once the buyer is back');
  tell.step({ who: 'Causeway', what: 'asks the wallet, and holds the order’s amount', amount: paid.amount });
  await sidesAgree(context);
  return paid;
}

async function refundAtOldRate(context: StoryContext, api: Api, payment: WalletPaymentView): Promise<void> {
  const { world, tell, random } = context;
  await world.fx.post('/_sandbox/rates', { currency: 'MYR', rate: `3.${random.integer(10, 40)}` });
  await world.advance(0, 0.1);
  const part = usd(cents(payment.amount) / 4n);
  await api.post(`/v1/payments/${payment.id}/refunds`, { amount: part, reason: 'one lamp was missing' });
  const after = await api.get<WalletPaymentView>(`/v1/payments/${payment.id}`);
  const share = (cents(payment.wallet.payTo) * cents(part)) / cents(payment.amount);
  expect(
    after.wallet.paidBack,
    { ...payment.wallet.payTo, value: String(share) },
    'a quarter at the payment’s own rate',
  );
  tell.step({
    who: 'wallet',
    what: `pays back ${show(after.wallet.paidBack)}, whatever the market says`,
    amount: part,
  });
  await sidesAgree(context);
}

interface WalletTotals {
  readonly wallets: readonly {
    readonly walletId: string;
    readonly owedToHub: string;
    readonly balancesRight: boolean;
  }[];
}

/** The ledger has what the wallet says it owes: as owed by it, or once it has settled, at the bank. */
async function sidesAgree({ world }: StoryContext, account: 'receivable' | 'bank' = 'receivable'): Promise<void> {
  const { data } = await world.operator.get<Page<AccountView>>('/v1/ledger/accounts?nonZero=true');
  const owed = data.find(({ name, currency }) => name === account && currency === 'MYR');
  const { wallets } = await world.wallets.get<WalletTotals>('/_sandbox/totals');
  const theirs = wallets.find(({ walletId }) => walletId === WALLET);
  expect([owed?.balance.value, true], [theirs?.owedToHub, theirs?.balancesRight], 'ledger and wallet');
}
