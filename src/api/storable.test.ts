import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEPTH_MAX, mayBeUnstorable, whyNotStorable } from './storable.ts';

const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

test('what can be kept: any text with its line ends and signs, as deep as the limit', () => {
  for (const value of [null, 1, 'a\n\t測試 ☕ 😀', { a: [{ b: ['x'] }] }, nested(DEPTH_MAX)])
    assert.equal(whyNotStorable(value), null);
});

test('what cannot is named', () => {
  for (const [value, pointer] of [
    [{ a: { b: ['x', 'y\0'] } }, '/a/b/1'],
    [{ a: '\ud800' }, '/a'],
    [{ a: { 'b\0': 1 } }, '/a'],
    [nested(DEPTH_MAX + 1), '/a'.repeat(DEPTH_MAX)],
  ] as const)
    assert.equal(whyNotStorable(value)?.pointer, pointer);
  assert.ok(whyNotStorable(nested(100_000)), 'and nobody runs out of stack');
});

test('a text that is known at a glance to be good is good; every other is looked at', () => {
  for (const good of ['null', '{"a":"測試 \\n ☕"}', JSON.stringify(nested(DEPTH_MAX))])
    assert.deepEqual([mayBeUnstorable(good), whyNotStorable(JSON.parse(good))], [false, null]);
  for (const bad of [{ a: 'y\0' }, { a: '\udc00' }, { 'b\0': 1 }, nested(DEPTH_MAX + 1)])
    assert.ok(mayBeUnstorable(JSON.stringify(bad)) && whyNotStorable(bad) !== null);
});
