/** Prices of any amounts in any pair, and those that a person can check. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Currency, exponentOf } from '../base/currency.ts';
import { add, money } from '../base/money.ts';
import { must } from '../base/result.ts';
import { type Price, type PriceRequest, priceOf } from './price.ts';
import { divide, lessBps, ratioOf, toRate } from './rate.ts';
import { shareOf } from './share-of.ts';

const TABLE = { perBase: { USD: '1', EUR: '0.8', JPY: '150', IDR: '16000', KWD: '0.30745', VND: '25125.5' } } as const;
const price = (from: Currency, to: Currency, side: Currency, amount: bigint | number, markupBps = 50): Price =>
  must(priceOf(TABLE, { from, to, amount: money(amount, side), markupBps }));
const refused = (request: Partial<PriceRequest>): unknown => {
  const asked = { from: 'USD', to: 'EUR', amount: money(100n, 'USD'), markupBps: 0, ...request } as const;
  const result = priceOf(TABLE, asked);
  return result.ok ? 'priced' : result.error.code;
};
const shown = ({ mid, rate, given, got, margin }: Price) => [mid, rate, given.amount, got.amount, margin.amount];

test('prices by hand: the markup is the gap to mid, a part of a minor unit is ours', () => {
  // 100.00 USD are 80.00 EUR at mid; half a percent of it is ours.
  assert.deepEqual(shown(price('USD', 'EUR', 'USD', 10_000)), ['0.8', '0.796', 10_000n, 7960n, 40n]);
  // 1.01 USD: 0.80396 EUR at the rate, 0.808 at mid.
  assert.deepEqual(shown(price('USD', 'EUR', 'USD', 101)), ['0.8', '0.796', 101n, 80n, 1n]);
  // 3,980 JPY for euros at no markup: 21.2266… EUR must be given, so 21.23; at mid they are 3,980.6 JPY.
  assert.deepEqual(shown(price('EUR', 'JPY', 'JPY', 3980, 0)), ['187.5', '187.5', 2123n, 3980n, 1n]);
  // No decimals one way, three the other.
  assert.deepEqual(shown(price('JPY', 'KWD', 'JPY', 1_000_000, 0)).slice(2), [1_000_000n, 2_049_666n, 1n]);
  assert.equal(price('JPY', 'KWD', 'JPY', 1_000_000, 0).mid, '0.002049666667');
});

test('rupiah are paid in whole hundreds of their minor unit, half-even', () => {
  // 1.00 USD at 16,000.00; 0.01 USD more or less are 160.00 each, so a fraction needs a markup.
  const paid = price('USD', 'IDR', 'USD', 333, 37);
  assert.equal(paid.got.amount % 100n, 0n);
  assert.equal(paid.rate, '15940.8');
  // 53,082.864 rupiah round to 53,083.00.
  assert.equal(paid.got.amount, 5_308_300n);
  assert.equal(add(paid.got, paid.margin).amount, 5_328_000n);
});

test('what is not a price: refused in a fixed order', () => {
  assert.equal(refused({ to: 'USD', amount: money(0n, 'USD') }), 'same_currency');
  assert.equal(refused({ amount: money(0n, 'USD') }), 'invalid_amount');
  assert.equal(refused({ amount: money(1n, 'GBP') }), 'invalid_amount');
  assert.equal(refused({ to: 'IDR', amount: money(150n, 'IDR') }), 'invalid_amount', 'nobody can pay half a rupiah');
  assert.equal(refused({ to: 'GBP' }), 'rate_unavailable');
  assert.equal(refused({ amount: money(1n, 'USD') }), 'invalid_amount', '0.008 EUR is no money');
  assert.equal(refused({ to: 'VND', amount: money(9n * 10n ** 17n, 'USD') }), 'invalid_amount', 'beyond 64 bits');
});

const CODES = Object.keys(TABLE.perBase) as readonly Currency[];
const rates = fc.record(
  Object.fromEntries(
    CODES.map((code) => [
      code,
      code === 'USD'
        ? fc.constant('1')
        : fc
            .tuple(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 1, max: 99_999_999 }))
            .map(([whole, part]) => `${whole}.${String(part).padStart(8, '0')}`),
    ]),
  ),
);
const asked = fc.record({
  perBase: rates,
  from: fc.constantFrom(...CODES),
  to: fc.constantFrom(...CODES),
  amount: fc.bigInt({ min: 1n, max: 10n ** 13n }),
  ofTarget: fc.boolean(),
  markupBps: fc.integer({ min: 0, max: 999 }),
});

test('any amount, pair and markup: nothing is lost, nothing is made, and both ways agree', () => {
  let priced = 0;
  fc.assert(
    fc.property(asked, ({ perBase, from, to, amount, ofTarget, markupBps }) => {
      const side = ofTarget ? to : from;
      const result = priceOf({ perBase }, { from, to, amount: money(amount, side), markupBps });
      if (!result.ok) return;
      priced += 1;
      const { mid, rate, given, got, margin } = result.value;
      assert.equal(rate, lessBps(mid, markupBps));
      assert.ok(margin.amount >= 0n && got.amount > 0n && given.amount > 0n);
      assert.equal((ofTarget ? got : given).amount, amount, 'what was asked for stands');
      const { numerator, denominator } = ratioOf(mid);
      const scaled = given.amount * numerator * 10n ** BigInt(exponentOf(to));
      const step = to === 'IDR' ? 100n : 1n;
      const value = divide(scaled, denominator * 10n ** BigInt(exponentOf(from)) * step, 'half-even') * step;
      assert.equal(got.amount + margin.amount, value, 'got and margin are the value at mid');
      if (ofTarget) {
        const back = priceOf({ perBase }, { from, to, amount: given, markupBps });
        assert.ok(back.ok && back.value.got.amount >= amount, 'what it says must be given buys it');
      }
    }),
    { numRuns: 2000 },
  );
  assert.ok(priced > 500, `${priced} were priced`);
});

test('a rate has ten significant digits, half-even, and is off by less than 10⁻⁹ of itself', () => {
  assert.equal(toRate({ numerator: 1n, denominator: 3n }), '0.3333333333');
  assert.equal(toRate({ numerator: 2n, denominator: 3n }), '0.6666666667');
  assert.equal(toRate({ numerator: 1n, denominator: 30_000n }), '0.00003333333333');
  assert.equal(toRate({ numerator: 12_345_678_901_234n, denominator: 1n }), '12345678901234');
  assert.equal(toRate({ numerator: 100n, denominator: 1n }), '100');
  const whole = fc.bigInt({ min: 1n, max: 10n ** 20n });
  fc.assert(
    fc.property(whole, whole, (numerator, denominator) => {
      const rounded = ratioOf(toRate({ numerator, denominator }));
      const gap = rounded.numerator * denominator - numerator * rounded.denominator;
      assert.ok((gap < 0n ? -gap : gap) * 10n ** 9n <= numerator * rounded.denominator);
    }),
  );
});

test('shares of a payment sum to the whole, in whatever parts it goes back', () => {
  const amounts = fc.tuple(
    fc.bigInt({ min: 0n, max: 10n ** 12n }),
    fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 }),
  );
  fc.assert(
    fc.property(amounts, ([total, parts]) => {
      const whole = money(
        parts.reduce((sum, part) => sum + part, 0n),
        'USD',
      );
      let before = money(0n, 'USD');
      let back = money(0n, 'JPY');
      for (const amount of parts) {
        const part = money(amount, 'USD');
        const share = shareOf(money(total, 'JPY'), { whole, before, part });
        const exact = total * amount;
        assert.ok(
          share.amount * whole.amount > exact - whole.amount && share.amount * whole.amount < exact + whole.amount,
        );
        back = add(back, share);
        before = add(before, part);
      }
      assert.equal(back.amount, total);
    }),
  );
  // 100 JPY for 3 parts of a payment of 3.00: 33, 33, and the last takes the remainder.
  const third = (before: number) =>
    shareOf(money(100, 'JPY'), { whole: money(300, 'USD'), before: money(before, 'USD'), part: money(100, 'USD') })
      .amount;
  assert.deepEqual([third(0), third(100), third(200)], [33n, 33n, 34n]);
  assert.throws(() => third(201), /no more goes back/);
});
