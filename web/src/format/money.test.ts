import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CURRENCIES } from '../../../src/base/currency.ts';
import { amountText, decimalText, exceeds, exponentOf, isZero, moneyText, parseAmount } from './money.ts';

test('every exponent is the one of the platform table', () => {
  for (const [code, { exponent }] of Object.entries(CURRENCIES)) assert.equal(exponentOf(code), exponent, code);
});

test('amounts by exponent, grouped, with sign', () => {
  const cases: [string, string, string][] = [
    ['1250', 'USD', 'USD 12.50'],
    ['5', 'USD', 'USD 0.05'],
    ['0', 'USD', 'USD 0.00'],
    ['3980', 'JPY', 'JPY 3,980'],
    ['1234567', 'BHD', 'BHD 1,234.567'],
    ['1', 'CLF', 'CLF 0.0001'],
    ['100', 'ISK', 'ISK 100'],
    ['-123456', 'EUR', 'EUR −1,234.56'],
    ['900719925474099312', 'USD', 'USD 9,007,199,254,740,993.12'],
  ];
  for (const [value, currency, shown] of cases) assert.equal(moneyText({ value, currency }), shown);
  assert.equal(amountText({ value: '99999', currency: 'USD' }), '999.99');
  assert.equal(decimalText({ value: '-5', currency: 'USD' }), '-0.05');
});

test('typed text is exact or refused', () => {
  const cases: [string, string, string | null][] = [
    ['12.5', 'USD', '1250'],
    ['12', 'USD', '1200'],
    ['1,250.50', 'USD', '125050'],
    ['12.500', 'USD', '1250'],
    ['12.505', 'USD', null],
    ['3980', 'JPY', '3980'],
    ['3980.5', 'JPY', null],
    ['1.2345', 'CLF', '12345'],
    ['007', 'USD', '700'],
    ['1,25', 'USD', null],
    ['-1', 'USD', null],
    ['1e3', 'USD', null],
    ['', 'USD', null],
    ['.5', 'USD', null],
    ['90071992547409.93', 'USD', '9007199254740993'],
  ];
  for (const [text, currency, value] of cases) {
    assert.equal(parseAmount(text, currency)?.value ?? null, value, `${text} ${currency}`);
  }
});

test('zero and limits', () => {
  assert.equal(isZero({ value: '0', currency: 'USD' }), true);
  assert.equal(isZero({ value: '10', currency: 'USD' }), false);
  assert.equal(
    exceeds({ value: '9007199254740993', currency: 'USD' }, { value: '9007199254740992', currency: 'USD' }),
    true,
  );
  assert.equal(exceeds({ value: '100', currency: 'USD' }, { value: '100', currency: 'USD' }), false);
});
