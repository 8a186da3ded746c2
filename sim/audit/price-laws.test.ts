import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atMid, startPriceLaws } from './price-laws.ts';
import type { EventRow } from './tables.ts';

const money = (value: number, currency: string) => ({ value: String(value), currency });
const event = (type: string, subject: string, data: object): EventRow => ({
  ...{ seq: 1n, unit: 'unit-1', type, subject, version: 1 },
  data: { ...data },
});

// 303.04 ringgit at 33.33 yen are 10,100.3232 yen.
const QUOTED = event('fx.quote_locked', 'qte_1', {
  mid: '33.33',
  given: money(30_304, 'MYR'),
  got: money(10_000, 'JPY'),
});
const USED = event('fx.quote_used', 'qte_1', { by: 'hpy_1' });
const paid = (payTo: number, settled: number, margin: number): EventRow =>
  event('hub.paid', 'hpy_1', {
    ...{ payment: 'hpy_1', payTo: money(payTo, 'MYR'), settled: money(settled, 'JPY'), margin: money(margin, 'JPY') },
  });
const back = (payBack: number, settled: number, margin: number): EventRow =>
  event('hub.refunded', 'hrf_1', {
    ...{
      payment: 'hpy_1',
      payBack: money(payBack, 'MYR'),
      settled: money(settled, 'JPY'),
      margin: money(margin, 'JPY'),
    },
  });

function lawsBroken(...events: readonly EventRow[]): readonly string[] {
  const laws = new Set<string>();
  startPriceLaws().check([QUOTED, USED, ...events], (law) => void laws.add(law));
  return [...laws];
}

test('a price at mid, and all of it back in two parts', () => {
  assert.deepEqual(lawsBroken(paid(30_304, 10_000, 100), back(3_030, 1_000, 10), back(27_274, 9_000, 90)), []);
});

test('a rounding that is not booked, another amount than was quoted, no quote', () => {
  const law = ['prices: what a wallet pays is what the other side gets and our margin, at mid'];
  assert.deepEqual(lawsBroken(paid(30_304, 10_000, 99)), law);
  assert.deepEqual(lawsBroken(paid(30_305, 10_000, 100)), law);
  const strange = event('payment.captured_converted', 'pay_1', {
    ...{ received: money(1, 'MYR'), heldAmount: money(33, 'JPY'), margin: money(0, 'JPY') },
  });
  assert.deepEqual(lawsBroken(strange), law);
});

test('more back than was paid, and a remainder that nobody gets', () => {
  assert.deepEqual(lawsBroken(paid(30_304, 10_000, 100), back(30_305, 10_000, 100)), [
    'prices: what goes back is never more than was paid',
  ]);
  assert.deepEqual(lawsBroken(paid(30_304, 10_000, 100), back(30_303, 10_000, 100)), [
    'prices: with the last of it everything has gone back',
  ]);
});

test('at mid, half-even, between currencies with and without decimals', () => {
  assert.equal(atMid(30_304n, '33.33', 'MYR', 'JPY'), 10_100n);
  assert.equal(atMid(1n, '0.005', 'JPY', 'MYR'), 0n);
  assert.equal(atMid(3n, '0.005', 'JPY', 'MYR'), 2n);
  assert.equal(atMid(100n, '0.125', 'USD', 'EUR'), 12n);
});
