import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cardNumbersIn } from './card-numbers.ts';
import { checkLeaks } from './leaks.ts';
import { PUBLIC_TEST_CARDS } from './public-test-cards.ts';
import { treeOf } from './tree.ts';

const numbers = (text: string): string[] => cardNumbersIn(text).map(({ number }) => number);

/** A Luhn-valid number of no public list, made here so that it stands nowhere. */
const unlisted = ['4', '539578', '763621', '486'].join('');

test('card numbers are found plain, grouped, quoted and at the ends of a text', () => {
  const visa = '4111111111111111';
  for (const text of [
    visa,
    `"${visa}"`,
    `card=${visa}&x`,
    `(${visa}).`,
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    `${visa},${'1'}`,
  ]) {
    assert.deepEqual(numbers(text), [visa], text);
  }
  assert.deepEqual(numbers('3782 822463 10005'), ['378282246310005']);
  assert.deepEqual(numbers('3056 930902 5904'), ['30569309025904']);
});

test('other numbers are not card numbers', () => {
  const others = {
    'wrong check digit': '4111111111111112',
    'no brand': '1234567890123452',
    'a length the brand has not': '41111111111111111',
    'part of a longer run': '94111111111111111111111',
    'inside an id': 'tok_4111111111111111ab',
    'a decimal': '0.4111111111111111',
    'mixed separators': '4111 1111-1111 1111',
    'milliseconds of a date': '1767225600000',
  };
  for (const [name, text] of Object.entries(others)) assert.deepEqual(numbers(text), [], name);
});

test('every listed test number is one that the scanner would find', () => {
  for (const number of PUBLIC_TEST_CARDS) assert.deepEqual(numbers(number), [number]);
});

const vectors = fileURLToPath(new URL('../../../shared/data/cards/test-pans.tsv', import.meta.url));
test('published test numbers are found', {
  skip: !existsSync(vectors) && 'shared/data/cards/test-pans.tsv is absent',
}, () => {
  const rows = readFileSync(vectors, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  assert.ok(rows.length > 10);
  for (const [pan = '', brand] of rows) assert.deepEqual(numbers(pan), brand === 'INVALID' ? [] : [pan], pan);
});

const findings = (text: string, path = 'docs/a.md'): string[] =>
  checkLeaks(treeOf({ [path]: text })).findings.map(({ line, message }) => `${line} ${message}`);

test('an unlisted number is a finding that does not repeat it; a listed one is not', () => {
  const found = findings(`one\ntwo ${unlisted}\n`);
  assert.equal(found.length, 1);
  assert.match(found[0] ?? '', /^2 may be a card number \(453957…1486\)/);
  assert.equal(found.join().includes(unlisted), false);
  assert.deepEqual(findings('4111111111111111'), []);
});

test('registry hosts and paths of a machine are findings', () => {
  const host = ['registry', 'npmjs', 'org'].join('.');
  const resolved = `${'"resolved"'}: "https:${'//'}x.example/a.tgz"`;
  const checkout = ['', 'work', 'main', 'src'].join('/');
  assert.deepEqual(findings(`see https://${host}/pg`), ['1 names a package registry']);
  assert.deepEqual(findings(`{\n${resolved}}`, 'package-lock.json'), ['2 names a package registry']);
  assert.deepEqual(findings(`\n\ncd ${checkout}`), ['3 names a path of one machine']);
  assert.deepEqual(findings('https://a.example/work/b and ./work/c and "resolved": "web"'), []);
});
