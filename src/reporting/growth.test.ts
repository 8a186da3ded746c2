/** Figures of growth on a real database, by hand: two wallets, two weeks, the same holiday of two years. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_DATABASE } from '../../test/support/database.ts';
import { createModules, type Modules, usd } from '../../test/support/modules.ts';
import type { Day } from '../base/clock.ts';
import { createHub, east8, type Hub } from '../wallets/clearing/test-hub.ts';
import { type Growth, readGrowth } from './growth.ts';
import { SEASONS } from './holiday-seasons.ts';

describe('growth', { skip: NO_DATABASE }, () => {
  let m: Modules;
  let hub: Hub;
  before(async () => {
    m = await createModules();
    hub = createHub(m);
    m.rates.perBase = { ...m.rates.perBase, MYR: '4' };
    const fees = { interchangeBps: 0, serviceBps: 0 };
    const tng = await hub.party({ name: 'TNG', wallet: { currency: 'MYR', fees } });
    const paypay = await hub.party({ name: 'PAYPAY', wallet: { currency: 'JPY', fees } });
    const acquirer = await hub.party({ name: 'ACQ', acquirer: { currencies: ['JPY', 'EUR', 'KZT'], fees } });
    const pay = (wallet: typeof tng, settlement: bigint, day: string, time: string, settleIn?: 'EUR' | 'KZT') =>
      hub.pay(wallet, acquirer, { payTo: settlement, settlement, at: east8(day, time), ...(settleIn && { settleIn }) });
    await pay(tng, 15_000n, '2025-12-25', '10:00');
    await pay(tng, 15_000n, '2026-12-17', '10:00');
    await pay(tng, 30_000n, '2026-12-24', '00:00');
    await pay(tng, 800n, '2026-12-25', '10:00', 'EUR');
    await pay(paypay, 45_000n, '2026-12-26', '23:59');
    await pay(paypay, 7n, '2026-12-26', '23:59', 'KZT');
    await pay(paypay, 99_999n, '2026-12-27', '00:00');
    await hub.cancel(await pay(paypay, 99_999n, '2026-12-26', '12:00'), true);
  });
  after(() => m?.end());

  test('a season against the week before and the same one a year before, at one table of rates', async () => {
    const ask = { season: 'christmas', year: 2026, touristSpend: usd(1_020_000) } as const;
    const growth = (await readGrowth(m.fx, ask)) as Growth;
    // 30 000 yen are 200 dollars, 8 euro 10, 45 000 yen 300.
    assert.deepEqual([growth.period.from, growth.period.to, growth.period.payments], ['2026-12-24', '2026-12-26', 4]);
    assert.deepEqual(
      [growth.period.spend, growth.period.perPayment, growth.period.users],
      [usd(51_000), usd(12_750), 2],
    );
    assert.deepEqual(growth.unvalued, [{ amount: 7n, currency: 'KZT' }]);
    assert.deepEqual([growth.weekBefore.spend, growth.change.weekOnWeek.spend], [usd(10_000), 41_000]);
    assert.deepEqual([growth.lastYear?.holiday, growth.lastYear?.spend], ['Christmas', usd(10_000)]);
    assert.equal(growth.change.yearOnYear?.payments, 30_000);
    assert.deepEqual(
      growth.origins.map(({ wallet, spend, users }) => [wallet, spend.amount, users]),
      [
        ['paypay', 30_000n, 1],
        ['tng', 21_000n, 1],
      ],
    );
    assert.deepEqual([growth.markets[0]?.market, growth.touristShareBps, growth.rates?.source], ['JP', 500, 'fake']);
    assert.deepEqual([growth.reach.wallets, growth.reach.acquirers, growth.reach.bankApps], [2, 1, 0]);
  });

  test('days by name have no year before; a season whose days are not known has no answer', async () => {
    const days = { from: '2026-12-27' as Day, to: '2026-12-27' as Day, touristSpend: null };
    const growth = (await readGrowth(m.fx, days)) as Growth;
    assert.deepEqual([growth.period.payments, growth.lastYear, growth.weekBefore.perPayment], [1, null, null]);
    assert.equal(growth.change.weekOnWeek.spend, null);
    assert.equal(await readGrowth(m.fx, { season: 'chinese_new_year', year: 2031, touristSpend: null }), null);
    for (const { days: known } of Object.values(SEASONS))
      for (const [year, [from, to]] of Object.entries(known)) assert.ok(from <= to && from.startsWith(year));
  });
});
