/** Limits name who set them, and hold at their very amount. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant } from '../base/clock.ts';
import { type Money, money } from '../base/money.ts';
import type { WalletLimit } from '../parties/index.ts';
import { checkLimits, yearStart } from './wallet-limits.ts';

const myr = (amount: number): Money => money(amount, 'MYR');
const limit = (per: WalletLimit['per'], kind: WalletLimit['kind'], amount: number): WalletLimit => ({
  ...{ setBy: 'TNG', per, kind, amount: myr(amount) },
});
const said = (limits: readonly WalletLimit[], payTo: Money, spent: Money | null = null) => {
  const checked = checkLimits(limits, payTo, spent);
  return checked.ok ? null : [checked.error.code, checked.error.facts?.setBy, checked.error.detail];
};

test('of a payment: least and most, both allowed themselves', () => {
  const both = [limit('payment', 'min', 100), limit('payment', 'max', 1_000)];
  assert.equal(said(both, myr(100)), null);
  assert.equal(said(both, myr(1_000)), null);
  assert.deepEqual(said(both, myr(99)), ['payment_limit', 'TNG', 'TNG allows at least MYR 1.00 a payment']);
  assert.deepEqual(said(both, myr(1_001)), ['payment_limit', 'TNG', 'TNG allows at most MYR 10.00 a payment']);
});

test('of a person: only once it is known who pays, and together with what was spent', () => {
  const year = [limit('year', 'max', 1_000)];
  assert.equal(said(year, myr(2_000)), null);
  assert.equal(said(year, myr(400), myr(600)), null);
  assert.deepEqual(said(year, myr(401), myr(600)), ['person_limit', 'TNG', 'TNG allows at most MYR 10.00 a year']);
});

test('one in another currency says nothing', () => {
  assert.equal(said([{ ...limit('payment', 'max', 1), amount: money(1, 'USD') }], myr(100)), null);
});

test('a year begins at midnight in UTC+8', () => {
  assert.equal(yearStart(instant(Date.UTC(2026, 11, 31, 15, 59, 59))), '2025-12-31T16:00:00.000Z');
  assert.equal(yearStart(instant(Date.UTC(2026, 11, 31, 16))), '2026-12-31T16:00:00.000Z');
});
