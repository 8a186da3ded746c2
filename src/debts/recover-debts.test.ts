import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Instant, instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { money } from '../base/money.ts';
import { ageDays, type Debt, leftOf, nothingRecovered } from './debt.ts';
import { PROVISION_POLICIES, percentAt } from './policies.ts';
import { provisionAt } from './provision-debts.ts';
import { recovering } from './recover-debts.ts';

const usd = (cents: number) => money(cents, 'USD');
const SINCE = instant(Date.UTC(2026, 0, 1));
const after = (days: number): Instant => instant(Date.UTC(2026, 0, 1 + days));

const debt = (cents: number, changes: Partial<Debt> = {}): Debt => ({
  ...{ id: newId('dbt'), version: 1, state: 'open', marketplace: newId('mkt'), seller: newId('sel') },
  ...{ because: 'chargeback_lost', dispute: newId('dsp'), order: newId('ord'), amount: usd(cents) },
  ...{ recovered: nothingRecovered(usd(0)), provisioned: usd(0), writtenOff: usd(0), recoveredLater: usd(0) },
  ...{ writeOff: null, since: SINCE, endedAt: null },
  ...changes,
});
const taken = (owed: readonly Debt[], seller: number, reserve: number) => {
  const { part, funds } = recovering(owed, { seller: usd(seller), reserve: usd(reserve) }, SINCE);
  const events = part.events.map(({ type, data }) =>
    type === 'debt.recovered'
      ? [Number(data.fromSeller.amount), Number(data.fromReserve.amount)]
      : type === 'debt.provision_released'
        ? ['released', Number(data.amount.amount)]
        : type,
  );
  return { events, states: part.writes.map(({ row }) => row.state), left: [funds.seller.amount, funds.reserve.amount] };
};

test('oldest first, from the balance, then from the reserve, and no more than is owed', () => {
  assert.deepEqual(taken([debt(100), debt(50)], 120, 10), {
    events: [
      [100, 0],
      [20, 10],
    ],
    states: ['recovered', 'open'],
    left: [0n, 0n],
  });
  assert.deepEqual(taken([debt(100)], 300, 40).left, [200n, 40n]);
  assert.deepEqual(taken([debt(100)], 0, 0), { events: [], states: [], left: [0n, 0n] });
});

test('a debt in another currency is left alone', () => {
  const euros = debt(100, { amount: money(100, 'EUR'), recovered: nothingRecovered(money(0, 'EUR')) });
  assert.deepEqual(taken([euros], 500, 0).events, []);
});

test('what is recovered needs no provision any more', () => {
  assert.deepEqual(taken([debt(100, { provisioned: usd(75) })], 60, 0).events, [
    [60, 0],
    ['released', 35],
  ]);
  assert.deepEqual(taken([debt(100, { provisioned: usd(20) })], 60, 0).events, [[60, 0]]);
});

test('age classes: nothing in the first month, all of it after half a year; of what is left, half-up', () => {
  const [policy] = PROVISION_POLICIES;
  assert.ok(policy !== undefined);
  const shares = [0, 29, 30, 59, 60, 90, 179, 180, 900].map((days) => percentAt(policy, days));
  assert.deepEqual(shares, [0, 0, 25, 25, 50, 75, 75, 100, 100]);
  const partly = debt(101, { recovered: { ...nothingRecovered(usd(0)), bank: usd(40) } });
  assert.equal(leftOf(partly).amount, 61n);
  assert.deepEqual(
    [29, 30, 60, 180].map((days) => provisionAt(partly, after(days)).amount),
    [0n, 15n, 31n, 61n],
  );
  assert.equal(ageDays(partly, instant(Date.UTC(2026, 0, 31, 23, 59))), 30);
});
