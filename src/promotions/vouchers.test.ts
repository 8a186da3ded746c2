/** Vouchers: free and sold, part payment of orders, expiry by the clock, refunds. Every law holds at the end. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { MS_PER_DAY } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { must, ok } from '../base/result.ts';
import { account, balanceOf } from '../ledger/index.ts';
import { payInstalment, refundPayment } from '../payments/index.ts';
import { applyVoucher, cancelOrder, findOrder, type Order } from '../protection/index.ts';
import { assignVoucher } from './assign-voucher.ts';
import type { Campaign, VoucherTerms } from './campaign.ts';
import { issueVouchers, sellingVouchers } from './issue-vouchers.ts';
import { promotionJobs } from './jobs.ts';
import { findVoucher } from './store.ts';
import { aLiveCampaign, move, onAnyOrder } from './test-campaigns.ts';
import type { Voucher } from './voucher.ts';

describe('vouchers', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(() => m?.end());

  const balance = async (name: Parameters<typeof account>[0], owner = '') =>
    (await balanceOf(m.db, account(name, owner), 'USD')).amount;
  const moneyOf = async ({ id }: Campaign) => [await balance('budget', id), await balance('budget_reserved', id)];
  const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'done' : result.error?.code);
  const at = ({ id }: Order) => ({ marketplace: m.marketplace.id, order: id });
  const reload = async ({ id }: Voucher) => (await findVoucher(m.db, id)) as Voucher;
  const programme = (terms: VoucherTerms, budget: number, fields = {}) =>
    aLiveCampaign(m, onAnyOrder(m, usd(1), { gives: { kind: 'voucher', voucher: terms }, ...fields }), budget);
  const issue = ({ id }: Campaign, count: number) =>
    issueVouchers(m.orders, m.key(), { programme: id, marketplace: m.marketplace.id, count });
  const assign = (voucher: Voucher) =>
    assignVoucher(m.orders, m.key(), { marketplace: m.marketplace.id, voucher: voucher.id, buyer: m.buyer.id });
  const apply = (order: Order, voucher: Voucher) =>
    applyVoucher(m.orders, m.key(), { ...at(order), voucher: voucher.id });
  const pay = async (order: Order, instalment = 1) =>
    committed(
      must(
        await payInstalment(m.payments, m.key(), {
          ...{ ...at(order), instalment, token: aToken(), capture: 'automatic' },
        }),
      ),
    );
  const refund = async (payment: { readonly id: string }, cents: number) =>
    must(
      await refundPayment(m.payments, m.key(), {
        ...{ marketplace: m.marketplace.id, payment: payment.id as never, amount: usd(cents), reason: 'broken' },
      }),
    );
  const lapse = async (voucher: Voucher) => {
    const { rows } = await m.db.query<{ id: string; lease: string }>(
      "update jobs set lease = gen_random_uuid() where id = $1 returning replace(id::text, '-', '') as id, replace(lease::text, '-', '') as lease",
      [voucher.lapseJob],
    );
    return promotionJobs(m.orders)['promotions.lapse_voucher']?.({ ...rows[0], subject: voucher.id } as never);
  };
  /** As a card payment for vouchers would: its capture's unit sells them. There is no payment, so the account is no acquirer's. */
  const sell = async (campaign: Campaign, count: number): Promise<Voucher> => {
    const sale = {
      programme: campaign.id,
      marketplace: m.marketplace.id,
      count,
      network: newId('net'),
      at: m.now(),
    };
    const sold = must(sellingVouchers(campaign, sale));
    must(await m.journal.run(undefined, async () => ok({ unit: { at: m.now(), ...sold.part }, value: 0 })));
    return committed(must(await assign(sold.rows[0] as Voucher)));
  };

  test('free: reserved by the issue, all or none; pays a part of an order with the buyer’s first money', async () => {
    const campaign = await programme({ sale: 'free', face: usd(500), validDays: 10 }, 1200);
    assert.equal(code(await issue(campaign, 3)), 'insufficient_balance');
    const [voucher, other] = committed(must(await issue(campaign, 2))) as [Voucher, Voucher];
    assert.deepEqual(await moneyOf(campaign), [200n, 1000n]);
    const order = await m.order([2000, 3000]);
    assert.equal(code(await apply(order, voucher)), 'voucher_not_theirs', 'nobody has it yet');
    must(await assign(voucher));
    assert.equal(code(await assign(voucher)), 'illegal_move', 'once');
    const lower = committed(must(await apply(order, voucher)));
    assert.deepEqual(
      lower.instalments.map(({ amount }) => amount.amount),
      [2000n, 2500n],
    );
    assert.equal(lower.deadline, order.deadline, 'it is still to be paid in time');
    assert.equal(code(await apply(await m.order([5000]), voucher)), 'voucher_in_use', 'one order at a time');
    const payment = await pay(order);
    assert.deepEqual([await balance('held', order.id), await moneyOf(campaign)], [2500n, [200n, 500n]]);
    assert.equal((await reload(voucher)).state, 'redeemed');
    const cost = await balance('promotion_cost');
    await refund(payment, 2000);
    assert.deepEqual([await balance('held', order.id), (await balance('promotion_cost')) - cost], [0n, -500n]);
    assert.deepEqual(await moneyOf(campaign), [200n, 500n], 'a spent budget stays spent');
    assert.equal((await reload(other)).state, 'issued');
    await m.holdLaws();
  });

  test('free: of one that is worth more than the order the rest goes back to the budget', async () => {
    const campaign = await programme({ sale: 'free', face: usd(5000), validDays: 10 }, 5000);
    const [voucher] = committed(must(await issue(campaign, 1))) as [Voucher];
    must(await assign(voucher));
    const order = await m.order([1000, 1000]);
    const lower = committed(must(await apply(order, voucher)));
    assert.deepEqual(
      lower.instalments.map(({ amount }) => amount.amount),
      [100n],
      'something is left to pay, and the second instalment is none',
    );
    await pay(order);
    assert.equal((await findOrder(m.db, order.id))?.state, 'paid');
    assert.deepEqual([await balance('held', order.id), await moneyOf(campaign)], [2000n, [3100n, 0n]]);
    await m.holdLaws();
  });

  test('an order that is never paid gives the voucher back', async () => {
    const campaign = await programme({ sale: 'free', face: usd(500), validDays: 10 }, 500);
    const [voucher] = committed(must(await issue(campaign, 1))) as [Voucher];
    must(await assign(voucher));
    const order = await m.order([5000]);
    must(await apply(order, voucher));
    must(await cancelOrder(m.orders, undefined, { ...at(order), reason: 'no', by: 'test' }));
    assert.deepEqual([(await reload(voucher)).applied, (await reload(voucher)).state], [null, 'assigned']);
    must(await apply(await m.order([5000]), voucher));
    await m.holdLaws();
  });

  test('applied to a balance that is never due: freed with the refund of the deposit', async () => {
    const campaign = await programme({ sale: 'free', face: usd(500), validDays: 10 }, 500);
    const [voucher] = committed(must(await issue(campaign, 1))) as [Voucher];
    must(await assign(voucher));
    const order = await m.order([2000, 3000]);
    const payment = await pay(order);
    must(await apply(order, voucher));
    await refund(payment, 2000);
    assert.equal((await findOrder(m.db, order.id))?.state, 'refunded');
    assert.equal((await reload(voucher)).applied, null);
    await m.holdLaws();
  });

  test('free: lapses by the clock, and its reserve is there for others', async () => {
    const campaign = await programme({ sale: 'free', face: usd(500), validDays: 10 }, 500);
    const [voucher] = committed(must(await issue(campaign, 1))) as [Voucher];
    must(await assign(voucher));
    m.pass(10 * MS_PER_DAY);
    assert.equal(code(await apply(await m.order([5000]), voucher)), 'voucher_expired', 'also before the job came');
    await lapse(voucher);
    assert.deepEqual([(await reload(voucher)).state, await moneyOf(campaign)], ['lapsed', [500n, 0n]]);
    await m.holdLaws();
  });

  test('sold: the buyer’s money; an order leaves the rest on it, a refund brings it back, then it expires', async () => {
    const terms = { sale: 'sold', face: usd(3000), validDays: 10, policy: 'shared' } as const;
    const campaign = await programme(terms, 0, { to: '2027-12-01T00:00:00.000Z' });
    assert.equal(code(await issue(campaign, 1)), 'not_a_programme', 'not for nothing');
    const voucher = await sell(campaign, 1);
    assert.equal(await balance('voucher', campaign.id), 3000n);
    const order = await m.order([2100]);
    must(await apply(order, voucher));
    const payment = await pay(order);
    assert.deepEqual([await balance('held', order.id), await balance('voucher', campaign.id)], [2100n, 1000n]);
    assert.deepEqual([(await reload(voucher)).state, (await reload(voucher)).left.amount], ['assigned', 1000n]);
    const next = await m.order([9000]);
    must(await apply(next, voucher));
    await pay(next);
    assert.equal((await reload(voucher)).state, 'redeemed');
    await refund(payment, 50);
    assert.deepEqual([(await reload(voucher)).state, await balance('voucher', campaign.id)], ['assigned', 1000n]);
    await refund(payment, 50);
    assert.equal((await reload(voucher)).left.amount, 2000n);
    await lapse(await reload(voucher));
    assert.equal((await reload(voucher)).state, 'assigned', 'good again for thirty days');
    m.pass(30 * MS_PER_DAY);
    await lapse(await reload(voucher));
    assert.deepEqual(
      [await balance('voucher', campaign.id), await balance('breakage_income'), await balance('unclaimed', 'us-ny')],
      [0n, 800n, 1200n],
    );
    await move(m, campaign, 'ended');
  });

  test('what is open is in the laws: a voucher that changed behind the journal’s back is found', async () => {
    const campaign = await programme({ sale: 'free', face: usd(500), validDays: 10 }, 500);
    await issue(campaign, 1);
    await m.holdLaws();
    const { default: pg } = await import('pg');
    const owner = new pg.Client({ connectionString: m.ownerUrl });
    await owner.connect();
    await owner.query("update vouchers set state = 'lapsed' where programme = $1", [campaign.id]);
    await assert.rejects(m.holdLaws(), /open free vouchers/);
    await owner.query("update vouchers set state = 'issued' where programme = $1", [campaign.id]);
    await owner.end();
  });
});
