import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '../base/money.ts';
import type { Payout } from '../payouts/index.ts';
import { coverOf, limitOf, type Purse } from './cover.ts';

const usd = (cents: number) => money(cents, 'USD');
const purse = (held: number, reserve: number, seller: number, payouts: readonly number[] = []): Purse => ({
  held: usd(held),
  reserve: usd(reserve),
  seller: usd(seller),
  // Only the amount is read.
  payouts: payouts.map((cents) => ({ amount: usd(cents) }) as Payout),
});
const parts = (amount: number, limit: number, from: Purse): readonly unknown[] => {
  const { cover, canceled } = coverOf(usd(amount), usd(limit), from);
  return [cover.held, cover.reserve, cover.seller, cover.debt]
    .map((each) => Number(each.amount))
    .concat(canceled.length);
};

test('held, reserve, balance, debt, in this order, and no more of each than is needed', () => {
  assert.deepEqual(parts(100, 100, purse(100, 50, 50)), [100, 0, 0, 0, 0]);
  assert.deepEqual(parts(100, 100, purse(60, 30, 50)), [60, 30, 10, 0, 0]);
  assert.deepEqual(parts(100, 100, purse(60, 30, 4)), [60, 30, 4, 6, 0]);
  assert.deepEqual(parts(100, 100, purse(0, 0, 0)), [0, 0, 0, 100, 0]);
});

test('unfiled payouts are taken back when the balance does not do, as many as are needed', () => {
  assert.deepEqual(parts(100, 100, purse(0, 0, 100, [40])), [0, 0, 100, 0, 0]);
  assert.deepEqual(parts(100, 100, purse(0, 0, 50, [60, 40])), [0, 0, 100, 0, 1]);
  assert.deepEqual(parts(100, 100, purse(0, 0, 10, [30, 40])), [0, 0, 80, 20, 2]);
});

test('beyond what the payment brought the operator bears it', () => {
  assert.deepEqual(parts(150, 100, purse(80, 0, 0)), [80, 0, 0, 20, 0]);
  assert.equal(limitOf(usd(100), [null]).amount, 100n);
  const other = { held: usd(30), reserve: usd(0), seller: usd(20), debt: usd(5) };
  assert.equal(limitOf(usd(100), [other, null]).amount, 45n);
  assert.equal(limitOf(usd(40), [other]).amount, 0n);
});
