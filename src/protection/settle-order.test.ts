/** A settlement against everything else that wants the same money: time, refunds, disputes, debts, the plan. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { MS_PER_DAY } from '../base/clock.ts';
import { must } from '../base/result.ts';
import { account, balanceOf } from '../ledger/index.ts';
import { payInstalment, refundPayment } from '../payments/index.ts';
import type { Order } from './order.ts';
import { receiveOrder } from './receive-order.ts';
import { releaseOrder } from './release-order.ts';
import { settleableFrom, settleOrder } from './settle-order.ts';
import { shipOrder } from './ship-order.ts';
import { findOrder } from './store.ts';

describe('settling an order', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(() => m?.end());

  const current = async ({ id }: Order): Promise<Order> => (await findOrder(m.db, id)) as Order;
  async function paid(cents: number, policy = 'standard') {
    const order = await m.order([cents], { policy });
    const terms = { marketplace: m.marketplace.id, order: order.id, instalment: 1, capture: 'automatic' } as const;
    const payment = committed(must(await payInstalment(m.payments, m.key(), { ...terms, token: aToken() })));
    return { order: await current(order), payment };
  }
  const settle = ({ id }: Order, net: number, share: number) =>
    settleOrder(m.orders, undefined, { marketplace: null, order: id, net: usd(net), share: usd(share) });
  const codeOf = async (outcome: ReturnType<typeof settle>): Promise<string> => {
    const result = await outcome;
    return result.ok ? 'settled' : result.error.code;
  };

  test('from when on: by the policy after payment and dispatch, at once after receipt', async () => {
    const { order } = await paid(1_000);
    const days = (at: string | null) => (Date.parse(at ?? '') - Date.parse(m.now())) / MS_PER_DAY;
    assert.equal(days(settleableFrom(order)), 60);
    assert.equal(await codeOf(settle(order, 1_000, 0)), 'too_early');
    m.pass(10 * MS_PER_DAY);
    await shipOrder(m.orders, undefined, { marketplace: null, order: order.id, carrier: 'SF', trackingNumber: '1' });
    assert.equal(days(settleableFrom(await current(order))), 60);
    await receiveOrder(m.orders, undefined, { marketplace: null, order: order.id, by: 'buyer' });
    assert.equal(days(settleableFrom(await current(order))), 0);
    assert.equal(await codeOf(settle(order, 900, 99)), 'split_does_not_sum');
    assert.equal(await codeOf(settle(order, 900, 100)), 'settled');
    const after = await current(order);
    assert.deepEqual([after.state, after.fee, after.share, after.deadline], ['released', usd(0), usd(100), null]);
    assert.equal(after.feePlan.chargebacks.commission, 'kept');
    assert.equal(settleableFrom(after), null);
  });

  test('what is not paid in full is not settled, and what is only paid is not released by the plan', async () => {
    const order = await m.order([500, 500]);
    assert.equal(await codeOf(settle(order, 500, 500)), 'not_paid');
    const { order: other } = await paid(800);
    const released = await releaseOrder(m.orders, undefined, { marketplace: null, order: other.id, by: 'marketplace' });
    assert.ok(!released.ok && released.error.code === 'illegal_move');
  });

  test('a refund on its way comes first, and lowers what there is to settle', async () => {
    const { order, payment } = await paid(2_000, 'express');
    m.pass(11 * MS_PER_DAY);
    m.acquirer.next = [{ outcome: 'unknown', cause: 'no answer' }];
    const refund = { marketplace: m.marketplace.id, payment: payment.id, amount: usd(500), reason: 'scratched' };
    must(await refundPayment(m.payments, m.key(), refund));
    assert.equal(await codeOf(settle(order, 2_000, 0)), 'refund_in_progress');
  });

  test('settle and settle, and settle and release, at the same moment: one of them', async () => {
    for (const rival of ['settle', 'release'] as const) {
      const { order } = await paid(3_000);
      await shipOrder(m.orders, undefined, { marketplace: null, order: order.id, carrier: 'SF', trackingNumber: '1' });
      await receiveOrder(m.orders, undefined, { marketplace: null, order: order.id, by: 'buyer' });
      const target = { marketplace: null, order: order.id, by: 'marketplace' } as const;
      const both = await Promise.all([
        settle(order, 2_000, 1_000),
        rival === 'settle' ? settle(order, 1_000, 2_000) : releaseOrder(m.orders, undefined, target),
      ]);
      assert.equal(both.filter(({ ok }) => ok).length, 1, rival);
      assert.equal((await balanceOf(m.db, account('held', order.id), 'USD')).amount, 0n);
    }
  });
});
