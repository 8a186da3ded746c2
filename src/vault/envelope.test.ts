import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../base/ids.ts';
import { randomBytes } from '../base/random.ts';
import { fingerprintId, fingerprintOf, openNumber, sealNumber, unwrapKey, wrapKey } from './envelope.ts';
import { MASTERCARD, VISA } from './test-vault.ts';

const CANNOT_OPEN = { name: 'Fault', code: 'cannot_open' };
const binding = () => ({ token: newId('tok'), marketplace: newId('mkt'), keyId: newId('key'), buyer: newId('buy') });

test('a sealed number opens to itself and does not show in the sealed bytes', () => {
  const key = randomBytes(32);
  const bound = binding();
  const sealed = sealNumber(key, bound, VISA);
  assert.equal(openNumber(key, bound, sealed), VISA);
  assert.equal(sealed.nonce.length, 12);
  assert.equal(sealed.ciphertext.includes(VISA), false);
});

test('sealing twice takes two nonces', () => {
  const key = randomBytes(32);
  const bound = binding();
  const nonces = Array.from({ length: 500 }, () => sealNumber(key, bound, VISA).nonce.toString('hex'));
  assert.equal(new Set(nonces).size, 500);
});

test('swapped rows do not open: token, marketplace, key id and buyer are bound', () => {
  const key = randomBytes(32);
  const [one, two] = [binding(), binding()];
  const sealedOne = sealNumber(key, one, VISA);
  const sealedTwo = sealNumber(key, two, MASTERCARD);
  assert.throws(() => openNumber(key, one, sealedTwo), CANNOT_OPEN);
  assert.throws(() => openNumber(key, two, sealedOne), CANNOT_OPEN);
  for (const field of ['token', 'marketplace', 'keyId', 'buyer'] as const) {
    assert.throws(() => openNumber(key, { ...one, [field]: two[field] }, sealedOne), CANNOT_OPEN, field);
  }
  assert.throws(() => openNumber(key, { ...one, buyer: null }, sealedOne), CANNOT_OPEN, 'no buyer');
});

test('another key, a changed bit, a cut tag: nothing opens', () => {
  const key = randomBytes(32);
  const bound = binding();
  const sealed = sealNumber(key, bound, VISA);
  assert.throws(() => openNumber(randomBytes(32), bound, sealed), CANNOT_OPEN);
  const cut = sealed.ciphertext.subarray(0, -1);
  assert.throws(() => openNumber(key, bound, { ...sealed, ciphertext: cut }), CANNOT_OPEN);
  for (let at = 0; at < sealed.ciphertext.length; at += 1) {
    const flipped = Buffer.from(sealed.ciphertext);
    flipped[at] = (flipped[at] as number) ^ 1;
    assert.throws(() => openNumber(key, bound, { ...sealed, ciphertext: flipped }), CANNOT_OPEN, `byte ${at}`);
  }
});

test('a data key unwraps with its own key-encryption key and context only', () => {
  const kek = randomBytes(32);
  const dataKey = randomBytes(32);
  const wrapped = wrapKey(kek, 'data-key|key_a', dataKey);
  assert.deepEqual(unwrapKey(kek, 'data-key|key_a', wrapped), dataKey);
  assert.equal(wrapped.includes(dataKey), false);
  assert.throws(() => unwrapKey(randomBytes(32), 'data-key|key_a', wrapped), CANNOT_OPEN);
  assert.throws(() => unwrapKey(kek, 'data-key|key_b', wrapped), CANNOT_OPEN);
});

test('fingerprints: equal for one number, other with another key or number', () => {
  const key = randomBytes(32);
  assert.deepEqual(fingerprintOf(key, VISA), fingerprintOf(key, VISA));
  assert.notDeepEqual(fingerprintOf(key, VISA), fingerprintOf(key, MASTERCARD));
  assert.notDeepEqual(fingerprintOf(key, VISA), fingerprintOf(randomBytes(32), VISA));
  const shown = (marketplace: string, number = VISA) => fingerprintId(key, marketplace, fingerprintOf(key, number));
  assert.match(shown('mkt_a'), /^fp_[0-9a-f]{32}$/);
  assert.equal(shown('mkt_a'), shown('mkt_a'));
  assert.notEqual(shown('mkt_a'), shown('mkt_b'), 'two marketplaces cannot compare');
  assert.notEqual(shown('mkt_a'), shown('mkt_a', MASTERCARD));
});
