/** Campaigns on orders: budget, fund, the person's limit, what refunds and disputes give back. Every law holds at the end. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { addDays, MS_PER_DAY } from '../base/clock.ts';
import { must } from '../base/result.ts';
import { type Scene, scene } from '../disputes/test-disputes.ts';
import { account, balanceOf } from '../ledger/index.ts';
import { payInstalment, refundPayment } from '../payments/index.ts';
import { cancelOrder, findOrder, type Order, receiveOrder, releaseOrder, shipOrder } from '../protection/index.ts';
import { explainLine } from '../reconciliation/index.ts';
import type { Campaign } from './campaign.ts';
import { createCampaign } from './create-campaign.ts';
import { returnRest, setBudget } from './fund-campaign.ts';
import { promotionJobs } from './jobs.ts';
import { findCampaign } from './store.ts';
import { aCampaign, aLine, aLiveCampaign, move, onAnyOrder } from './test-campaigns.ts';

describe('campaigns', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let s: Scene;
  before(async () => {
    m = await createModules();
    s = scene(m);
  });
  after(() => m?.end());

  const balance = async (name: Parameters<typeof account>[0], owner = '') =>
    (await balanceOf(m.db, account(name, owner), 'USD')).amount;
  const moneyOf = async ({ id }: Campaign) => [await balance('budget', id), await balance('budget_reserved', id)];
  const reload = async ({ id }: Order) => (await findOrder(m.db, id)) as Order;
  const pay = async (order: Order, instalment = 1) =>
    committed(
      must(
        await payInstalment(m.payments, m.key(), {
          ...{ marketplace: m.marketplace.id, order: order.id, instalment, token: aToken(), capture: 'automatic' },
        }),
      ),
    );
  const refund = async (payment: { id: never | string }, cents: number) =>
    must(
      await refundPayment(m.payments, m.key(), {
        ...{ marketplace: m.marketplace.id, payment: payment.id as never, amount: usd(cents), reason: 'broken' },
      }),
    );
  const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'done' : result.error?.code);
  const at = ({ id }: Order) => ({ marketplace: m.marketplace.id, order: id });

  test('ten off: the buyer pays less, the seller gets the whole price, the budget pays the rest', async () => {
    const campaign = await aLiveCampaign(m, onAnyOrder(m, usd(1000)), 2500);
    const order = await m.order([4000, 6000]);
    assert.deepEqual(
      order.instalments.map(({ amount }) => amount.amount),
      [4000n, 5000n],
    );
    assert.deepEqual(await moneyOf(campaign), [1500n, 1000n], 'kept from when the terms are agreed');
    const cost = await balance('promotion_cost');
    await pay(order);
    assert.deepEqual(await moneyOf(campaign), [1500n, 0n], 'spent with the first money');
    assert.deepEqual([await balance('held', order.id), (await balance('promotion_cost')) - cost], [5000n, 1000n]);
    await pay(order, 2);
    must(await shipOrder(m.orders, undefined, { ...at(order), carrier: 'SF', trackingNumber: '1' }));
    must(await receiveOrder(m.orders, undefined, { ...at(order), by: 'buyer' }));
    const released = committed(must(await releaseOrder(m.orders, m.key(), { ...at(order), by: 'marketplace' })));
    assert.deepEqual([released.fee?.amount, await balance('held', order.id)], [300n, 0n], 'the fee is of the price');
    await move(m, campaign, 'ended');
    await m.holdLaws();
  });

  test('two at once on the last unit of the budget: one has the discount, the other goes on without', async () => {
    const campaign = await aLiveCampaign(m, onAnyOrder(m, usd(1000)), 1000);
    const made = await Promise.all([m.order([9000]), m.order([9000]), m.order([9000])]);
    const due = made.map(({ instalments }) => instalments[0]?.amount.amount).sort();
    assert.deepEqual(due, [8000n, 9000n, 9000n]);
    assert.deepEqual(await moneyOf(campaign), [0n, 1000n]);
    await m.holdLaws();
    const lucky = made.find(({ discounts }) => discounts !== undefined) as Order;
    must(await cancelOrder(m.orders, undefined, { ...at(lucky), reason: 'no', by: 'test' }));
    assert.deepEqual(await moneyOf(campaign), [1000n, 0n], 'never paid: it is there for others');
    await move(m, campaign, 'ended');
  });

  test('so often a person; an order that is canceled does not count', async () => {
    const campaign = await aLiveCampaign(m, onAnyOrder(m, usd(1000), { perPerson: 1 }), 9000);
    const first = await m.order([9000]);
    assert.equal((await m.order([9000])).discounts, undefined);
    must(await cancelOrder(m.orders, undefined, { ...at(first), reason: 'no', by: 'test' }));
    const raced = await Promise.all([m.order([9000]), m.order([9000])]);
    assert.equal(raced.filter(({ discounts }) => discounts !== undefined).length, 1, 'of two at once, one');
    await move(m, campaign, 'ended');
  });

  test('paused at once, over at the end of its period by the clock', async () => {
    const campaign = await aLiveCampaign(m, onAnyOrder(m, usd(1000)), 9000);
    await move(m, campaign, 'paused');
    assert.equal((await m.order([9000])).discounts, undefined);
    await move(m, campaign, 'live');
    assert.equal((await m.order([9000])).discounts?.length, 1);
    const fire = async () => {
      const job = { id: 'f'.repeat(32), lease: 'f'.repeat(32), subject: campaign.id };
      const { endJob } = (await findCampaign(m.db, campaign.id)) as Campaign;
      const { rows } = await m.db.query<{ lease: string }>(
        "update jobs set lease = gen_random_uuid() where id = $1 returning replace(lease::text, '-', '') as lease",
        [endJob],
      );
      const lease = rows[0]?.lease as string;
      return promotionJobs(m.orders)['promotions.end_campaign']?.({ ...job, id: endJob, lease } as never);
    };
    m.pass(31 * MS_PER_DAY);
    assert.equal((await m.order([9000])).discounts, undefined, 'also before the job came');
    await fire();
    assert.equal((await findCampaign(m.db, campaign.id))?.state, 'ended');
    assert.deepEqual((await moneyOf(campaign))[1], 1000n, 'what was promised before stays promised');
  });

  test('refunds give the share to the campaign and not to the buyer; our budget stays spent', async () => {
    const campaign = await aLiveCampaign(m, onAnyOrder(m, usd(1001)), 9000);
    const order = await m.order([10_000]);
    const payment = await pay(order);
    const cost = await balance('promotion_cost');
    await refund(payment, 3000);
    assert.deepEqual([await balance('held', order.id), (await reload(order)).discounted?.amount], [6667n, 668n]);
    await refund(payment, 3000);
    await refund(payment, 2999);
    assert.deepEqual([(await reload(order)).state, await balance('held', order.id)], ['refunded', 0n]);
    assert.equal((await balance('promotion_cost')) - cost, -1001n, 'the shares come to what was paid');
    assert.deepEqual(await moneyOf(campaign), [9000n - 1001n, 0n]);
    await move(m, campaign, 'ended');
    await m.holdLaws();
  });

  test('a sponsor pays first, by a line of our bank; what is left goes back to him by another', async () => {
    const sponsor = { by: 'sponsor', name: 'Tourism board' } as const;
    const campaign = await move(m, await aCampaign(m, onAnyOrder(m, usd(1000), { funder: sponsor })), 'live');
    assert.equal((await m.order([9000])).discounts, undefined, 'nothing of what is not there');
    const line = await aLine(m, 'credit', usd(5000));
    const said = { reason: 'agreed in writing' };
    const prefund = { ...said, line, as: 'campaign_prefund' } as const;
    assert.equal(code(await explainLine(m.reconciliation, m.key(), prefund)), 'not_found');
    must(await explainLine(m.reconciliation, m.key(), { ...prefund, campaign: campaign.id }));
    assert.deepEqual([await balance('promotion_fund', campaign.id), await moneyOf(campaign)], [5000n, [5000n, 0n]]);
    assert.equal(
      code(await setBudget(m.orders, m.key(), { campaign: campaign.id, amount: usd(1) })),
      'illegal_move',
      'his money, not ours',
    );
    const payment = await pay(await m.order([9000]));
    assert.equal(await balance('promotion_fund', campaign.id), 4000n);
    await refund(payment, 4000);
    assert.deepEqual([await balance('promotion_fund', campaign.id), await moneyOf(campaign)], [4500n, [4500n, 0n]]);
    await m.order([9000]);
    const rest = { campaign: campaign.id, currency: 'USD' } as const;
    assert.equal(code(await returnRest(m.orders, m.key(), rest)), 'illegal_move', 'not while it runs');
    await move(m, campaign, 'ended');
    const back = committed(must(await returnRest(m.orders, m.key(), rest)));
    assert.deepEqual([back.amount.amount, await balance('refund', back.id)], [3500n, 3500n], 'less what is promised');
    assert.equal(code(await returnRest(m.orders, m.key(), rest)), 'nothing_to_return');
    await m.holdLaws();
    const paid = { ...said, as: 'campaign_rest', fundReturn: back.id } as const;
    const wrong = await aLine(m, 'debit', usd(3499));
    assert.equal(code(await explainLine(m.reconciliation, m.key(), { ...paid, line: wrong })), 'amount_differs');
    must(await explainLine(m.reconciliation, m.key(), { ...paid, line: await aLine(m, 'debit', usd(3500)) }));
    assert.equal(await balance('refund', back.id), 0n);
    await m.holdLaws();
  });

  test('a chargeback takes the buyer’s money only; lost, it takes the share of the discount with it', async () => {
    const campaign = await aLiveCampaign(m, onAnyOrder(m, usd(1000)), 9000);
    const { order, payments } = await s.paidOrderOf(m.seller.id, 10_000);
    assert.equal(await balance('held', order.id), 10_000n);
    const claim = m.cardDisputes.raise({ payment: payments[0]?.networkPaymentId as string, amount: usd(9000) });
    await s.observe(claim);
    assert.equal(await balance('held', order.id), 1000n, 'the discount is not his to take');
    m.cardDisputes.advance(claim, 'lost');
    await s.observe(claim);
    assert.deepEqual([(await reload(order)).state, await balance('held', order.id)], ['refunded', 0n]);
    assert.equal((await reload(order)).discounts?.[0]?.returned.amount, 1000n);
    await move(m, campaign, 'ended');
    await m.holdLaws();
  });

  test('terms that make no campaign are refused, each with its field', async () => {
    const refusal = async (fields: object) => {
      const made = await createCampaign(m.orders, undefined, { ...onAnyOrder(m, usd(10)), ...fields } as never);
      return made.ok ? 'accepted' : `${made.error.code} ${'pointer' in made.error ? made.error.pointer : ''}`;
    };
    const terms = (off: object) => ({ gives: { kind: 'discount', terms: [{ threshold: usd(1), off }] } });
    assert.equal(await refusal({}), 'accepted');
    assert.equal(await refusal({ to: m.now() }), 'invalid_campaign /to');
    assert.equal(await refusal({ perPerson: 0 }), 'invalid_campaign /perPerson');
    assert.equal(await refusal({ onOrders: null }), 'invalid_campaign /inShops');
    assert.equal(
      await refusal({ inShops: { countries: ['JP', 'XX'], wallets: null, acquirers: null, shops: null } }),
      'invalid_campaign /inShops/countries/1',
    );
    assert.equal(await refusal({ funder: { by: 'wallet', wallet: 'ptc_1' } }), 'invalid_campaign /funder/by');
    assert.equal(await refusal({ gives: { kind: 'discount', terms: [] } }), 'invalid_campaign /gives/terms');
    assert.equal(
      await refusal(terms({ kind: 'amount', amount: { amount: 5n, currency: 'EUR' } })),
      'invalid_campaign /gives/terms/0/off/amount/currency',
    );
    assert.equal(
      await refusal(terms({ kind: 'percent', bps: 10_001, cap: usd(5) })),
      'invalid_campaign /gives/terms/0/off/bps',
    );
    const voucher = { sale: 'sold', face: usd(100), validDays: 1, policy: 'whatever' };
    assert.equal(await refusal({ gives: { kind: 'voucher', voucher } }), 'unknown_policy /gives/voucher/policy');
    const late = await aCampaign(m, onAnyOrder(m, usd(10), { to: addDays(m.now(), 1) }));
    m.pass(2 * MS_PER_DAY);
    await assert.rejects(move(m, late, 'live'), /period/);
  });
});
