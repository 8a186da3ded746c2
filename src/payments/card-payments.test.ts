/** Captures in parts, increments, renewals, lapses, authentication: against an acquirer that says what the test wants. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aToken, committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import type { Instant } from '../base/clock.ts';
import { must } from '../base/result.ts';
import type { Job } from '../jobs/index.ts';
import { account, balanceOf } from '../ledger/index.ts';
import { findOrder, type Order } from '../protection/index.ts';
import {
  cancelPayment,
  capturePayment,
  continuePayment,
  expiryJob,
  findPayment,
  incrementPayment,
  type Payment,
  paidUnder,
  payInstalment,
  refundPayment,
  refundsOf,
  resolveOperationJob,
} from './index.ts';
import { CARDHOLDER, PROOF } from './test-cardholder.ts';

const DAY = 86_400_000;

describe('card payments', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
  });
  after(async () => {
    await m.holdLaws();
    await m.close();
  });
  const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'done' : result.error?.code);
  const reload = async ({ id }: { id: Payment['id'] }) => (await findPayment(m.db, id)) as Payment;
  const orderOf = async ({ order }: Payment) => (await findOrder(m.db, order)) as Order;
  const held = async ({ order }: Payment) => (await balanceOf(m.db, account('held', order), 'USD')).amount;
  const target = (payment: Payment) => ({ marketplace: m.marketplace.id, payment: payment.id });
  const pay = async (order: Order, fields: Partial<Parameters<typeof payInstalment>[2]> = {}) =>
    committed(
      must(
        await payInstalment(m.payments, m.key(), {
          marketplace: m.marketplace.id,
          order: order.id,
          instalment: 1,
          token: aToken(),
          capture: 'manual',
          ...fields,
        }),
      ),
    );
  const capture = (payment: Payment, cents?: number, final?: boolean) =>
    capturePayment(m.payments, m.key(), {
      ...target(payment),
      ...(cents === undefined ? {} : { amount: usd(cents) }),
      ...(final === undefined ? {} : { final }),
    });
  const jobOf = async (kind: string, subject: string): Promise<Job> => {
    const { rows } = await m.db.query<{ id: string; due: Instant }>(
      "select replace(id::text, '-', '') as id, due from jobs where kind = $1 and subject = $2",
      [kind, subject],
    );
    assert.equal(rows.length, 1, `${rows.length} jobs ${kind} of ${subject}`);
    return { ...rows[0], kind, subject, payload: {}, attempts: 1, lease: '' } as unknown as Job;
  };

  test('captured in part: the rest is given back, the instalment is paid with less', async () => {
    const payment = await pay(await m.order([1000]));
    assert.deepEqual([payment.state, payment.authorized, payment.expiresAt !== null], ['authorized', usd(1000), true]);
    for (const [cents, why] of [
      [1001, 'amount_exceeds_authorized'],
      [0, 'invalid_amount'],
    ] as const)
      assert.equal(code((await capture(payment, cents)) as never), why);
    const done = committed(must(await capture(payment, 600)));
    assert.deepEqual([done.state, done.captured, done.expiresAt], ['captured', usd(600), null]);
    const order = await orderOf(payment);
    assert.deepEqual([order.state, order.captured, order.instalments[0]?.captured], ['paid', usd(600), usd(600)]);
    assert.equal(await held(payment), 600n);
    assert.equal(code((await capture(payment, 1)) as never), 'illegal_move');
  });

  test('captured in parts: paid with the last; each refund comes out of one capture', async () => {
    const payment = await pay(await m.order([1000]));
    assert.equal(committed(must(await capture(payment, 250, false))).state, 'part_captured');
    assert.deepEqual([(await orderOf(payment)).state, await held(payment)], ['awaiting_payment', 250n]);
    assert.equal(committed(must(await capture(payment, 300, false))).state, 'part_captured');
    const done = committed(must(await capture(payment)));
    assert.deepEqual([done.state, done.captures.map(({ amount }) => amount.amount)], ['captured', [250n, 300n, 450n]]);
    assert.deepEqual([(await orderOf(payment)).state, await held(payment)], ['paid', 1000n]);
    const parts = m.acquirer.followUps.filter(({ kind }) => kind === 'capture').slice(-3);
    assert.deepEqual(
      parts.map(({ part }) => part),
      [
        { sequence: 1, final: false },
        { sequence: 2, final: false },
        { sequence: 3, final: true },
      ],
    );
    const refund = (cents: number) =>
      refundPayment(m.payments, m.key(), { ...target(payment), amount: usd(cents), reason: 'test' });
    assert.equal(code((await refund(451)) as never), 'amount_exceeds_capture');
    await refund(400);
    assert.equal(m.acquirer.followUps.at(-1)?.networkCaptureId, done.captures[2]?.networkId);
    assert.equal(code((await refund(301)) as never), 'amount_exceeds_capture');
    m.acquirer.next.push({ outcome: 'declined', code: 'NO', message: 'no' });
    await refund(300);
    await refund(300);
    const after = await reload(payment);
    assert.deepEqual(
      after.captures.map(({ returned }) => returned.amount),
      [0n, 300n, 400n],
    );
    assert.deepEqual([after.refunded, after.refunding, await held(payment)], [usd(700), usd(0), 300n]);
    assert.equal((await refundsOf(m.db, payment.id)).length, 3);
  });

  test('the rest of a part-captured payment is given back: the instalment is paid with what was captured', async () => {
    const payment = await pay(await m.order([1000]));
    await capture(payment, 700, false);
    const done = committed(must(await cancelPayment(m.payments, m.key(), target(payment))));
    assert.deepEqual([done.state, done.authorized, done.captured], ['captured', usd(700), usd(700)]);
    assert.equal(m.acquirer.followUps.at(-1)?.kind, 'reverse');
    assert.equal((await orderOf(payment)).state, 'paid');
  });

  test('an estimate grows with the order; a declined increment leaves it as it was', async () => {
    const payment = await pay(await m.order([1000, 500]), { estimated: true });
    const grow = (cents: number, of = payment) =>
      incrementPayment(m.payments, m.key(), { ...target(of), amount: usd(cents) });
    assert.equal(code((await grow(1000)) as never), 'invalid_amount');
    const done = committed(must(await grow(1200)));
    assert.deepEqual([done.authorized, done.amount], [usd(1200), usd(1200)]);
    const order = await orderOf(payment);
    assert.deepEqual([order.total, order.instalments[0]?.amount], [usd(1700), usd(1200)]);
    m.acquirer.next.push({ outcome: 'declined', code: 'INSUFFICIENT_FUNDS', message: 'no' });
    assert.deepEqual(committed(must(await grow(5000))).authorized, usd(1200));
    committed(must(await capture(payment)));
    assert.equal(await held(payment), 1200n);
    const fixed = await pay(await m.order([100]));
    assert.equal(code((await grow(200, fixed)) as never), 'amount_is_final');
  });

  test('an authorization is renewed a day before it lapses; one that is not renewed is given back', async () => {
    const payment = await pay(await m.order([1000]));
    const first = await jobOf('payments.authorization_expiry', payment.id);
    m.pass(6 * DAY);
    m.acquirer.next.push({
      outcome: 'approved',
      networkId: 'x',
      networkPaymentId: 'net-renewed',
      amount: usd(1000),
      details: {},
    });
    assert.deepEqual(await expiryJob(m.payments, first), { kind: 'finished' });
    const renewed = await reload(payment);
    assert.deepEqual([renewed.networkPaymentId, renewed.reauthorizations], ['net-renewed', 1]);
    const names = ['net-renewed', payment.networkPaymentId as string];
    const known = await paidUnder(m.db, payment.network, names);
    assert.deepEqual(
      [...known.values()].map((each) => each.payment),
      [payment.id, payment.id],
      names.join(' and '),
    );
    assert.ok((renewed.expiresAt ?? '') > (payment.expiresAt ?? ''));
    const second = await jobOf('payments.authorization_expiry', payment.id);
    assert.notEqual(second.id, first.id);
    m.pass(6 * DAY);
    m.acquirer.next.push({ outcome: 'declined', code: 'DO_NOT_HONOR', message: 'no' });
    assert.equal((await expiryJob(m.payments, second)).kind, 'again');
    assert.deepEqual(await expiryJob(m.payments, second), { kind: 'finished' });
    assert.equal((await reload(payment)).state, 'canceled');
    assert.equal((await orderOf(payment)).instalments[0]?.state, 'due');
  });

  test('one that lapsed while nobody answered is expired: nothing to capture, the instalment is due', async () => {
    const payment = await pay(await m.order([1000]), { onExpiry: 'release' });
    const job = await jobOf('payments.authorization_expiry', payment.id);
    m.pass(8 * DAY);
    assert.deepEqual(await expiryJob(m.payments, job), { kind: 'finished' });
    assert.equal((await reload(payment)).state, 'expired');
    assert.equal((await orderOf(payment)).instalments[0]?.state, 'due');
    assert.equal(code((await capture(payment)) as never), 'illegal_move');
  });

  test('approved in part: not captured, given back at once, due again', async () => {
    m.acquirer.next.push({ outcome: 'approved', networkId: 'part', amount: usd(400), details: {} });
    const payment = await pay(await m.order([1000]));
    assert.deepEqual(
      [payment.state, payment.authorized, payment.decline?.code],
      ['authorized', usd(400), 'partial_approval'],
    );
    assert.equal(code((await capture(payment)) as never), 'illegal_move');
    const job = await jobOf('payments.authorization_expiry', payment.id);
    assert.ok(job.due <= m.now());
    await expiryJob(m.payments, job);
    assert.deepEqual(
      [(await reload(payment)).state, (await orderOf(payment)).instalments[0]?.state],
      ['canceled', 'due'],
    );
  });

  test('an approval of another amount than was captured is unknown, never believed', async () => {
    m.acquirer.next.push({ outcome: 'approved', networkId: 'odd', amount: usd(999), details: {} });
    const payment = await pay(await m.order([1000]), { capture: 'automatic' });
    assert.deepEqual([payment.state, payment.openOperation !== null, await held(payment)], ['pending', true, 0n]);
  });

  describe('authentication', () => {
    const big = () => m.order([150_000]);

    test('frictionless: the proof travels with the charge', async () => {
      m.authentication.next.push({ outcome: 'proven', proof: PROOF, liabilityShift: true });
      const payment = await pay(await big(), { capture: 'automatic', cardholder: CARDHOLDER });
      assert.deepEqual([payment.state, payment.authentication?.liabilityShift], ['captured', true]);
      assert.deepEqual(m.acquirer.payments.at(-1)?.authentication, PROOF);
      assert.equal(m.acquirer.payments.at(-1)?.use, payment.id);
    });

    test('a challenge: the buyer comes back, the card is charged once', async () => {
      m.authentication.next.push({ outcome: 'challenge', url: 'https://acs.test', creq: 'e30' });
      const key = m.key();
      const order = await big();
      const input = {
        marketplace: m.marketplace.id,
        order: order.id,
        instalment: 1,
        token: aToken(),
        capture: 'automatic',
        cardholder: CARDHOLDER,
      } as const;
      const waiting = committed(must(await payInstalment(m.payments, key, input)));
      assert.deepEqual(
        [waiting.state, waiting.authentication?.challenge],
        ['authenticating', { url: 'https://acs.test', creq: 'e30' }],
      );
      const charges = m.acquirer.payments.length;
      m.authentication.next.push({ outcome: 'challenge', url: 'https://acs.test', creq: 'e30' });
      assert.equal(must(await continuePayment(m.payments, target(waiting))).state, 'authenticating');
      const proven = { outcome: 'proven', proof: PROOF, liabilityShift: true } as const;
      m.authentication.next.push(proven, proven, proven);
      const both = await Promise.all([1, 2].map(() => continuePayment(m.payments, target(waiting))));
      assert.ok(both.every(({ ok }) => ok));
      assert.deepEqual([(await reload(waiting)).state, m.acquirer.payments.length], ['captured', charges + 1]);
      m.authentication.next.length = 0;
      const again = must(await payInstalment(m.payments, key, input));
      assert.ok(again.kind === 'repeated' && !again.open, 'the command has its final answer');
    });

    test('failed: declined without asking the acquirer; unavailable: as the rules say', async () => {
      const charges = m.acquirer.payments.length;
      m.authentication.next.push({ outcome: 'failed', status: 'N', reason: 'wrong code' });
      const failed = await pay(await big(), { cardholder: CARDHOLDER });
      assert.deepEqual([failed.state, failed.decline?.code], ['declined', 'authentication_failed']);
      assert.equal((await orderOf(failed)).instalments[0]?.state, 'due');
      assert.equal(m.acquirer.payments.length, charges);
      m.authentication.next.push({ outcome: 'unavailable', reason: 'no directory server' });
      const went = await pay(await big(), { cardholder: CARDHOLDER });
      assert.deepEqual(
        [went.state, went.authentication?.state, went.authentication?.liabilityShift],
        ['authorized', 'unavailable', false],
      );
      assert.equal(m.acquirer.payments.at(-1)?.authentication, undefined);
    });

    test('nobody answers: unknown, asked again by the job; a challenge is given up after half an hour', async () => {
      m.authentication.next.push({ outcome: 'unknown', cause: 'timeout' });
      const payment = await pay(await big(), { cardholder: CARDHOLDER });
      assert.deepEqual([payment.state, payment.openOperation !== null], ['authenticating', true]);
      const job = await jobOf('payments.resolve_operation', payment.openOperation as string);
      m.authentication.next.push({ outcome: 'challenge', url: 'https://acs.test', creq: 'e30' });
      assert.equal((await resolveOperationJob(m.payments, job)).kind, 'again');
      assert.equal(
        (await reload(payment)).authentication?.challenge?.url,
        'https://acs.test',
        'the buyer can answer it',
      );
      m.pass(31 * 60_000);
      m.authentication.next.push({ outcome: 'challenge', url: 'https://acs.test', creq: 'e30' });
      assert.deepEqual(await resolveOperationJob(m.payments, job), { kind: 'finished' });
      const ended = await reload(payment);
      assert.deepEqual([ended.state, ended.authentication?.reason], ['declined', 'challenge_abandoned']);
    });

    test('the answer with the challenge was lost: the buyer who asks again gets it', async () => {
      m.authentication.next.push({ outcome: 'unknown', cause: 'timeout' });
      const payment = await pay(await big(), { cardholder: CARDHOLDER });
      assert.equal(payment.authentication?.challenge ?? null, null);
      m.authentication.next.push({ outcome: 'challenge', url: 'https://acs.test', creq: 'e30' });
      const asked = must(await continuePayment(m.payments, target(payment)));
      assert.deepEqual(asked.authentication?.challenge, { url: 'https://acs.test', creq: 'e30' });
      m.authentication.next.push({ outcome: 'proven', proof: PROOF, liabilityShift: true });
      assert.equal(must(await continuePayment(m.payments, target(payment))).state, 'authorized');
    });

    test('the question never left, as after a crash: declined and due again, never charged behind the buyer’s back', async () => {
      m.authentication.next.push({ outcome: 'unknown', cause: 'process ended' });
      const payment = await pay(await big(), { capture: 'automatic', cardholder: CARDHOLDER });
      const charges = m.acquirer.payments.length;
      const job = await jobOf('payments.resolve_operation', payment.openOperation as string);
      assert.deepEqual(await resolveOperationJob(m.payments, job), { kind: 'finished' });
      const ended = await reload(payment);
      assert.deepEqual([ended.state, ended.authentication?.reason], ['declined', 'not_received']);
      assert.deepEqual([(await orderOf(payment)).instalments[0]?.state, m.acquirer.payments.length], ['due', charges]);
    });

    test('small amounts and unregulated cards are not asked about', async () => {
      const payment = await pay(await m.order([500]), { cardholder: CARDHOLDER });
      assert.deepEqual([payment.state, payment.authentication], ['authorized', null]);
    });
  });
});
