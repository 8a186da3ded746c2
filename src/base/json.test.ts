import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, fromJson, toJson, toPlain } from './json.ts';
import { money } from './money.ts';

const amount = fc.bigInt({ min: -(2n ** 63n - 1n), max: 2n ** 63n - 1n }).map((minor) => money(minor, 'USD'));
const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), amount);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium' },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.option(tie('tree'), { nil: undefined }), {
      maxKeys: 5,
    }),
  ),
}));

test('whatever is written is read back the same, money included', () => {
  fc.assert(fc.property(tree, (value) => assert.equal(toJson(fromJson(toJson(value))), toJson(value))));
});

test('a plain copy is what a parser makes of the text', () => {
  fc.assert(fc.property(tree, (value) => assert.deepEqual(toPlain(value), JSON.parse(toJson(value)))));
});

test('only the exact form of money becomes money', () => {
  assert.deepEqual(fromJson('{"value":"1250","currency":"USD"}'), money(1250n, 'USD'));
  for (const text of [
    '{"value":1250,"currency":"USD"}',
    '{"value":"12.50","currency":"USD"}',
    '{"value":"1250","currency":"XXY"}',
    '{"value":"1250","currency":"USD","note":""}',
  ])
    assert.deepEqual(fromJson(text), JSON.parse(text));
});

test('canonical text depends on what is said, not on the order it is said in', () => {
  assert.equal(
    canonicalJson({ b: [undefined, money(1250n, 'USD')], a: { d: null, c: 1n }, e: undefined }),
    '{"a":{"c":"1","d":null},"b":[null,{"currency":"USD","value":"1250"}]}',
  );
});
