/** The arithmetic of discounts on orders: instalments and shares. No database. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { add, type Money, money, sum, zero } from '../base/money.ts';
import type { Instalment, Order, OrderDiscount } from './order.ts';
import { lowerInstalments, mostOff, returnDiscounts } from './order-discounts.ts';

const usd = (amount: number | bigint): Money => money(amount, 'USD');
const NONE = zero('USD');
const NOW = '2026-11-28T00:00:00.000Z' as Instant;
const instalment = (number: number, cents: number, state: Instalment['state'] = 'due'): Instalment => ({
  ...{ number, amount: usd(cents), captured: NONE, due: 'now', state, payment: null },
});
/** Only what the arithmetic reads. */
const order = (fields: Partial<Order>): Order =>
  ({
    ...{ id: newId('ord'), state: 'paid', total: NONE, instalments: [], dispute: null },
    ...{ captured: NONE, refunded: NONE, refunding: NONE, disputed: NONE },
    ...fields,
  }) as unknown as Order;
const amounts = (instalments: readonly Instalment[]) => instalments.map(({ amount }) => amount.amount);

test('the last instalment is lowered first, a paid one never, one of nothing is left out', () => {
  assert.deepEqual(amounts(lowerInstalments([instalment(1, 400), instalment(2, 600)], usd(100))), [400n, 500n]);
  assert.deepEqual(amounts(lowerInstalments([instalment(1, 400), instalment(2, 600)], usd(600))), [400n]);
  assert.deepEqual(amounts(lowerInstalments([instalment(1, 400), instalment(2, 600)], usd(700))), [300n]);
  const deposit = instalment(1, 400, 'paid');
  assert.deepEqual(amounts(lowerInstalments([deposit, instalment(2, 600)], usd(500))), [400n, 100n]);
});

test('a whole unit of the currency is left to pay', () => {
  const due = (...cents: readonly number[]) =>
    mostOff(order({ total: usd(1000), instalments: cents.map((each, index) => instalment(index + 1, each)) })).amount;
  assert.deepEqual([due(400, 600), due(101), due(100), due(50)], [900n, 1n, 0n, 0n]);
});

test('whatever is off, the instalments and it come to the total, and none is nothing', () => {
  const drawn = fc.record({
    first: fc.integer({ min: 100, max: 50_000 }),
    second: fc.integer({ min: 1, max: 50_000 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(drawn, ({ first, second, part }) => {
      const instalments = [instalment(1, first), instalment(2, second)];
      const most = Number(mostOff(order({ total: usd(first + second), instalments })).amount);
      const off = usd(Math.floor(most * part));
      const lowered = lowerInstalments(instalments, off);
      const left = lowered.map(({ amount }) => amount);
      assert.equal(add(sum(left, 'USD'), off).amount, BigInt(first + second));
      assert.ok(left.length > 0 && left.every(({ amount }) => amount > 0n));
    }),
  );
});

test('in whatever parts the buyer’s money goes back, each campaign gets back what it paid, and never more', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 8 });
  const offs = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(parts, offs, (refunds, paid) => {
      const discounts = paid.map(
        (cents): OrderDiscount => ({
          ...{ campaign: newId('cmp'), voucher: null, name: 'x', fundedBy: 'hub', counted: false },
          ...{ off: usd(cents), state: 'funded', returned: NONE },
        }),
      );
      const all = paid.reduce((whole, cents) => whole + cents, 0);
      const captured = usd(refunds.reduce((whole, cents) => whole + cents, 0));
      let current = order({ total: add(captured, usd(all)), captured, discounts, discounted: usd(all) });
      for (const cents of refunds) {
        const after = { ...current, refunded: add(current.refunded, usd(cents)) };
        current = { ...after, ...returnDiscounts(after, [], NOW).changes };
        for (const { off, returned } of current.discounts ?? [])
          assert.ok(returned.amount >= 0n && returned.amount <= off.amount);
      }
      assert.equal(current.discounted?.amount, 0n);
      for (const { off, returned } of current.discounts ?? []) assert.deepEqual(returned, off);
    }),
  );
});

test('a balance that is paid after a part of the deposit went back takes nothing back twice', () => {
  const discount: OrderDiscount = {
    ...{ campaign: newId('cmp'), voucher: null, name: 'x', fundedBy: 'sponsor', counted: false },
    ...{ off: usd(200), state: 'funded', returned: usd(100) },
  };
  const half = order({ captured: usd(1600), refunded: usd(400), discounts: [discount], discounted: usd(100) });
  assert.deepEqual(
    returnDiscounts(half, [], NOW).changes,
    {},
    'a quarter has gone back, and half of the discount before',
  );
  const gone = returnDiscounts({ ...half, refunded: usd(1600) }, [], NOW);
  assert.equal(gone.changes.discounted?.amount, 0n);
});
