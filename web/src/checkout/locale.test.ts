import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseTag, localeOf } from './locale.ts';

test('money is exact, with the decimals of its currency, in the format of the language', () => {
  const en = localeOf('en-US');
  assert.equal(en.money({ value: '360000', currency: 'USD' }), '$3,600.00');
  assert.equal(en.money({ value: '3980', currency: 'JPY' }), '¥3,980');
  assert.equal(en.money({ value: '900719925474099377', currency: 'USD' }), '$9,007,199,254,740,993.77');
  assert.equal(localeOf('en-CA').money({ value: '100', currency: 'USD' }), 'US$1.00');
  assert.equal(localeOf('de').money({ value: '123456', currency: 'EUR' }).replace(/\s/g, ' '), '1.234,56 €');
});

test('the first language with words is taken, as the buyer spells it; otherwise English', () => {
  assert.equal(chooseTag(['de-DE', 'en-GB', 'en'], ['en']), 'en-GB');
  assert.equal(chooseTag(['de-DE'], ['en', 'de']), 'de-DE');
  assert.equal(chooseTag(['zh-CN'], ['en']), 'en');
});

test('countries by name', () => assert.equal(localeOf('en').country('CN'), 'China'));
