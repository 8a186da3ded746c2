import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findReason, REASONS } from './reasons.ts';

test('codes are found by brand, as the network writes them; others are not made up', () => {
  assert.equal(findReason('visa', '10.4')?.kind, 'fraud');
  assert.equal(findReason('mastercard', '4853')?.kind, 'consumer');
  assert.equal(findReason('american-express', 'f29')?.kind, 'fraud');
  assert.equal(findReason('visa', '4853'), null);
  assert.equal(findReason('elo', '10.4'), null);
});

test('every brand is one the vault tells apart', () => {
  assert.deepEqual(Object.keys(REASONS), ['visa', 'mastercard', 'american-express']);
});
