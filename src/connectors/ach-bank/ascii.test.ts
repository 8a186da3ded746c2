import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isReadable, toAscii } from './ascii.ts';

test('names as a bank would spell them', () => {
  const names = {
    'São Paulo – Øst': 'SAO PAULO - OST',
    'Straße & Söhne': 'STRASSE & SOHNE',
    'Łódź Ærø Þór đa': 'LODZ AERO THOR DA',
    'O’Brien “Ltd”': 'O\'BRIEN "LTD"',
    'ＡＢＣ ﬁne': 'ABC FINE',
    '  Two \t lines\n here ': 'TWO LINES HERE',
    '深圳 Ltd': '?? LTD',
    深圳: '??',
  };
  for (const [name, expected] of Object.entries(names)) assert.equal(toAscii(name), expected);
  assert.equal(isReadable(toAscii('深圳 Ltd')), true);
  assert.equal(isReadable(toAscii('深圳')), false);
});

test('always printable upper-case ASCII, and never empty for something visible', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const ascii = toAscii(name);
      assert.match(ascii, /^[\x20-\x60\x7b-\x7e]*$/);
      assert.equal(toAscii(ascii), ascii);
      if (/[\p{L}\p{N}]/u.test(name)) assert.notEqual(ascii, '');
    }),
  );
});
