import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { must, ok } from '../base/result.ts';
import { part, update } from '../journal/index.ts';
import { account, balanceOf, event } from '../ledger/index.ts';
import { cardAccounts } from '../parties/index.ts';
import { findOrder, heldOf, type Order } from '../protection/index.ts';
import { orders } from '../protection/order.ts';
import {
  cancelPayment,
  capturePayment,
  confirmByInquiry,
  findPayment,
  operationsOf,
  type Payment,
  payInstalment,
  paymentsOf,
  refundPayment,
  resolveByHand,
  resolveOperationJob,
} from './index.ts';

describe('payments', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(async () => {
    await m.holdLaws();
    await m.close();
  });
  const pay = async (order: Order, instalment = 1, capture: 'automatic' | 'manual' = 'automatic', key = m.key()) =>
    payInstalment(m.payments, key, {
      marketplace: m.marketplace.id,
      order: order.id,
      instalment,
      token: aToken(),
      capture,
    });
  const paid = async (order: Order, instalment = 1, capture: 'automatic' | 'manual' = 'automatic') =>
    committed(must(await pay(order, instalment, capture)));
  const reload = async (order: Order) => (await findOrder(m.db, order.id)) as Order;
  const target = (payment: Payment) => ({ marketplace: m.marketplace.id, payment: payment.id });
  const job = async (payment: Payment) => {
    const [operation] = (await operationsOf(m.db, payment.id)).slice(-1);
    const { rows } = await m.db.query<{ id: string }>(
      "update jobs set lease = gen_random_uuid(), attempts = attempts + 1 where subject = $1 returning replace(id::text, '-', '') as id, replace(lease::text, '-', '') as lease, kind, subject, due, attempts, '{}'::jsonb as payload",
      [operation?.id],
    );
    return resolveOperationJob(m.payments, { ...(rows[0] as never as object), payload: {} } as never);
  };

  test('deposit and balance: held grows, the order moves when all is captured', async () => {
    const order = await m.order([3000, 7000]);
    assert.equal((await paid(order)).state, 'captured');
    assert.equal((await reload(order)).state, 'part_paid');
    const second = await paid(order, 2, 'manual');
    assert.equal(second.state, 'authorized');
    assert.equal(heldOf(await reload(order)).amount, 3000n, 'an authorization is not money');
    assert.equal(committed(must(await capturePayment(m.payments, m.key(), target(second)))).state, 'captured');
    const after = await reload(order);
    assert.equal(after.state, 'paid');
    assert.equal((await balanceOf(m.db, account('held', order.id), 'USD')).amount, 10_000n);
  });

  test('a decline is an answer: the instalment is due again and can be paid by another card', async () => {
    const order = await m.order([500]);
    m.acquirer.next.push({ outcome: 'declined', code: 'INSUFFICIENT_FUNDS', message: 'no' });
    const declined = await paid(order);
    assert.deepEqual([declined.state, declined.decline?.code], ['declined', 'INSUFFICIENT_FUNDS']);
    assert.equal((await reload(order)).instalments[0]?.state, 'due');
    assert.equal((await paid(order)).state, 'captured');
  });

  test('no answer is not a no: the payment stays open, nobody pays twice, inquiry finds it', async () => {
    const order = await m.order([800]);
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    const open = await paid(order);
    assert.deepEqual([open.state, open.openOperation !== null], ['pending', true]);
    const again = await pay(order);
    assert.equal(again.ok ? 'paid' : again.error.code, 'payment_in_progress');
    const [operation] = await operationsOf(m.db, open.id);
    m.acquirer.known.set(operation?.reference as string, {
      outcome: 'approved',
      networkId: 'N1',
      amount: usd(800),
      details: {},
    });
    assert.deepEqual(await job(open), { kind: 'committed' });
    assert.equal((await findPayment(m.db, open.id))?.state, 'captured');
    assert.equal((await reload(order)).state, 'paid');
  });

  test('not found after the deadline: a first operation never happened, a follow-up goes again under its reference', async () => {
    const order = await m.order([900]);
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    const open = await paid(order);
    await job(open);
    assert.deepEqual(
      [(await findPayment(m.db, open.id))?.state, (await reload(order)).instalments[0]?.state],
      ['declined', 'due'],
    );

    const authorized = await paid(order, 1, 'manual');
    m.acquirer.next.push({ outcome: 'unknown', cause: 'reset' });
    await capturePayment(m.payments, m.key(), target(authorized));
    await job(authorized);
    const captures = m.acquirer.calls.filter(({ kind }) => kind === 'capture').slice(-2);
    assert.equal(captures[0]?.reference, captures[1]?.reference);
    assert.equal((await findPayment(m.db, authorized.id))?.state, 'captured');
  });

  test('while its call is under way, an operation is not asked about, however far time has moved', async () => {
    const order = await m.order([850]);
    let answer: (value: {
      outcome: 'approved';
      networkId: string;
      amount: ReturnType<typeof usd>;
      details: object;
    }) => void = () => undefined;
    const slow = {
      ...m.acquirer,
      pay: () => new Promise((resolve) => (answer = resolve as never)),
    } as typeof m.acquirer;
    const paying = payInstalment(
      { ...m.payments, accounts: cardAccounts([{ ...m.cardAccount, acquirer: slow }]) },
      m.key(),
      {
        marketplace: m.marketplace.id,
        order: order.id,
        instalment: 1,
        token: aToken(),
        capture: 'automatic',
      },
    );
    let open: Payment | undefined;
    while (open === undefined) [open] = await paymentsOf(m.db, order.id);
    while (m.payments.inFlight.count() === 0) await m.db.query('select 1');
    assert.deepEqual(await job(open), { kind: 'again', afterMs: 30_000, reason: 'its call is under way' });
    answer({ outcome: 'approved', networkId: 'N9', amount: usd(850), details: {} });
    assert.equal(committed(must(await paying)).state, 'captured');
    assert.equal(m.payments.inFlight.count(), 0);
  });

  test('a notification is confirmed by inquiry; a second one changes nothing', async () => {
    const order = await m.order([700]);
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    const open = await paid(order);
    const [operation] = await operationsOf(m.db, open.id);
    const reference = operation?.reference as string;
    m.acquirer.known.set(reference, { outcome: 'approved', networkId: 'N2', amount: usd(700), details: {} });
    await confirmByInquiry(m.payments, reference);
    await confirmByInquiry(m.payments, reference);
    assert.equal((await findPayment(m.db, open.id))?.captured.amount, 700n);
    assert.equal((await balanceOf(m.db, account('held', order.id), 'USD')).amount, 700n);
  });

  test('a notification may be faster than the answer of the call: it settles once, and the answer finds it settled', async () => {
    const order = await m.order([5000]);
    const { pay: slowly } = m.acquirer;
    m.acquirer.pay = async (request) => {
      const answer = await slowly(request);
      m.acquirer.known.set(request.reference, answer);
      await confirmByInquiry(m.payments, request.reference);
      return answer;
    };
    try {
      assert.equal((await paid(order)).state, 'captured');
    } finally {
      m.acquirer.pay = slowly;
    }
    assert.equal((await paymentsOf(m.db, order.id)).length, 1);
    assert.equal(heldOf(await reload(order)).amount, 5000n, 'captured once');
  });

  test('an order that changes while the network is asked: its word counts for the order as it stands by then', async () => {
    const order = await m.order([600]);
    const { pay: slowly } = m.acquirer;
    m.acquirer.pay = async (request) => {
      const before = await reload(order);
      const changed = event('order.amount_changed', order.id, {
        payment: before.instalments[0]?.payment as Payment['id'],
        instalment: 1,
        total: before.total,
      });
      const writes = [update(orders, before, { description: 'changed meanwhile' })];
      const unit = { at: m.payments.clock.now(), ...part({ events: [changed], writes }) };
      must(await m.payments.journal.run(m.key(), async () => ok({ unit, value: null })));
      return slowly(request);
    };
    try {
      assert.equal((await paid(order)).state, 'captured');
    } finally {
      m.acquirer.pay = slowly;
    }
    const { description, state, version } = await reload(order);
    assert.deepEqual([description, state, version], ['changed meanwhile', 'paid', 4]);
  });

  test('a repeat gets its first answer without the vault; a first attempt does not get past it', async () => {
    const order = await m.order([5000]);
    const key = m.key();
    const first = committed(must(await pay(order, 1, 'automatic', key)));
    const outOfReach = { ...m.vault, describe: () => Promise.reject(new Error('no vault')) };
    const again = (command = m.key()) =>
      payInstalment({ ...m.payments, vault: outOfReach }, command, {
        marketplace: m.marketplace.id,
        order: order.id,
        instalment: 1,
        token: aToken(),
        capture: 'automatic',
      });
    const repeat = must(await again(key));
    assert.ok(repeat.kind === 'repeated' && (repeat.answer as Payment).id === first.id);
    await assert.rejects(again(), /no vault/);
  });

  test('the same key gets the first answer, while open and after', async () => {
    const order = await m.order([600]);
    const key = m.key('pay-once');
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    const first = committed(must(await pay(order, 1, 'automatic', key)));
    const repeat = must(await pay(order, 1, 'automatic', key));
    assert.deepEqual([repeat.kind, repeat.kind === 'repeated' && repeat.open], ['repeated', true]);
    const [operation] = await operationsOf(m.db, first.id);
    m.acquirer.known.set(operation?.reference as string, {
      outcome: 'approved',
      networkId: 'N3',
      amount: usd(600),
      details: {},
    });
    await job(first);
    const closed = must(await pay(order, 1, 'automatic', key));
    assert.ok(closed.kind === 'repeated' && !closed.open);
    assert.equal((closed.answer as Payment).state, 'captured');
    assert.equal(m.acquirer.calls.filter(({ reference }) => reference === operation?.reference).length, 1);
  });

  test('void gives the instalment back; a captured payment cannot be voided', async () => {
    const order = await m.order([400]);
    const authorized = await paid(order, 1, 'manual');
    assert.equal(committed(must(await cancelPayment(m.payments, m.key(), target(authorized)))).state, 'canceled');
    const captured = await paid(order);
    const refused = await cancelPayment(m.payments, m.key(), target(captured));
    assert.equal(refused.ok ? 'voided' : refused.error.code, 'illegal_move');
  });

  test('refunds lock the money, never exceed it, and close the order when all is back', async () => {
    const order = await m.order([1000]);
    const payment = await paid(order);
    const refund = (amount: number) =>
      refundPayment(m.payments, m.key(), { ...target(payment), amount: usd(amount), reason: 'test' });
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    assert.equal(committed(must(await refund(300))).state, 'initiated');
    const blocked = await refund(1);
    assert.equal(blocked.ok ? 'done' : blocked.error.code, 'operation_in_progress');
    assert.equal(heldOf(await reload(order)).amount, 700n);
    await job(payment);
    const codes = await Promise.all(
      [0, -5, 701, 10_000].map(async (amount) => {
        const result = await refund(amount);
        return result.ok ? 'done' : result.error.code;
      }),
    );
    assert.deepEqual(codes, [
      'invalid_amount',
      'invalid_amount',
      'amount_exceeds_refundable',
      'amount_exceeds_refundable',
    ]);
    m.acquirer.next.push({ outcome: 'declined', code: 'DO_NOT_HONOR', message: 'no' });
    assert.equal(committed(must(await refund(700))).state, 'rejected');
    assert.equal(heldOf(await reload(order)).amount, 700n, 'a rejected refund is held again');
    assert.equal(committed(must(await refund(700))).state, 'confirmed');
    assert.deepEqual(
      [(await reload(order)).state, (await balanceOf(m.db, account('held', order.id), 'USD')).amount],
      ['refunded', 0n],
    );
  });

  test('two refunds at once: one wins, one waits its turn', async () => {
    const order = await m.order([1000]);
    const payment = await paid(order);
    const results = await Promise.all(
      [800, 800].map((amount) =>
        refundPayment(m.payments, m.key(), { ...target(payment), amount: usd(amount), reason: 'race' }),
      ),
    );
    assert.equal(results.filter(({ ok }) => ok).length, 1);
    assert.equal((await findPayment(m.db, payment.id))?.refunded.amount, 800n);
  });

  test('an operator closes what no inquiry can, with evidence; once', async () => {
    const order = await m.order([650]);
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    const open = await paid(order);
    const [operation] = await operationsOf(m.db, open.id);
    const input = {
      operation: operation?.id as never,
      outcome: 'approved' as const,
      evidence: 'ARN 7441',
      reason: 'letter of the acquirer',
      who: 'key_x',
    };
    assert.equal(committed(must(await resolveByHand(m.payments, input))).state, 'captured');
    const again = await resolveByHand(m.payments, input);
    assert.equal(again.ok ? 'done' : again.error.code, 'operation_closed');
  });

  test('what belongs to somebody else does not exist, and a token nobody knows is refused', async () => {
    const order = await m.order([100]);
    const foreign = await payInstalment(m.payments, m.key(), {
      marketplace: 'mkt_ffffffffffffffffffffffffffffffff' as never,
      order: order.id,
      instalment: 1,
      token: aToken(),
      capture: 'automatic',
    });
    assert.equal(foreign.ok ? 'paid' : foreign.error.code, 'unknown_token');
    const unknown = await payInstalment(m.payments, m.key(), {
      marketplace: m.marketplace.id,
      order: order.id,
      instalment: 1,
      token: 'nothing',
      capture: 'automatic',
    });
    assert.equal(unknown.ok ? 'paid' : unknown.error.code, 'unknown_token');
    const third = await pay(order, 2);
    assert.equal(third.ok ? 'paid' : third.error.code, 'unknown_instalment');
  });
});
