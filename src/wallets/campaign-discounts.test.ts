/** Discounts of campaigns on real payments through the hub: who gets the last of a budget, and where the money is after every end. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules } from '../../test/support/modules.ts';
import { newId } from '../base/ids.ts';
import { type Money, money, zero } from '../base/money.ts';
import { must } from '../base/result.ts';
import { account, balanceOf } from '../ledger/index.ts';
import type { Participant } from '../parties/index.ts';
import { type Campaign, type CreateCampaign, createCampaign, moveCampaign, setBudget } from '../promotions/index.ts';
import { campaignDiscounts } from './campaign-discounts.ts';
import { cancelHubPayment } from './cancel-payment.ts';
import { issuePaymentCodes } from './hub-codes/index.ts';
import { acquirerRole, aParticipant, walletRole } from './hub-codes/test-participants.ts';
import type { HubPayment } from './hub-payment.ts';
import { refundHubPayment } from './refund-payment.ts';
import { loadHubPayment } from './store.ts';
import { takePayment } from './take-payment.ts';
import { type PayingHub, payingHub, SILENT } from './test-wallets.ts';

const yen = (amount: number | bigint): Money => money(amount, 'JPY');
const SHOP = { merchantId: 'M1', name: 'Cafe', country: 'JP', categoryCode: '5812' };
const DAY_MS = 86_400_000;
/** Rates that were fetched so long ago are fetched again. */
const RATES_OLD_MS = 600_000;

describe('campaigns on payments through the hub', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: PayingHub;
  let [tng, acquirer] = [] as unknown as [Participant, Participant];
  const live: Campaign[] = [];
  before(async () => {
    m = await createModules();
    m.rates.perBase = { ...m.rates.perBase, MYR: '4.5' };
    tng = await aParticipant(m, { participantId: 'TNG1', wallet: walletRole() });
    const settlementCurrencies = ['JPY', 'USD'] as const;
    acquirer = await aParticipant(m, { participantId: 'ACQ1', acquirer: acquirerRole({ settlementCurrencies }) });
    hub = payingHub(m, { discounts: campaignDiscounts(m.db) });
  });
  afterEach(async () => {
    for (const { id } of live.splice(0))
      await moveCampaign(m.orders, undefined, { campaign: id, to: 'ended', by: 'test' });
    await m.holdLaws();
  });
  after(() => m?.end());

  /** A live one of the hub's: so many yen off, out of a budget. */
  const campaign = async (budget: Money, fields: Partial<CreateCampaign> = {}): Promise<Campaign> => {
    const input: CreateCampaign = {
      name: 'Welcome',
      funder: { by: 'hub' },
      gives: { kind: 'discount', terms: [{ threshold: yen(1000), off: { kind: 'amount', amount: yen(300) } }] },
      inShops: { countries: ['JP'], wallets: null, acquirers: null, shops: null },
      ...{ onOrders: null, from: m.now(), to: new Date(Date.parse(m.now()) + 30 * DAY_MS).toISOString() as never },
      ...{ perPerson: null, stackable: true, priority: 0, ...fields },
    };
    const { id } = committed(must(await createCampaign(m.orders, undefined, input)));
    if (input.funder.by === 'hub') must(await setBudget(m.orders, m.key(), { campaign: id, amount: budget }));
    const launched = committed(must(await moveCampaign(m.orders, undefined, { campaign: id, to: 'live', by: 'test' })));
    live.push(launched);
    return launched;
  };
  /** What may still be spent of it, and what is kept for payments. */
  const standing = async ({ id }: Campaign, currency: 'JPY' | 'USD' = 'JPY') => [
    (await balanceOf(m.db, account('budget', id), currency)).amount,
    (await balanceOf(m.db, account('budget_reserved', id), currency)).amount,
  ];
  const owed = async (): Promise<bigint> => (await balanceOf(m.db, account('acquirer', acquirer.id), 'JPY')).amount;
  const pay = async (customerId: string, settlementCurrency: 'JPY' | 'USD' = 'JPY'): Promise<HubPayment> => {
    const [code] = must(await issuePaymentCodes(hub.deps, { wallet: tng, customerId, quantity: 1 }));
    return must(
      await takePayment(hub.deps, {
        ...{ acquirer, requestId: newId('req'), shop: SHOP, orderReference: 'O1', description: 'tea' },
        payer: { scenario: 'payment_code', code: code?.value ?? '' },
        ...{
          amount: yen(4000),
          settlementCurrency,
          redirectUrl: null,
          notifyUrl: null,
          expiresAt: null,
          keyFields: {},
        },
      }),
    );
  };
  const now = async ({ id }: HubPayment) => (await loadHubPayment(m.db, id)) as HubPayment;

  test('two at once on the last of a budget: both pay, one of them with the discount', async () => {
    const welcome = await campaign(yen(400));
    const before = await owed();
    const payments = await Promise.all(['one', 'two', 'three'].map((customer) => pay(customer)));
    assert.deepEqual(
      payments.map(({ state }) => state),
      ['paid', 'paid', 'paid'],
    );
    assert.deepEqual(payments.map(({ discounts }) => discounts.length).sort(), [0, 0, 1]);
    assert.deepEqual(await standing(welcome), [100n, 0n]);
    assert.equal((await owed()) - before, 12_000n, 'the shop gets every price whole');
    const prices = payments.map(({ price, discounts }) => [price?.payTo.amount, discounts[0]?.savings.amount ?? 0n]);
    // At 30 yen a ringgit and with one percent: 4,000 yen are 121.22, 3,700 are 112.13; 300 yen are 9.00 at mid.
    assert.deepEqual(
      prices.sort(),
      [
        [11_213n, 900n],
        [12_122n, 0n],
        [12_122n, 0n],
      ].sort(),
    );
  });

  test('a person has it as often as is agreed, also at once', async () => {
    const welcome = await campaign(yen(10_000), { perPerson: 1 });
    const both = await Promise.all([pay('ann'), pay('ann')]);
    assert.deepEqual(both.map(({ discounts }) => discounts.length).sort(), [0, 1]);
    assert.equal((await pay('ann')).discounts.length, 0);
    assert.equal((await pay('bob')).discounts.length, 1);
    assert.deepEqual(await standing(welcome), [9400n, 0n]);
  });

  test('without a rate into the settlement currency nothing of it is given, and the payment is refused for that alone', async () => {
    const welcome = await campaign(money(1000n, 'USD'));
    assert.equal((await pay('carl', 'USD')).discounts.length, 1, 'the budget is in what the acquirer gets');
    const [left] = await standing(welcome, 'USD');
    const { JPY: _, ...others } = m.rates.perBase;
    const all = m.rates.perBase;
    m.rates.perBase = others;
    m.pass(RATES_OLD_MS);
    const [code] = must(await issuePaymentCodes(hub.deps, { wallet: tng, customerId: 'carl', quantity: 1 }));
    const refused = await takePayment(hub.deps, {
      ...{ acquirer, requestId: newId('req'), shop: SHOP, orderReference: 'O1', description: 'tea' },
      payer: { scenario: 'payment_code', code: code?.value ?? '' },
      ...{ amount: yen(4000), settlementCurrency: 'USD' as const, redirectUrl: null, notifyUrl: null, expiresAt: null },
      keyFields: {},
    });
    m.rates.perBase = all;
    m.pass(RATES_OLD_MS);
    assert.equal(refused.ok ? 'paid' : refused.error.code, 'rate_unavailable');
    assert.deepEqual(await standing(welcome, 'USD'), [left, 0n]);
  });

  test('while the wallet is silent its part is kept; a cancel of what was paid refills budget and use', async () => {
    const welcome = await campaign(yen(300), { perPerson: 1 });
    hub.wallet.pays.push(SILENT);
    const waiting = await pay('dora');
    assert.deepEqual([waiting.state, await standing(welcome)], ['in_process', [0n, 300n]]);
    assert.equal((await pay('eve')).discounts.length, 0, 'kept for somebody else');
    hub.wallet.inquiries.push({ outcome: 'approved', walletPaymentId: 'W2', paidAt: m.now(), customerId: 'dora' });
    m.pass(5000);
    await hub.runDue();
    assert.deepEqual([(await now(waiting)).state, await standing(welcome)], ['paid', [0n, 0n]]);
    const before = await owed();
    must(await cancelHubPayment(hub.deps, { payment: waiting.id, by: 'acquirer' }));
    assert.deepEqual([(await now(waiting)).state, await standing(welcome)], ['canceled', [300n, 0n]]);
    assert.equal(before - (await owed()), 4000n, 'the acquirer gives back what it got');
    assert.equal((await pay('dora')).discounts.length, 1, 'the person may have it again');
  });

  test('a payment that fails lets its part go', async () => {
    const welcome = await campaign(yen(300));
    hub.wallet.pays.push({
      outcome: 'declined',
      code: 'USER_BALANCE_NOT_ENOUGH',
      message: 'too little',
      limitSetBy: null,
    });
    assert.equal((await pay('fay')).state, 'failed');
    assert.deepEqual(await standing(welcome), [300n, 0n]);
  });

  test('refunds return shares: the acquirer gives back exactly its part, our budget stays spent', async () => {
    const welcome = await campaign(yen(1000));
    const before = await owed();
    const payment = await pay('gil');
    const refund = async (amount: number) =>
      must(
        await refundHubPayment(hub.deps, {
          ...{ payment: await now(payment), requestId: newId('req'), amount: yen(amount), reason: 'returned' },
        }),
      );
    const parts = [await refund(1333), await refund(999), await refund(1668)];
    // 300 yen in shares of 1333, then 999 of 2667, then the rest; each refund is whole yen of the acquirer's.
    assert.deepEqual(
      parts.map(({ hubDiscount }) => hubDiscount.amount),
      [99n, 75n, 126n],
    );
    assert.deepEqual(
      parts.map(({ settled, hubDiscount }) => settled.amount + hubDiscount.amount),
      [1333n, 999n, 1668n],
    );
    const back = parts.reduce((sum, { payBack }) => sum + payBack.amount, 0n);
    assert.equal(back, payment.price?.payTo.amount);
    assert.deepEqual([await standing(welcome), (await owed()) - before], [[700n, 0n], 0n]);
  });

  test('a discount that would leave the wallet nothing to pay is not given', async () => {
    const all = {
      kind: 'discount',
      terms: [{ threshold: yen(1000), off: { kind: 'amount', amount: yen(3999) } }],
    } as const;
    const welcome = await campaign(money(100_000n, 'USD'), { gives: all });
    m.rates.perBase = { ...m.rates.perBase, JPY: '15000' };
    m.pass(RATES_OLD_MS);
    // A hundredfold cheaper: what is left, one yen, is less than half a cent.
    const payment = await pay('hal', 'USD');
    m.rates.perBase = { ...m.rates.perBase, JPY: '150' };
    m.pass(RATES_OLD_MS);
    assert.deepEqual([payment.state, payment.discounts.length], ['paid', 0]);
    assert.deepEqual(await standing(welcome, 'USD'), [100_000n, 0n]);
    assert.deepEqual(payment.price?.hubDiscount, zero('USD'));
  });
});
