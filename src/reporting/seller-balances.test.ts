/** A seller's sums against the accounts of the ledger, in the middle of lives of every kind. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { must } from '../base/result.ts';
import { type Scene, scene } from '../disputes/test-disputes.ts';
import { listAccounts } from '../ledger/index.ts';
import type { Seller } from '../parties/index.ts';
import { refundPayment } from '../payments/index.ts';
import { initiatePayout } from '../payouts/index.ts';
import { aSeller, earn } from '../payouts/test-payouts.ts';
import { type SellerBalance, sellerBalance } from './seller-balances.ts';

describe('seller balances', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let s: Scene;
  let seller: Seller;
  before(async () => {
    m = await createModules();
    s = scene(m);
    seller = await aSeller(m, 'Supplier 1');
  });
  after(() => m?.end());

  /** Nobody else has money here (but for what `earn` makes up), so the sums of one seller are those of the whole ledger. */
  const ledger = async () => {
    const accounts = await listAccounts(m.db, { nonZero: true });
    const of = (...names: string[]) =>
      accounts.filter(({ name }) => names.includes(name)).reduce((sum, { balance }) => sum + balance.amount, 0n);
    const [held, available, reserve, frozen] = [of('held'), of('seller'), of('reserve'), of('dispute_cover')];
    return { held, available, reserve, frozen, debt: of('debt'), inPayout: of('payout', 'payout_file') };
  };
  const amounts = ({ held, available, reserve, frozen, debt, inPayout }: SellerBalance) =>
    Object.fromEntries(
      Object.entries({ held, available, reserve, frozen, debt, inPayout }).map(([name, { amount }]) => [name, amount]),
    );
  const agreed = async (): Promise<SellerBalance> => {
    const balance = await sellerBalance(m.db, seller.id);
    assert.deepEqual(amounts(balance), await ledger());
    const { available, reserve, frozen, inPayout, debt } = balance;
    assert.equal(
      balance.total.amount,
      available.amount + reserve.amount + frozen.amount + inPayout.amount - debt.amount,
    );
    return balance;
  };
  const ask = () =>
    initiatePayout(m.payouts, m.key(), { marketplace: m.marketplace.id, seller: seller.id, amount: null });

  test('each sum is the balance of its accounts, through a life with refund, payout, disputes and debt', async () => {
    assert.equal((await agreed()).payable.amount, 0n);
    const { order, payments } = await s.paidOrderOf(seller.id, 10_000);
    const refund = { marketplace: m.marketplace.id, payment: payments[0]?.id as never, amount: usd(1000), reason: 'x' };
    m.acquirer.next.push({ outcome: 'unknown', cause: 'timeout' });
    must(await refundPayment(m.payments, m.key(), refund));
    const refunding = await agreed();
    assert.deepEqual([refunding.held.amount, refunding.heldBy.map(({ id }) => id)], [9000n, [order.id]]);

    const released = await s.paidOrderOf(seller.id, 8000);
    await s.shipAndReceive(released.order);
    await s.release(released.order);
    const payout = committed(must(await ask()));
    assert.equal((await agreed()).inPayout.amount, 7760n);

    const claim = m.cardDisputes.raise({ payment: payments[0]?.networkPaymentId as string, amount: usd(10_000) });
    await s.observe(claim);
    const frozen = await agreed();
    assert.deepEqual(
      [frozen.held.amount, frozen.frozen.amount, frozen.frozenBy[0]?.cover?.seller.amount, frozen.keptBack.amount],
      [0n, 10_000n, 1000n, 0n],
      'a payout was taken back for it',
    );
    assert.deepEqual([frozen.payable.amount, frozen.total.amount], [6760n, 16_760n]);
    assert.equal(committed(must(await ask())).amount.amount, 6760n);
    assert.notEqual(payout.amount.amount, 6760n);

    const after = m.cardDisputes.raise({
      payment: released.payments[0]?.networkPaymentId as string,
      amount: usd(8000),
    });
    await s.observe(after);
    const owing = await agreed();
    assert.deepEqual([owing.available.amount, owing.debt.amount, owing.owedFor.length], [0n, 1240n, 0]);
    await earn(m, seller, 500);
    const risky = await sellerBalance(m.db, seller.id);
    assert.deepEqual([risky.available.amount, risky.keptBack.amount, risky.payable.amount], [500n, 500n, 0n]);
    m.cardDisputes.advance(after, 'lost');
    await s.observe(after);
    const lost = await sellerBalance(m.db, seller.id);
    assert.deepEqual([lost.owedFor.map(({ amount }) => amount.amount), lost.payable.amount], [[1240n], 0n]);
    m.cardDisputes.advance(claim, 'won');
    await s.observe(claim);
    assert.equal((await sellerBalance(m.db, seller.id)).frozen.amount, 0n);
    await s.report();
    await s.agree(claim, after);
  });

  test('what a payout would carry is what it carries', async () => {
    await earn(m, seller, 20_000);
    const { payable, available, owedFor } = await sellerBalance(m.db, seller.id);
    assert.equal(owedFor.length, 1);
    assert.equal(available.amount - payable.amount, 1240n, 'the debt comes first');
    assert.equal(committed(must(await ask())).amount.amount, payable.amount);
    assert.equal((await sellerBalance(m.db, seller.id)).owedFor.length, 0);
  });
});
