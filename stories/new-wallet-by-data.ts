/**
 * A wallet from Vietnam that this program has never heard of is added as data, while everything runs: no restart and no code.
 * Before that nothing it says is believed; afterwards it pays in a shop in Tokyo at once, in a currency without decimals, gets a
 * part back at the payment's own rate, and is held to the markets it may be used in. Ledger, wallet and acquirer agree.
 */
import type { Client } from './client.ts';
import { expect, type Story, type StoryContext, show } from './story.ts';
import type { AccountView, Money, Page } from './views.ts';

/** As an operator gets it with a contract; the sandbox plays the wallet's side from the same data. */
const FACTS = { name: 'Lotus Pay', brandCode: 'LOTUS', country: 'VN', currency: 'VND' } as const;
const SLUG = 'lotus';
const PHONE = { walletId: SLUG, account: 'demo' };
const TOKYO = { acquirerId: 'SBXACQJP00000001', merchantId: 'asakusa-tea' };
const SEOUL = { acquirerId: 'SBXACQKR00000001', merchantId: 'bukchon-books' };

interface Side {
  readonly pspId: string;
  readonly baseUrl: string;
  readonly keyVersion: string;
  readonly publicKey: string;
}

interface Taken {
  readonly paymentId: string;
  readonly state: string;
  readonly resultCode: string;
}

interface HubPayment {
  readonly amount: Money;
  readonly payTo: Money;
  readonly settlement: Money;
  readonly price: { readonly shownRate: string; readonly shownFee: Money };
  readonly refunds: readonly { readonly amount: Money; readonly payBack: Money }[];
}

export const newWalletByData: Story = {
  name: 'new-wallet-by-data',
  title: 'A wallet nobody here knew is added as data while everything runs, and pays in a shop abroad at once',
  run: async (context) => {
    const { world, tell, random } = context;
    tell.chapter('A wallet that is not known');
    const limits = [{ setBy: FACTS.name, per: 'payment', kind: 'max', amount: '20000000' }];
    await world.wallets.post('/_sandbox/wallets', {
      ...{ walletId: SLUG, ...FACTS, pspId: `SBX0000000009${random.integer(100, 999)}`, limits },
      ...{ modes: ['userPresented', 'merchantPresented'], locale: 'vi-VN', colour: '#b03060', startBalance: '9000000' },
    });
    const theirs = await world.wallets.get<Side>(`/_sandbox/wallets/${SLUG}`);
    expect(/INVALID_CLIENT/.test(await refusal(world.wallets)), true, 'a code for a stranger is refused');
    tell.step({ who: FACTS.name, what: 'asks for a code to show, and is believed nothing: nobody knows its key' });

    tell.chapter('It is added');
    await addWallet(context, theirs);

    tell.chapter('It pays');
    const payment = await payInTokyo(context, random.integer(1_000, 9_000));
    await refundAPart(context, payment);

    tell.chapter('It works where it is said to');
    const elsewhere = await charge(context, SEOUL, { value: '12000', currency: 'KRW' });
    expect([elsewhere.state, elsewhere.resultCode], ['failed', 'BUSINESS_NOT_SUPPORT'], 'a shop where it is not used');
    tell.step({ who: 'shop in Seoul', what: 'is told that this wallet does not work there' });
    await world.operator.post(`/v1/wallets/${SLUG}/markets`, { markets: { KR: 'live' } });
    const there = await charge(context, SEOUL, { value: '12000', currency: 'KRW' });
    expect(there.state, 'paid', 'the same shop once the market is live');
    tell.step({ who: 'operator', what: 'opens Korea for it; the next code is taken there' });
    await sidesAgree(context);
    return { expectedBreaks: 0, trace: payment };
  },
};

async function addWallet({ world, tell }: StoryContext, theirs: Side): Promise<void> {
  const { pspId, baseUrl, keyVersion, publicKey } = theirs;
  const { name, ...facts } = FACTS;
  await world.operator.post('/v1/participants', {
    ...{ participantId: pspId, name, publicKey, keyVersion },
    wallet: {
      ...{ slug: SLUG, ...facts, modes: ['userPresented', 'merchantPresented'], endpoint: baseUrl },
      limits: [{ setBy: name, per: 'payment', kind: 'max', amount: { value: '20000000', currency: 'VND' } }],
      markets: { JP: 'live' },
    },
  });
  tell.step({ who: 'operator', what: `adds ${name}: names, currency, limit, address, key; live in Japan alone` });
}

/** @returns the hub's id of the payment. */
async function payInTokyo(context: StoryContext, yen: number): Promise<string> {
  const { world, tell } = context;
  const taken = await charge(context, TOKYO, { value: String(yen), currency: 'JPY' });
  expect(taken.state, 'paid', 'the first payment of the new wallet');
  const payment = await read(world.operator, taken.paymentId);
  const { price, payTo } = payment;
  tell.step({
    ...{ who: 'traveller', what: `pays at ${price.shownRate}, of it fee ${show(price.shownFee)}`, amount: payTo },
  });
  expect(payment.settlement, payment.amount, 'the acquirer in Tokyo gets what the shop sold for');
  await sidesAgree(context);
  return taken.paymentId;
}

async function refundAPart(context: StoryContext, id: string): Promise<void> {
  const { world, tell } = context;
  await world.fx.post('/_sandbox/rates', { currency: 'VND', rate: '26200' });
  await world.advance(0, 0.1);
  const { amount, payTo } = await read(world.operator, id);
  const part = BigInt(amount.value) / 4n;
  await world.shops.post('/_sandbox/refunds', { ...TOKYO, payment: id, amount: String(part) });
  const { refunds } = await read(world.operator, id);
  const share = (BigInt(payTo.value) * part) / BigInt(amount.value);
  expect(refunds[0]?.payBack, { ...payTo, value: String(share) }, 'a part at the payment’s own rate');
  tell.step({
    ...{ who: 'shop', what: 'gives a part back, whatever the market says now', amount: refunds[0]?.payBack as Money },
  });
  await sidesAgree(context);
}

/** A shop charges the code of a phone. */
async function charge({ world }: StoryContext, shop: typeof TOKYO, amount: Money): Promise<Taken> {
  const { code } = await world.wallets.post<{ code: string }>('/_sandbox/payment-codes', PHONE);
  const by = { scenario: 'payment_code', paymentCode: code };
  return world.shops.post<Taken>('/_sandbox/payments', { ...shop, ...by, amount });
}

const read = (operator: Client, id: string): Promise<HubPayment> => operator.get(`/v1/hub-payments/${id}`);

/** What the phone is told when it asks for a code and gets none. */
const refusal = (phones: Client): Promise<string> =>
  phones.post('/_sandbox/payment-codes', PHONE).then(
    () => 'a code',
    (error: unknown) => String(error),
  );

interface WalletTotals {
  readonly wallets: readonly { walletId: string; owedToHub: string; balancesRight: boolean }[];
}

interface ShopTotals {
  readonly acquirers: readonly {
    readonly acquirerId: string;
    readonly owed: readonly { readonly currency: string; readonly owed: string }[];
  }[];
}

/** The ledger, the wallet and each acquirer say the same of what is owed. */
async function sidesAgree({ world }: StoryContext): Promise<void> {
  const { data } = await world.operator.get<Page<AccountView>>('/v1/ledger/accounts?nonZero=true');
  const booked = (name: string, currency: string): string =>
    data.find((account) => account.name === name && account.currency === currency)?.balance.value ?? '0';
  const { wallets } = await world.wallets.get<WalletTotals>('/_sandbox/totals');
  const theirs = wallets.find(({ walletId }) => walletId === SLUG);
  expect([booked('receivable', 'VND'), true], [theirs?.owedToHub, theirs?.balancesRight], 'ledger and wallet');
  const { acquirers } = await world.shops.get<ShopTotals>('/_sandbox/totals');
  for (const { owed } of acquirers)
    for (const each of owed)
      expect(booked('acquirer', each.currency), each.owed, `${each.currency}: ledger and acquirer`);
}
