import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasValidCheckDigit, isPayableRoutingNumber } from './aba-routing.ts';

const CASES = new URL('../../../../shared/data/money/aba-cases.tsv', import.meta.url);

test('the collected cases', { skip: existsSync(CASES) ? false : 'aba-cases.tsv is absent' }, () => {
  const rows = readFileSync(CASES, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  assert.ok(rows.length >= 13);
  for (const [routing = '', verdict = ''] of rows) {
    assert.equal(hasValidCheckDigit(routing), verdict.startsWith('True'), routing);
    assert.equal(isPayableRoutingNumber(routing), verdict === 'True', routing);
  }
});

test('government, traveller’s cheque and unassigned prefixes cannot be paid', () => {
  for (const routing of ['000000518', '800000006', '130000006', '990000000']) {
    assert.equal(hasValidCheckDigit(routing), true, routing);
    assert.equal(isPayableRoutingNumber(routing), false, routing);
  }
});

test('one wrong digit is always found', () => {
  const digit = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8 }), digit, (position, shift) => {
      const digits = [...'021000021'];
      digits[position] = String((Number(digits[position]) + shift) % 10);
      return !hasValidCheckDigit(digits.join(''));
    }),
  );
});
