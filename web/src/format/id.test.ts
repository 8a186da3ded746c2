import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortId } from './id.ts';

test('an id keeps its prefix and both ends; other texts stay whole', () => {
  assert.equal(shortId('pay_0198c0de000070008000aabbcc9f3a2c'), 'pay_0198…9f3a2c');
  assert.equal(shortId('acquirer:main-usd'), 'acquirer:main-usd');
  assert.equal(shortId('pay_0198'), 'pay_0198');
});
