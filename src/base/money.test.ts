import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { CURRENCIES, type Currency, exponentOf } from './currency.ts';
import { fromJson, toJson } from './json.ts';
import {
  add,
  allocate,
  formatMoney,
  fromDecimal,
  MAX_AMOUNT,
  money,
  multiplyRatio,
  parseMoney,
  sum,
  toDecimal,
} from './money.ts';

const OUTSIDE = '../shared/data/money/exponents.tsv';
const currency = fc.constantFrom(...(Object.keys(CURRENCIES) as Currency[]));
const amount = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });

test('exponents agree with the outside table', { skip: existsSync(OUTSIDE) ? false : `${OUTSIDE} is absent` }, () => {
  const rows = readFileSync(OUTSIDE, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  const wrong = rows.filter(([code, , exponent]) => {
    const known = (CURRENCIES as Record<string, { exponent: number }>)[code as string];
    return exponent === '-' ? known !== undefined : known?.exponent !== Number(exponent);
  });
  assert.deepEqual(wrong, []);
  assert.ok(rows.length >= 170);
});

test('the four kinds of minor unit', () => {
  assert.deepEqual(
    ['JPY', 'USD', 'KWD', 'CLF'].map((code) => exponentOf(code as Currency)),
    [0, 2, 3, 4],
  );
  assert.equal(formatMoney(money(1_200_000n, 'USD')), 'USD 12,000.00');
  assert.equal(formatMoney(money(3980n, 'JPY')), 'JPY 3,980');
  assert.equal(formatMoney(money(-5n, 'KWD')), 'KWD -0.005');
});

test('allocation sums to the whole and gives nobody more than one unit above the exact share', () => {
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 })
    .filter((all) => all.some((each) => each > 0n));
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), weights, (total, parts) => {
      const shares = allocate(money(total, 'USD'), parts);
      assert.equal(sum(shares, 'USD').amount, total);
      const whole = parts.reduce((acc, each) => acc + each, 0n);
      shares.forEach((share, index) => {
        const floor = (total * (parts[index] as bigint)) / whole;
        assert.ok(share.amount === floor || share.amount === floor + 1n);
      });
    }),
  );
});

test('decimal text and back is exact for every currency', () => {
  fc.assert(
    fc.property(amount, currency, (value, code) => {
      assert.deepEqual(fromDecimal(toDecimal(money(value, code)), code), money(value, code));
    }),
  );
  assert.equal(fromDecimal('1.005', 'USD'), null, 'more precise than the currency');
  assert.equal(fromDecimal('1e3', 'USD'), null);
});

test('JSON keeps money exact, inside anything', () => {
  fc.assert(
    fc.property(amount, currency, (value, code) => {
      const thing = { list: [{ deep: money(value, code) }], text: 'x' };
      assert.deepEqual(fromJson(toJson(thing)), thing);
    }),
  );
  assert.equal(toJson(money(2n ** 53n + 1n, 'USD')), '{"value":"9007199254740993","currency":"USD"}');
});

test('rounding is said, not guessed', () => {
  const of = (value: bigint, rounding: 'down' | 'half-up' | 'half-even') =>
    multiplyRatio(money(value, 'USD'), 1n, 2n, rounding).amount;
  assert.deepEqual([of(5n, 'down'), of(5n, 'half-up'), of(5n, 'half-even'), of(7n, 'half-even')], [2n, 3n, 2n, 4n]);
});

test('what is not money is refused with the field to blame', () => {
  const refused = (input: unknown) => {
    const result = parseMoney(input, '/amount');
    return result.ok ? 'accepted' : `${result.error.code} ${result.error.pointer}`;
  };
  for (const value of ['-1', '1.5', '01', '', ' 1', '1e3', '0x1', '1234567890123456789', 5, null]) {
    assert.equal(refused({ value, currency: 'USD' }), 'invalid_money /amount/value', JSON.stringify(value));
  }
  for (const code of ['usd', 'USX', 'XAU', 'XXX', '', 840, '__proto__', 'toString']) {
    assert.equal(refused({ value: '1', currency: code }), 'unknown_currency /amount/currency', String(code));
  }
  assert.equal(refused({ value: '0', currency: 'USD' }), 'accepted');
});

test('two currencies never meet, and 64 bits are the end', () => {
  assert.throws(() => add(money(1n, 'USD'), money(1n, 'EUR')), /currencies differ/);
  assert.throws(() => add(money(MAX_AMOUNT, 'USD'), money(1n, 'USD')), /64 bits/);
});
