/** Payments by home wallet over a wallet in memory: what is lost, said twice, given up, paid back at the old rate. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { aWallet } from '../../test/support/fake-wallet.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import { must } from '../base/result.ts';
import { findQuote } from '../fx/index.ts';
import type { Job } from '../jobs/index.ts';
import { type AccountName, account, balanceOf } from '../ledger/index.ts';
import type { Participant } from '../parties/index.ts';
import { findOrder, heldOf, type Order, shipOrder } from '../protection/index.ts';
import {
  cancelPayment,
  capturePayment,
  continuePayment,
  expiryJob,
  findOperationByReference,
  findPayment,
  isByWallet,
  methodOf,
  offerWallets,
  operationsOf,
  type Payment,
  payByWallet,
  refundPayment,
  resolveOperationJob,
  type WalletPayment,
  walletNotified,
} from './index.ts';

const MINUTE = 60_000;
const eur = (cents: number): Money => money(cents, 'EUR');

describe('payments by wallet', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let tng: Participant;
  before(async () => {
    m = await createModules();
    tng = await aWallet(m.parties, { slug: 'tng' });
    await aWallet(m.parties, { slug: 'dollars', currency: 'USD' });
    await aWallet(m.parties, { slug: 'dana', currency: 'IDR', country: 'ID' });
    const limit = { setBy: 'Bank Negara', per: 'payment', kind: 'max', amount: eur(1000) } as const;
    await aWallet(m.parties, { slug: 'small', limits: [limit] });
    await aWallet(m.parties, { slug: 'far', markets: { JP: 'live' }, modes: ['cashier'] });
  });
  beforeEach(() => {
    m.wallet.next = [];
    m.wallet.asks = false;
    m.rates.perBase.EUR = '0.8';
    m.pass(2 * MINUTE);
  });
  after(() => m?.end());

  /** By the wallet of the payment, unless another says it. */
  const notified = async (
    { reference, ...said }: Omit<Parameters<typeof walletNotified>[1], 'wallet'>,
    wallet?: Participant['id'],
  ): ReturnType<typeof walletNotified> => {
    const operation = await findOperationByReference(m.db, reference);
    const payment = operation === null ? null : await findPayment(m.db, operation.payment);
    return walletNotified(m.payments, { wallet: wallet ?? payment?.wallet?.participant ?? tng.id, reference, ...said });
  };
  const begin = (order: Order, fields: object = {}, key = m.key()) =>
    payByWallet(m.payments, key, {
      ...{ marketplace: m.marketplace.id, order: order.id, instalment: 1, wallet: 'tng' },
      ...{ payer: { kind: 'cashier' }, ...fields },
    });
  const pending = async (cents = 10_000, fields: object = {}): Promise<WalletPayment> => {
    const payment = committed(must(await begin(await m.order([cents]), fields)));
    assert.ok(isByWallet(payment));
    return payment;
  };
  const paid = async (cents = 10_000, fields: object = {}): Promise<WalletPayment> => {
    const payment = await pending(cents, fields);
    const reference = await referenceOf(payment);
    m.wallet.confirm(reference);
    await notified({ reference });
    return reload(payment);
  };
  const reload = async ({ id }: Pick<Payment, 'id'>) => (await findPayment(m.db, id)) as WalletPayment;
  const orderOf = async (payment: Payment) => (await findOrder(m.db, payment.order)) as Order;
  const referenceOf = async ({ id }: Payment) => (await operationsOf(m.db, id))[0]?.reference as string;
  const target = ({ id }: Payment) => ({ marketplace: m.marketplace.id, payment: id });
  const balance = async (name: AccountName, currency: Currency, owner = '') =>
    (await balanceOf(m.db, account(name, owner), currency)).amount;
  const owed = (currency: Currency = 'EUR', wallet = tng) =>
    balance('receivable', currency, wallet.wallet?.account as string);
  const refund = async (payment: Payment, cents: number) =>
    refundPayment(m.payments, m.key(), { ...target(payment), amount: usd(cents), reason: 'returned' });
  const codeOf = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'done' : result.error?.code);
  const run = async (kind: 'resolve' | 'expire', payment: Payment) => {
    const subject = kind === 'expire' ? payment.id : (payment.openOperation as string);
    const { rows } = await m.db.query<{ id: string; lease: string; attempts: number }>(
      `update jobs set lease = gen_random_uuid(), attempts = attempts + 1 where subject = $1
       returning replace(id::text, '-', '') as id, replace(lease::text, '-', '') as lease, attempts, kind, subject`,
      [subject],
    );
    assert.equal(rows.length, 1, `the job of ${subject}`);
    const job = { ...rows[0], payload: {} } as unknown as Job;
    return kind === 'expire' ? expiryJob(m.payments, job) : resolveOperationJob(m.payments, job);
  };

  test('paid on the wallet’s page: held in dollars, owed in the wallet’s currency, the margin ours', async () => {
    const before = await owed();
    const waiting = await pending();
    assert.deepEqual(
      [waiting.state, waiting.captured, waiting.wallet.payUrl?.startsWith('https://wallet.example/pay/')],
      ['pending', usd(0), true],
    );
    const reference = await referenceOf(waiting);
    const asked = m.wallet.known.get(reference)?.request;
    assert.deepEqual([asked?.amount, asked?.payTo], [usd(10_000), eur(8081)], 'one percent, rounded up');
    assert.deepEqual([asked?.quote?.rate, asked?.quote?.markup], ['0.8081', eur(81)]);
    m.wallet.confirm(reference);
    assert.equal(await notified({ reference }), 'taken');
    const done = await reload(waiting);
    assert.deepEqual([done.state, done.captured, done.wallet.customerId], ['captured', usd(10_000), 'user-1']);
    assert.equal((await orderOf(done)).state, 'paid');
    assert.equal(await balance('held', 'USD', done.order), 10_000n);
    assert.equal((await owed()) - before, 8081n);
    assert.deepEqual(done.wallet.rate?.margin, usd(101), 'with what was received at mid');
    const quote = await findQuote(m.db, done.wallet.rate?.quote as Id<'qte'>);
    assert.deepEqual([quote?.state, quote?.usedBy, quote?.policy], ['used', done.id, 'wallet_order@1']);
    assert.deepEqual(methodOf(done), { type: 'wallet', wallet: 'tng', brand: 'TNG', name: 'Wallet tng' });
  });

  test('a wallet of the order’s currency needs no quote, and is paid back as it is', async () => {
    const done = await paid(500, { wallet: 'DOLLARS' });
    assert.deepEqual([done.wallet.rate, done.wallet.payTo], [null, usd(500)]);
    committed(must(await refund(done, 500)));
    const after = await reload(done);
    assert.deepEqual([after.refunded, after.wallet.paidBack], [usd(500), usd(500)]);
    assert.equal((await orderOf(done)).state, 'refunded');
  });

  test('a card is not a wallet: old payments without a method are by card, and wallets are captured at once', async () => {
    const waiting = await pending();
    const captured = await capturePayment(m.payments, m.key(), target(waiting));
    assert.equal(codeOf(captured), 'illegal_move');
    const { wallet: _wallet, ...old } = waiting;
    const card = { token: 'tok', brand: 'visa', last4: '1111', fingerprint: null };
    assert.deepEqual(methodOf({ ...old, card }), { type: 'card', brand: 'visa', last4: '1111' });
    committed(must(await cancelPayment(m.payments, m.key(), target(waiting))));
  });

  test('a repeat is the same payment; the wallet is asked once', async () => {
    const [order, key] = [await m.order([700]), m.key()];
    const calls = m.wallet.calls.length;
    const first = committed(must(await begin(order, {}, key)));
    const again = must(await begin(order, {}, key));
    assert.equal(again.kind === 'repeated' && (again.answer as Payment).id, first.id);
    assert.ok(again.kind === 'repeated' && !again.open && isByWallet(again.answer as Payment));
    assert.match((again.answer as WalletPayment).wallet.payUrl ?? '', /^https/, 'with the page to go to');
    assert.deepEqual(m.wallet.calls.slice(calls), ['pay']);
  });

  test('the answer is lost after the debit: inquiry finds it, nothing is charged again', async () => {
    m.wallet.next = ['lose_after'];
    const payment = await pending(900, { payer: { kind: 'payment_code', code: '281666020000000001' } });
    assert.equal(payment.state, 'pending');
    const calls = m.wallet.calls.length;
    await run('resolve', payment);
    assert.equal((await reload(payment)).state, 'captured');
    assert.deepEqual(m.wallet.calls.slice(calls), ['inquire']);
  });

  test('killed between decide and the call: it is canceled at the wallet, so that it cannot arrive, then not received', async () => {
    m.wallet.next = ['lose_before'];
    const payment = await pending(900);
    const reference = await referenceOf(payment);
    await run('resolve', payment);
    const after = await reload(payment);
    assert.deepEqual([after.state, after.decline?.code], ['declined', 'not_received']);
    assert.ok(m.wallet.canceled.has(reference));
    assert.equal((await orderOf(payment)).instalments[0]?.state, 'due');
  });

  test('the wallet notifies before it answers, and twice: it is captured once', async () => {
    const order = await m.order([1200]);
    const { pay } = m.wallet;
    m.wallet.pay = async (to, request) => {
      const answer = await pay(to, request);
      const word = m.wallet.confirm(request.reference);
      await notified({ reference: request.reference, word, payTo: request.payTo });
      return answer;
    };
    const payment = committed(must(await begin(order)));
    m.wallet.pay = pay;
    assert.equal(payment.state, 'captured');
    const reference = await referenceOf(payment);
    assert.equal(await notified({ reference, word: m.wallet.confirm(reference) }), 'taken');
    assert.equal(await balance('held', 'USD', order.id), 1200n);
    assert.equal(await notified({ reference: 'NOBODYS' }), 'unknown');
  });

  test('a wallet is heard about its own payments only', async () => {
    const waiting = await pending(700);
    const reference = await referenceOf(waiting);
    const other = await aWallet(m.parties, { slug: 'other', country: 'SG' });
    assert.equal(await notified({ reference, word: m.wallet.confirm(reference) }, other.id), 'unknown');
    assert.equal((await reload(waiting)).state, 'pending');
    assert.equal(await notified({ reference }), 'taken');
    assert.equal((await reload(waiting)).state, 'captured');
  });

  test('a word about another amount is not taken: the wallet is asked', async () => {
    const waiting = await pending(600);
    const reference = await referenceOf(waiting);
    const lie = { outcome: 'approved', walletPaymentId: 'x', paidAt: m.now(), customerId: null } as const;
    await notified({ reference, word: lie, payTo: eur(1) });
    assert.equal((await reload(waiting)).state, 'pending');
    m.wallet.confirm(reference);
    assert.equal(must(await continuePayment(m.payments, target(waiting))).state, 'captured', 'the buyer is back');
  });

  test('nobody pays in time: canceled at the wallet until that is done; the instalment is due again', async () => {
    const waiting = await pending(600);
    m.pass(14 * MINUTE);
    m.wallet.next = ['lose_before'];
    const first = await run('expire', waiting);
    assert.equal(first.kind, 'again');
    assert.equal((await reload(waiting)).wallet.canceling?.by, 'expiry');
    await run('expire', waiting);
    assert.equal((await reload(waiting)).state, 'expired');
    assert.equal((await orderOf(waiting)).instalments[0]?.state, 'due');
    assert.deepEqual(await owedFor(waiting), 0n);
  });

  const owedFor = async (payment: Payment) => m.wallet.owes(await referenceOf(payment)).amount;

  test('cancel and success race: who has asked to cancel is not paid, and the wallet gives it back', async () => {
    const waiting = await pending(600);
    const reference = await referenceOf(waiting);
    const before = await owed();
    const { cancel } = m.wallet;
    m.wallet.cancel = async (to, ask) => {
      // The wish is committed, the wallet has not heard of it: its user confirms just now.
      const word = m.wallet.confirm(reference);
      await notified({ reference, word });
      await run('resolve', await reload(waiting));
      return cancel(to, ask);
    };
    const canceled = committed(must(await cancelPayment(m.payments, m.key(), target(waiting))));
    m.wallet.cancel = cancel;
    assert.equal(canceled.state, 'canceled');
    assert.deepEqual([await owedFor(waiting), (await owed()) - before], [0n, 0n]);
    assert.equal(await balance('held', 'USD', waiting.order), 0n);
  });

  test('a wallet that will not cancel what it has debited: its word counts again', async () => {
    const waiting = await pending(600);
    m.wallet.confirm(await referenceOf(waiting));
    m.wallet.next = ['refuse'];
    const kept = committed(must(await cancelPayment(m.payments, m.key(), target(waiting))));
    assert.deepEqual([kept.state, (kept as WalletPayment).wallet.canceling], ['captured', null]);
    assert.equal((await orderOf(waiting)).state, 'paid');
  });

  test('canceled on its day: taken back at the wallet, and the instalment is due again; paid anew', async () => {
    const before = await owed();
    const done = await paid(4000);
    const canceled = committed(must(await cancelPayment(m.payments, m.key(), target(done))));
    assert.deepEqual([canceled.state, canceled.captured], ['canceled', usd(0)]);
    assert.equal(await owed(), before);
    const order = await orderOf(done);
    assert.deepEqual([order.state, order.captured, order.instalments[0]?.state], ['awaiting_payment', usd(0), 'due']);
    assert.ok(order.deadline !== null, 'it waits to be paid again');
    const again = committed(must(await begin(order)));
    const reference = await referenceOf(again);
    m.wallet.confirm(reference);
    await notified({ reference });
    assert.equal((await orderOf(done)).state, 'paid');
  });

  test('the wallet refuses to take it back: it stays paid; while it is asked nothing ships', async () => {
    const done = await paid(4000);
    m.wallet.next = ['lose_before'];
    const asked = committed(must(await cancelPayment(m.payments, m.key(), target(done))));
    assert.ok(asked.openOperation !== null);
    const shipped = await shipOrder(m.orders, m.key(), { ...goods, marketplace: m.marketplace.id, order: done.order });
    assert.equal(codeOf(shipped), 'illegal_move');
    m.wallet.next = ['refuse'];
    await run('resolve', asked);
    assert.deepEqual([(await reload(done)).state, (await orderOf(done)).state], ['captured', 'paid']);
    assert.equal(heldOf(await orderOf(done)).amount, 4000n);
  });

  const goods = { carrier: 'DHL', trackingNumber: '1' };

  test('after the window, after shipment, or once a part is refunded it is refunded, not canceled', async () => {
    const [late, shipped, part] = [await paid(100), await paid(100), await paid(100)];
    committed(
      must(await shipOrder(m.orders, m.key(), { ...goods, marketplace: m.marketplace.id, order: shipped.order })),
    );
    assert.equal(codeOf(await cancelPayment(m.payments, m.key(), target(shipped))), 'illegal_move');
    committed(must(await refund(part, 10)));
    assert.equal(codeOf(await cancelPayment(m.payments, m.key(), target(part))), 'illegal_move');
    m.pass(24 * 60 * MINUTE);
    assert.equal(codeOf(await cancelPayment(m.payments, m.key(), target(late))), 'cancel_window_over');
    // 00:15 in UTC+8 of the day after 23 November, 09:00 UTC and some minutes.
    assert.equal(late.wallet.cancelableUntil, '2026-11-23T16:15:00.000Z');
  });

  test('refunds in parts are at the old rate after rates moved; the last takes the remainder', async () => {
    const before = await owed();
    const done = await paid(10_000);
    m.rates.perBase.EUR = '0.5';
    m.pass(2 * MINUTE);
    for (const cents of [3333, 3333, 3334]) committed(must(await refund(done, cents)));
    const back = [...m.wallet.refunds.values()].slice(-3).map(({ payBack }) => payBack);
    assert.deepEqual(back, [eur(2693), eur(2693), eur(2695)], 'of 80.81');
    assert.equal(await owed(), before);
    const after = await reload(done);
    assert.deepEqual([after.wallet.paidBack, after.wallet.rate?.marginBack], [eur(8081), after.wallet.rate?.margin]);
    assert.equal((await orderOf(done)).state, 'refunded');
  });

  test('a refund above what was captured is refused; a lost answer is asked for under its reference', async () => {
    const done = await paid(1000);
    assert.equal(codeOf(await refund(done, 1001)), 'amount_exceeds_refundable');
    m.wallet.next = ['lose_after'];
    const begun = committed(must(await refund(done, 400)));
    assert.equal(begun.state, 'initiated');
    await run('resolve', await reload(done));
    assert.equal((await reload(done)).refunded.amount, 400n);
    assert.equal([...m.wallet.refunds.values()].filter(({ amount }) => amount.amount === 400n).length, 1);
    m.wallet.next = ['refuse'];
    assert.equal(committed(must(await refund(done, 600))).state, 'rejected');
    assert.equal(heldOf(await orderOf(done)).amount, 600n, 'back where it was locked from');
  });

  test('rupiah are paid and paid back in whole hundreds of their minor unit', async () => {
    const done = await paid(1000, { wallet: 'dana' });
    assert.equal(done.wallet.payTo.amount % 100n, 0n);
    committed(must(await refund(done, 333)));
    assert.equal([...m.wallet.refunds.values()].at(-1)?.payBack.amount.toString().slice(-2), '00');
    committed(must(await refund(done, 667)));
    assert.deepEqual((await reload(done)).wallet.paidBack, done.wallet.payTo);
  });

  test('what a wallet does not take is refused, and says why and who set the limit', async () => {
    const order = await m.order([10_000]);
    const tried = async (fields: object) => {
      const result = await begin(order, fields);
      return result.ok ? 'done' : `${result.error.code} ${result.error.facts?.setBy ?? ''}`.trim();
    };
    assert.equal(await tried({ wallet: 'nobody' }), 'unknown_wallet');
    assert.equal(await tried({ wallet: 'small' }), 'wallet_limit Bank Negara');
    assert.equal(await tried({ wallet: 'far' }), 'wallet_not_offered');
    const code = { kind: 'payment_code', code: '1' };
    assert.equal(await tried({ wallet: 'far', payer: code }), 'wallet_not_offered');
    assert.equal(await tried({ expiresAt: m.now() }), 'invalid_expiry');
    m.wallet.declines = { code: 'USER_AMOUNT_EXCEED_LIMIT', limitSetBy: 'Wallet tng' };
    const declined = committed(must(await begin(order)));
    assert.deepEqual([declined.state, declined.decline?.limitSetBy], ['declined', 'Wallet tng']);
    m.rates.silent = true;
    m.pass(20 * MINUTE);
    assert.equal(await tried({}), 'rate_unavailable');
    m.rates.silent = false;
  });

  test('the wallets of a country, with what the amount comes to, and those that do not take it', async () => {
    const ask = { marketplace: m.marketplace.id, amount: usd(10_000), country: 'MY', sellerCountry: 'CN' };
    const { offered, refused } = await offerWallets(m.payments, ask);
    assert.deepEqual(
      offered.map(({ wallet, payTo, rate }) => [wallet.wallet.slug, payTo, rate?.allIn ?? null]),
      [
        ['dollars', usd(10_000), null],
        ['tng', eur(8081), '0.8081'],
      ],
    );
    assert.deepEqual(
      refused.map(({ wallet, because }) => [wallet.wallet.slug, because.code]),
      [
        ['far', 'wallet_not_offered'],
        ['small', 'wallet_limit'],
      ],
    );
    assert.deepEqual(await offerWallets(m.payments, { ...ask, country: 'XX' }), { offered: [], refused: [] });
  });
});
