import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCard } from './card.ts';
import { NEXT_YEAR, VISA } from './test-vault.ts';

const AMEX = '378282246310005';
const good = { number: VISA, expiryMonth: 12, expiryYear: NEXT_YEAR };

/** The codes by pointer, or 'ok'. */
function verdict(value: unknown): unknown {
  const parsed = parseCard(value);
  return parsed.ok ? 'ok' : Object.fromEntries(parsed.errors.map(({ pointer, code }) => [pointer, code]));
}

test('a good card is read, with or without separators and security code', () => {
  const parsed = parseCard({ ...good, number: '4111 1111-1111 1111', cvv: '123' });
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.card, { ...good, brand: 'visa', bin: '411111', last4: '1111', cvv: '123' });
  assert.equal(verdict(good), 'ok');
  assert.equal(verdict({ ...good, number: AMEX, cvv: '1234' }), 'ok');
});

test('wrong numbers, dates and codes are named by field', () => {
  const numbers = {
    '4111111111111112': 'check_digit',
    '411111111111': 'length',
    '41111111111111111': 'length',
    '41111111111111111111': 'length',
    '4111': 'length',
    '0000000000000000': 'unknown_brand',
    '4111-1111-1111-111x': 'not_digits',
    '': 'required',
    '2200000000000004': 'unsupported_brand', // Mir is known, and not among the brands taken
  };
  for (const [number, code] of Object.entries(numbers))
    assert.deepEqual(verdict({ ...good, number }), { '/card/number': code }, number);
  assert.deepEqual(verdict({ ...good, expiryMonth: 13 }), { '/card/expiryMonth': 'out_of_range' });
  assert.deepEqual(verdict({ ...good, expiryMonth: 0 }), { '/card/expiryMonth': 'out_of_range' });
  assert.deepEqual(verdict({ ...good, expiryYear: 28 }), { '/card/expiryYear': 'out_of_range' });
  assert.deepEqual(verdict({ ...good, expiryYear: NEXT_YEAR - 2 }), { '/card/expiryYear': 'expired' });
  assert.deepEqual(verdict({ ...good, expiryYear: NEXT_YEAR + 18 }), 'ok');
  assert.deepEqual(verdict({ ...good, expiryYear: NEXT_YEAR + 20 }), { '/card/expiryYear': 'too_far' });
  assert.deepEqual(verdict({ ...good, cvv: '1234' }), { '/card/cvv': 'length' });
  assert.deepEqual(verdict({ ...good, cvv: '12x' }), { '/card/cvv': 'not_digits' });
  assert.deepEqual(verdict({ ...good, cvv: '' }), { '/card/cvv': 'required' });
  assert.deepEqual(verdict({ ...good, number: AMEX, cvv: '123' }), { '/card/cvv': 'length' });
});

test('only the brands of the setting are taken, and the others are named', () => {
  assert.equal(parseCard(good, ['visa']).ok, true);
  const parsed = parseCard({ ...good, number: AMEX }, ['visa']);
  assert.ok(!parsed.ok);
  assert.deepEqual(parsed.errors, [
    {
      pointer: '/card/number',
      code: 'unsupported_brand',
      detail: 'We do not take American Express cards. Use another card.',
    },
  ]);
});

test('wrong shapes are malformed, and a name that may be a number is not repeated', () => {
  assert.deepEqual(verdict('4'), { '/card': 'not_an_object' });
  assert.deepEqual(verdict({ ...good, expiryYear: '2030' }), { '/card/expiryYear': 'wrong_type' });
  assert.deepEqual(verdict({ ...good, holder: 'A' }), { '/card/holder': 'unknown_field' });
  assert.deepEqual(verdict({ ...good, [VISA]: 1 }), { '/card': 'unknown_field' });
});

const vectors = join(import.meta.dirname, '../../test/vectors/cards/test-pans.tsv');

test('published test numbers are accepted with their brand, broken ones are not', () => {
  const rows = readFileSync(vectors, 'utf8').trim().split('\n').slice(1);
  assert.ok(rows.length > 20);
  for (const row of rows) {
    const [number = '', brand = ''] = row.split('\t');
    const parsed = parseCard({ ...good, number });
    // card-validator knows Visa numbers of 16, 18 and 19 digits; those of 13 have not been issued for decades.
    assert.equal(parsed.ok ? parsed.card.brand : 'INVALID', number.length === 13 ? 'INVALID' : brand, number);
  }
});
