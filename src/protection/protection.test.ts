import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { addDays } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { must } from '../base/result.ts';
import { account, balanceOf } from '../ledger/index.ts';
import { payInstalment, refundPayment, resolveByHand } from '../payments/index.ts';
import {
  cancelOrder,
  createOrder,
  findOrder,
  type Order,
  orderJobs,
  receiveOrder,
  releaseOrder,
  shipOrder,
} from './index.ts';

describe('orders', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(async () => {
    await m.holdLaws();
    await m.close();
  });
  const at = (order: Order) => ({ marketplace: m.marketplace.id, order: order.id });
  const reload = async (order: Order) => (await findOrder(m.db, order.id)) as Order;
  const pay = (order: Order, instalment = 1) =>
    payInstalment(m.payments, m.key(), {
      marketplace: m.marketplace.id,
      order: order.id,
      instalment,
      token: aToken(),
      capture: 'automatic',
    });
  const ship = (order: Order) => shipOrder(m.orders, undefined, { ...at(order), carrier: 'SF', trackingNumber: '1' });
  const receive = (order: Order) => receiveOrder(m.orders, undefined, { ...at(order), by: 'buyer' });
  const release = (order: Order, key = m.key()) => releaseOrder(m.orders, key, { ...at(order), by: 'marketplace' });
  const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'done' : result.error?.code);

  test('the whole life: nothing can be skipped, the money ends at seller and fee', async () => {
    const order = await m.order([4000, 6000]);
    assert.deepEqual(
      await Promise.all([ship(order), receive(order), release(order)].map(async (each) => code((await each) as never))),
      ['illegal_move', 'illegal_move', 'illegal_move'],
    );
    await pay(order);
    assert.equal(code((await ship(order)) as never), 'illegal_move', 'not before the balance is paid');
    await pay(order, 2);
    assert.equal((await reload(order)).shipByAt, addDays(m.now(), 10), 'counted from the first payment');
    await ship(order);
    await receive(order);
    const done = committed(must(await release(order)));
    assert.deepEqual([done.state, done.fee?.amount], ['released', 300n]);
    assert.equal((await balanceOf(m.db, account('held', order.id), 'USD')).amount, 0n);
    assert.equal(code((await release(order)) as never), 'illegal_move', 'once');
  });

  test('terms that do not add up are refused, each with its field', async () => {
    const base = {
      marketplace: m.marketplace.id,
      seller: m.seller.id,
      buyer: m.buyer.id,
      reference: 'r',
      description: 'd',
      total: usd(100),
      shipBy: { daysAfterFirstPayment: 1 },
      policy: 'standard',
    };
    const refusal = async (fields: object) => {
      const result = await createOrder(m.orders, undefined, {
        ...base,
        instalments: [{ amount: usd(100), due: 'now' }],
        ...fields,
      } as never);
      return result.ok ? 'accepted' : `${result.error.code} ${'pointer' in result.error ? result.error.pointer : ''}`;
    };
    assert.equal(
      await refusal({
        instalments: [
          { amount: usd(60), due: 'now' },
          { amount: usd(41), due: 'now' },
        ],
      }),
      'instalments_do_not_sum /instalments',
    );
    assert.equal(
      await refusal({
        instalments: [
          { amount: usd(100), due: 'now' },
          { amount: usd(0), due: 'now' },
        ],
      }),
      'invalid_instalments /instalments/1/amount/value',
    );
    assert.equal(await refusal({ instalments: [] }), 'invalid_instalments /instalments');
    assert.equal(await refusal({ total: { amount: 100n, currency: 'EUR' } }), 'no_rail /total/currency');
    assert.equal(await refusal({ policy: 'none' }), 'unknown_policy /policy');
    assert.equal(await refusal({ shipBy: { date: m.now() } }), 'ship_by_in_the_past /shipBy/date');
    assert.equal(await refusal({ seller: 'sel_ffffffffffffffffffffffffffffffff' }), 'unknown_party /seller');
    assert.equal(await refusal({ reference: 'twice' }), 'accepted');
    assert.equal(await refusal({ reference: 'twice' }), 'duplicate_reference /reference');
  });

  test('a reference is taken once, even by two requests at the same moment', async () => {
    const results = await Promise.allSettled([1, 2, 3].map(() => m.order([100], { reference: 'raced' })));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('deadlines do what a person would, and nothing when somebody was faster', async () => {
    const handlers = orderJobs(m.orders);
    const fire = async (kind: string, order: Order) => {
      const { rows } = await m.db.query<{ id: string; lease: string }>(
        "update jobs set lease = gen_random_uuid() where kind = $1 and subject = $2 returning replace(id::text, '-', '') as id, replace(lease::text, '-', '') as lease",
        [kind, order.id],
      );
      return handlers[kind]?.({ ...rows[0], kind, subject: order.id, payload: {}, attempts: 1 } as never);
    };
    const unpaid = await m.order([100]);
    assert.deepEqual(await fire('protection.pay_deadline', unpaid), { kind: 'committed' });
    assert.equal((await reload(unpaid)).state, 'canceled');
    const order = await m.order([100], { policy: 'express' });
    await pay(order);
    assert.deepEqual(await fire('protection.pay_deadline', order), { kind: 'finished' });
    await ship(order);
    assert.deepEqual(await fire('protection.auto_receipt', order), { kind: 'committed' });
    assert.deepEqual([(await reload(order)).state, (await reload(order)).receivedBy], ['received', 'deadline']);
    assert.deepEqual(await fire('protection.release', order), { kind: 'committed' });
    assert.deepEqual(await fire('protection.release', order).catch(() => 'no job left'), { kind: 'finished' });
  });

  test('an order has one deadline waiting, a payment none once it is answered', async () => {
    const waiting = async (order: Order) => {
      const { rows } = await m.db.query<{ kind: string }>(
        `select kind from jobs where subject = $1
          union all select j.kind from jobs j join operations o on o.id = replace(substr(j.subject, 5), '-', '')::uuid
           where j.subject like 'opn\\_%' and o.data ->> 'order' = $1`,
        [order.id],
      );
      return rows.map(({ kind }) => kind);
    };
    const order = await m.order([40, 60]);
    assert.deepEqual(await waiting(order), ['protection.pay_deadline']);
    const { id: payment } = committed(must(await pay(order)));
    assert.deepEqual(await waiting(order), []);
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    const { openOperation } = committed(must(await pay(order, 2)));
    assert.deepEqual(await waiting(order), ['payments.resolve_operation'], 'nobody has answered');
    await resolveByHand(m.payments, {
      operation: openOperation as Id<'opn'>,
      outcome: 'approved',
      evidence: 'T1',
      reason: 'in the file',
      who: 'test',
    });
    assert.deepEqual(await waiting(order), []);
    await ship(order);
    assert.deepEqual(await waiting(order), ['protection.auto_receipt']);
    await receive(order);
    assert.deepEqual(await waiting(order), ['protection.release']);
    const refunded = { marketplace: m.marketplace.id, payment, amount: usd(40), reason: 'short' };
    await refundPayment(m.payments, m.key(), refunded);
    assert.deepEqual(await waiting(order), ['protection.release'], 'the rest is to be released');
    await release(order);
    assert.deepEqual(await waiting(order), []);
    const back = await m.order([100]);
    const { id } = committed(must(await pay(back)));
    await ship(back);
    await refundPayment(m.payments, m.key(), { ...refunded, payment: id, amount: usd(100) });
    assert.deepEqual([(await reload(back)).state, await waiting(back)], ['refunded', []]);
  });

  test('release and refund at the same moment cannot pass each other', async () => {
    for (let round = 0; round < 8; round += 1) {
      const order = await m.order([1000]);
      const payment = committed(must(await pay(order)));
      await ship(order);
      await receive(order);
      await Promise.all([
        release(order),
        refundPayment(m.payments, m.key(), {
          marketplace: m.marketplace.id,
          payment: payment.id,
          amount: usd(1000),
          reason: 'race',
        }),
      ]);
      const ended = await reload(order);
      assert.ok(ended.state === 'released' || ended.state === 'refunded', ended.state);
      assert.equal((await balanceOf(m.db, account('held', order.id), 'USD')).amount, 0n);
    }
  });

  test('a release waits for a refund on its way', async () => {
    const order = await m.order([1000]);
    const payment = committed(must(await pay(order)));
    await ship(order);
    await receive(order);
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    await refundPayment(m.payments, m.key(), {
      marketplace: m.marketplace.id,
      payment: payment.id,
      amount: usd(100),
      reason: 'part',
    });
    assert.equal(code((await release(order)) as never), 'refund_in_progress');
  });

  test('cancel: only while nothing was paid and nothing is being paid', async () => {
    const order = await m.order([100]);
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    await pay(order);
    const cancel = () => cancelOrder(m.orders, undefined, { ...at(order), reason: 'changed', by: 'test' });
    assert.equal(code((await cancel()) as never), 'payment_in_progress');
    const paid = await m.order([100]);
    await pay(paid);
    assert.equal(
      code((await cancelOrder(m.orders, undefined, { ...at(paid), reason: 'x', by: 'test' })) as never),
      'illegal_move',
    );
  });
});
