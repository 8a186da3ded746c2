/** A fact never fails: a balance that is spent while a dispute is decided makes it be decided again. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { committed, createModules, type Modules, usd } from '../../test/support/modules.ts';
import { must } from '../base/result.ts';
import { findPayout, initiatePayout } from '../payouts/index.ts';
import { aSeller } from '../payouts/test-payouts.ts';
import type { DisputeDeps } from './deps.ts';
import { observeDispute } from './record-word.ts';
import { type Scene, scene } from './test-disputes.ts';

describe('spent meanwhile', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let s: Scene;
  before(async () => {
    m = await createModules();
    s = scene(m);
  });
  after(() => m?.end());

  /** The modules, with something that happens between each decision and its commit. */
  const between = (meanwhile: () => Promise<void>): DisputeDeps => ({
    ...m.disputes,
    journal: {
      ...m.journal,
      run: (command, decide) =>
        m.journal.run(command, async () => {
          const decided = await decide();
          await meanwhile();
          return decided;
        }),
    },
  });
  const released = async (name: string, cents: number) => {
    const seller = await aSeller(m, name);
    const { order, payments } = await s.paidOrderOf(seller.id, cents);
    await s.shipAndReceive(order);
    await s.release(order);
    const payOut = async (amount: number) =>
      committed(
        must(
          await initiatePayout(m.payouts, m.key(), {
            marketplace: m.marketplace.id,
            seller: seller.id,
            amount: usd(amount),
          }),
        ),
      );
    const raise = () => m.cardDisputes.raise({ payment: payments[0]?.networkPaymentId as string, amount: usd(cents) });
    return { seller: seller.id, payOut, raise };
  };

  test('once: the payout that took the money is taken back', async () => {
    const { seller, payOut, raise } = await released('Supplier 11', 10_000);
    let payout: Awaited<ReturnType<typeof payOut>> | null = null;
    const deps = between(async () => {
      payout ??= await payOut(9000);
    });
    const observed = await observeDispute(deps, raise());
    assert.ok(observed.found === 'case');
    assert.deepEqual([observed.case.cover?.seller.amount, observed.case.cover?.debt.amount], [9700n, 300n]);
    assert.ok(payout !== null);
    assert.equal((await findPayout(m.db, (payout as { id: never }).id))?.state, 'canceled');
    assert.equal(await s.balance('seller', seller), 0n);
  });

  test('every time: at last all of it is debt, and nothing is lost', async () => {
    const { seller, payOut, raise } = await released('Supplier 12', 5000);
    let times = 0;
    const deps = between(async () => {
      times += 1;
      if (times <= 3) await payOut(1);
    });
    const observed = await observeDispute(deps, raise());
    assert.ok(observed.found === 'case');
    assert.deepEqual([times, observed.case.cover?.debt.amount, observed.case.cover?.seller.amount], [4, 5000n, 0n]);
    assert.deepEqual([await s.balance('seller', seller), await s.balance('debt', seller)], [4847n, 5000n]);
    const kept = await initiatePayout(m.payouts, m.key(), { marketplace: m.marketplace.id, seller, amount: null });
    assert.equal(kept.ok ? 'done' : kept.error.code, 'dispute_open', 'what could not be frozen stays in the balance');
  });

  test('at once: a dispute and payouts of the same balance', async () => {
    const { payOut, raise } = await released('Supplier 13', 8000);
    const claim = raise();
    await Promise.all([
      observeDispute(m.disputes, claim),
      observeDispute(m.disputes, claim),
      payOut(4000).catch(() => null),
    ]);
    await s.agree(claim);
  });
});
