/** Transfers between balances: who may give, how much, into what, and how often. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { type Id, newId } from '../base/ids.ts';
import { must } from '../base/result.ts';
import { lockQuote } from '../fx/index.ts';
import { account, balanceOf } from '../ledger/index.ts';
import type { BalanceOwner } from './balance-transfer.ts';
import { earn } from './test-payouts.ts';
import { transferBalance } from './transfer-balance.ts';

describe('transfers between balances', { skip: NO_DATABASE }, () => {
  let m: Modules;
  before(async () => {
    m = await createModules();
    await earn(m, m.seller, 10_000);
  });
  after(() => m?.close());

  const transfer = (
    from: BalanceOwner,
    to: BalanceOwner,
    cents: number,
    quote: Id<'qte'> | null = null,
    key = m.key(),
  ) => transferBalance(m.payouts, key, { marketplace: m.marketplace.id, from, to, amount: usd(cents), quote });
  const refusal = async (result: ReturnType<typeof transfer>): Promise<string> => {
    const done = await result;
    return done.ok ? 'done' : done.error.code;
  };
  const balance = async (name: 'seller' | 'marketplace', owner: string, currency: 'USD' | 'EUR' = 'USD') =>
    Number((await balanceOf(m.db, account(name, owner), currency)).amount);

  test('from a seller to the marketplace and back; the same key does it once', async () => {
    const [seller, own] = [m.seller.id, m.marketplace.id];
    const key = m.key();
    for (let time = 0; time < 2; time += 1) must(await transfer(seller, own, 4_000, null, key));
    assert.deepEqual([await balance('seller', seller), await balance('marketplace', own)], [6_000, 4_000]);
    must(await transfer(own, seller, 1_000));
    assert.deepEqual([await balance('seller', seller), await balance('marketplace', own)], [7_000, 3_000]);
    const all = await Promise.all([1, 2, 3].map(() => refusal(transfer(own, seller, 1_600))));
    assert.deepEqual(all.sort(), ['done', 'insufficient_balance', 'insufficient_balance']);
  });

  test('what is refused: nothing, nobody, oneself, another amount than the quote’s, a quote twice', async () => {
    const [seller, own] = [m.seller.id, m.marketplace.id];
    assert.equal(await refusal(transfer(seller, own, 0)), 'invalid_amount');
    assert.equal(await refusal(transfer(seller, seller, 5)), 'same_party');
    assert.equal(await refusal(transfer(seller, newId('sel'), 5)), 'unknown_party');
    assert.equal(await refusal(transfer(newId('mkt'), seller, 5)), 'unknown_party');
    const terms = { from: 'USD', to: 'EUR', amount: usd(100), marketplace: own, use: 'conversion' } as const;
    const quote = committed(must(await lockQuote(m.fx, undefined, terms)));
    assert.equal(await refusal(transfer(seller, own, 99, quote.id)), 'unknown_quote');
    must(await transfer(seller, own, 100, quote.id));
    assert.equal(await balance('marketplace', own, 'EUR'), Number(quote.got.amount));
    assert.equal(await refusal(transfer(seller, own, 100, quote.id)), 'quote_used');
  });

  test('what an open dispute may take stays', async () => {
    const kept = { ...m.payouts, keptBack: async () => new Map([[m.seller.id, usd(100_000)]]) };
    const input = {
      marketplace: m.marketplace.id,
      from: m.seller.id,
      to: m.marketplace.id,
      amount: usd(1),
      quote: null,
    };
    const result = await transferBalance(kept, m.key(), input);
    assert.ok(!result.ok && result.error.code === 'dispute_open');
  });
});
