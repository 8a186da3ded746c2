/** What a seller may convert, and what must stay where it is. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import type { Id } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import { must } from '../base/result.ts';
import { type Scene, scene } from '../disputes/test-disputes.ts';
import { findQuote, lockQuote, type Quote } from '../fx/index.ts';
import { account, balanceOf } from '../ledger/index.ts';
import { sellerBalances } from '../reporting/index.ts';
import { type Conversion, convertBalance } from './index.ts';
import { aSeller, earn } from './test-payouts.ts';

describe('converting a balance', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let s: Scene;
  before(async () => {
    m = await createModules();
    s = scene(m);
  });
  after(() => m?.end());

  const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'done' : result.error?.code);
  const lock = async (amount: Money, to: 'EUR' | 'USD' = 'EUR'): Promise<Quote> => {
    const input = { marketplace: m.marketplace.id, from: amount.currency, to, amount, use: 'conversion' } as const;
    return committed(must(await lockQuote(m.fx, undefined, input)));
  };
  const convert = (seller: Id<'sel'>, quote: Id<'qte'>, key = m.key(), marketplace = m.marketplace.id) =>
    convertBalance(m.payouts, key, { marketplace, seller, quote });

  test('converted once, under its key; the balance is in the other currency and can come back', async () => {
    const seller = await aSeller(m, 'Supplier 601');
    await earn(m, seller, 20_000);
    const quote = await lock(usd(10_000));
    const key = m.key();
    const done = committed(must(await convert(seller.id, quote.id, key)));
    assert.deepEqual([done.given, done.got.amount, done.margin.amount, done.rate], [usd(10_000), 7960n, 40n, '0.796']);
    const again = must(await convert(seller.id, quote.id, key));
    assert.equal(again.kind === 'repeated' && (again.answer as Conversion).id, done.id);
    assert.equal(code(await convert(seller.id, quote.id)), 'quote_used');
    assert.deepEqual(
      [(await findQuote(m.db, quote.id))?.state, (await findQuote(m.db, quote.id))?.usedBy],
      ['used', done.id],
    );
    const shown = async () =>
      (await sellerBalances(m.db, seller.id)).map(({ currency, available }) => [currency, available.amount]);
    assert.deepEqual(await shown(), [
      ['USD', 10_000n],
      ['EUR', 7960n],
    ]);
    must(await convert(seller.id, (await lock(money(7960, 'EUR'), 'USD')).id));
    assert.deepEqual(await shown(), [
      ['USD', 19_900n],
      ['EUR', 0n],
    ]);
    await m.holdLaws();
  });

  test('two at once with one quote, and one quote for more than there is', async () => {
    const seller = await aSeller(m, 'Supplier 602');
    await earn(m, seller, 10_000);
    const quote = await lock(usd(6000));
    const both = await Promise.all([convert(seller.id, quote.id), convert(seller.id, quote.id)]);
    assert.deepEqual(both.map(code).sort(), ['done', 'quote_used']);
    assert.equal(code(await convert(seller.id, (await lock(usd(6000))).id)), 'insufficient_balance');
    assert.equal((await balanceOf(m.db, account('seller', seller.id), 'USD')).amount, 4000n);
  });

  test('expired, another marketplace’s, or none', async () => {
    const seller = await aSeller(m, 'Supplier 603');
    await earn(m, seller, 10_000);
    const quote = await lock(usd(100));
    m.pass(10 * 60_000 - 1);
    const last = await lock(usd(100));
    m.pass(1);
    assert.equal(code(await convert(seller.id, quote.id)), 'quote_expired', 'on the instant');
    assert.equal(code(await convert(seller.id, last.id)), 'done');
    assert.equal(code(await convert(seller.id, `qte_${'0'.repeat(32)}` as Id<'qte'>)), 'unknown_quote');
    const other = `mkt_${'1'.repeat(32)}` as Id<'mkt'>;
    assert.equal(code(await convert(seller.id, last.id, m.key(), other)), 'unknown_party');
  });

  test('what is owed is taken first, and what a dispute may take stays', async () => {
    const seller = await aSeller(m, 'Supplier 604');
    const { order, payments } = await s.paidOrderOf(seller.id, 10_000);
    await s.shipAndReceive(order);
    await s.release(order);
    await s.payAll(seller.id);
    const claim = m.cardDisputes.raise({ payment: payments[0]?.networkPaymentId as string, amount: usd(10_000) });
    await s.observe(claim);
    await earn(m, seller, 12_000);
    assert.equal(code(await convert(seller.id, (await lock(usd(12_000))).id)), 'dispute_open');
    m.cardDisputes.advance(claim, 'lost');
    await s.observe(claim);
    const rest = await lock(usd(1000));
    assert.equal(code(await convert(seller.id, rest.id)), 'done', 'the debt was recovered before');
    assert.equal((await balanceOf(m.db, account('debt', seller.id), 'USD')).amount, 0n);
    assert.equal((await balanceOf(m.db, account('seller', seller.id), 'USD')).amount, 1000n, '120 less 100 less 10');
  });
});
