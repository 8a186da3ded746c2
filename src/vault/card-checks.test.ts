import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import validator from 'card-validator';
import fc from 'fast-check';
import { brandRules, DEFAULT_BRANDS, KNOWN_BRANDS } from './brands.ts';
import {
  brandOf,
  checkCode,
  checkExpiry,
  checkNumber,
  grouped,
  PAGE_CHECKS,
  passesLuhn,
  readExpiry,
} from './card-checks.ts';
import { VISA } from './test-vault.ts';

const RULES = brandRules(DEFAULT_BRANDS);
const number = (text: string): readonly [string, string] => {
  const { state, words } = checkNumber(text, RULES);
  return [state, words];
};

test('a number is judged while it is typed', () => {
  assert.deepEqual(number(''), ['empty', 'Enter the card number.']);
  assert.deepEqual(number('4111 1111'), ['partial', 'The card number is too short.']);
  assert.deepEqual(number('4111 1111-1111 1111'), ['valid', '']);
  assert.deepEqual(number('4111 1111 1111 111x'), ['invalid', 'The card number has digits only.']);
  assert.deepEqual(number('99999999'), ['invalid', 'We do not know this kind of card. Check the number.']);
  assert.deepEqual(number('99'), ['partial', 'The card number is too short.']);
  assert.deepEqual(number('2200'), ['invalid', 'We do not take Mir cards. Use another card.']);
  assert.deepEqual(number('378282246310006'), ['invalid', 'Check the card number: one of its digits is wrong.']);
  // A Visa number may go on to 19 digits, so sixteen wrong ones are not final.
  assert.deepEqual(number('4111111111111112'), ['partial', 'Check the card number: one of its digits is wrong.']);
  assert.deepEqual(number(`${VISA}1111`), ['invalid', 'The card number is too long.']);
});

test('the page and card-validator agree on every number', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 19 }).map((all) => all.join(''));
  const prefixed = fc
    .tuple(fc.constantFrom('4', '51', '2221', '34', '6011', '36', '3528', '62', '6304', '5067', '9792', '2200'), digits)
    .map(([prefix, rest]) => `${prefix}${rest}`.slice(0, 19));
  fc.assert(
    fc.property(fc.oneof(digits, prefixed), (text) => {
      const verdict = validator.number(text, { maxLength: 19, luhnValidateUnionPay: true });
      const taken = verdict.isValid && DEFAULT_BRANDS.includes(verdict.card?.type ?? '');
      assert.equal(brandOf(text, RULES)?.type ?? null, verdict.card?.type ?? null, text);
      assert.equal(checkNumber(text, RULES).state === 'valid', taken, text);
    }),
    { numRuns: 2_000 },
  );
  assert.ok(KNOWN_BRANDS.length >= DEFAULT_BRANDS.length);
});

test('beginnings of numbers have the brand that the field has tested for years', () => {
  const path = join(import.meta.dirname, '../../test/vectors/cards/brand-cases.tsv');
  const rows = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  assert.ok(rows.length > 90);
  for (const row of rows) {
    const [prefix = '', brand] = row.split('\t');
    assert.equal(brandOf(prefix, RULES)?.type, brand, prefix);
  }
});

test('Luhn, and the spaces that are printed on a card', () => {
  assert.equal(passesLuhn(VISA), true);
  assert.equal(passesLuhn('4111111111111112'), false);
  assert.equal(passesLuhn(''), false);
  assert.equal(grouped(VISA, [4, 8, 12]), '4111 1111 1111 1111');
  assert.equal(grouped('378282246310005', [4, 10]), '3782 822463 10005');
});

test('an expiry is read as people write it and judged by the month', () => {
  for (const text of ['08/30', '8/30', '08 / 2030', '0830', '08-30', ' 08/30 ', '082030'])
    assert.deepEqual(readExpiry(text), { month: 8, year: 2030 }, text);
  for (const text of ['', '8', '0', 'ab/cd', '08/3', '8/300']) assert.equal(readExpiry(text), null, text);
  const today = { year: 2030, month: 8 };
  const verdict = (text: string): string => checkExpiry(text, today).state;
  assert.equal(verdict('08/30'), 'valid', 'good until the end of its month');
  assert.equal(verdict('07/30'), 'invalid');
  assert.equal(verdict('13/30'), 'invalid');
  assert.equal(verdict('12/49'), 'valid');
  assert.equal(verdict('01/50'), 'invalid');
  assert.equal(verdict('08 / '), 'partial');
  assert.equal(verdict('next year'), 'invalid');
  assert.equal(verdict(''), 'empty');
});

test("a security code has its brand's length", () => {
  assert.equal(checkCode('123', 3).state, 'valid');
  assert.equal(checkCode('12', 3).state, 'partial');
  assert.equal(checkCode('1234', 3).state, 'invalid');
  assert.equal(checkCode('123', 4).state, 'partial');
  assert.equal(checkCode('1234', undefined).state, 'valid');
  assert.deepEqual(checkCode('12a', 3), { state: 'invalid', words: 'The security code has digits only.' });
});

test('what the page gets is plain JavaScript that works by itself', () => {
  const source = `${PAGE_CHECKS.map(String).join('\n')}\nreturn checkNumber(text, rules).state;`;
  assert.equal(new Function('text', 'rules', source)(VISA, RULES), 'valid');
});
