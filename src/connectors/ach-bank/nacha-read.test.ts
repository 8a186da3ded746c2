import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { inspectNacha, readNacha } from './nacha-read.ts';
import { writeCreditFile } from './nacha-write.ts';
import { entry, request, SETTINGS } from './test-bank.ts';

const FOLDER = new URL('../../../../shared/data/nacha/', import.meta.url);
const INDEX = new URL('index.tsv', FOLDER);
const skip = existsSync(INDEX) ? false : 'the NACHA vectors are absent';
const rows = skip
  ? []
  : readFileSync(INDEX, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'));

test('NACHA vectors are there', { skip }, () => assert.ok(rows.length >= 28));
for (const [file = '', , arithmetic = '', entryClass = '', expected = ''] of rows) {
  test(`${file}: arithmetic ${arithmetic}`, { skip }, () => {
    const { file: read, problems } = inspectNacha(readFileSync(new URL(file, FOLDER)));
    assert.equal(
      problems.length === 0 ? 'pass' : 'fail',
      arithmetic,
      `${problems.join(' | ')} — expected: ${expected}`,
    );
    if (arithmetic === 'pass') assert.ok(read.batches.some((batch) => batch.entryClass === entryClass));
  });
}

const good = writeCreditFile(request([entry(1), entry(2)]), SETTINGS).content;
const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
/** The file with the characters of one line replaced; `first` counts from 1. */
function changed(lineNumber: number, first: number, text: string): Uint8Array {
  const lines = good.split('\n');
  const line = lines[lineNumber - 1] ?? '';
  lines[lineNumber - 1] = line.slice(0, first - 1) + text + line.slice(first - 1 + text.length);
  return bytes(lines.join('\n'));
}

/** Lines: 1 file header, 2 batch header, 3 and 4 entries, 5 batch control, 6 file control, 7–10 fill. */
const DAMAGE: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ['amount', changed(3, 30, '0000010009'), /line 5: batch credit total/],
  ['check digit', changed(3, 12, '3'), /line 3: check digit of 121042883/],
  ['batch count of entries', changed(5, 5, '000003'), /line 5: batch entry count/],
  ['batch hash', changed(5, 11, '0024208577'), /line 5: batch entry hash/],
  ['batch debit total', changed(5, 21, '000000000001'), /line 5: batch debit total/],
  ['batch number', changed(5, 88, '0000002'), /line 5: batch number/],
  ['file batch count', changed(6, 2, '000002'), /line 6: batch count/],
  ['file block count', changed(6, 8, '000002'), /line 6: block count/],
  ['file credit total', changed(6, 44, '000000000000'), /line 6: file credit total/],
  ['letters in an amount', changed(3, 30, '00000X0001'), /line 3: amount/],
  ['a foreign record type', changed(2, 1, '4'), /line 2: no record type "4"/],
  ['a record after the control', changed(7, 1, '6'), /line 7: record after the file control/],
  ['a lost fill line', bytes(good.slice(0, -95)), /not blocks of ten/],
  ['a lost control', bytes(good.split('\n').slice(0, 5).join('\n')), /no file control/],
  ['an empty file', bytes(''), /does not begin with a file header/],
];
for (const [name, damaged, message] of DAMAGE) {
  test(`damage is found and named: ${name}`, () => {
    assert.throws(
      () => readNacha(damaged),
      (error) => error instanceof MalformedFile && message.test(error.message),
    );
  });
}

test('transaction codes: 1–4 credit, 5–9 debit, for every account type', () => {
  const codes = {
    21: 'credit',
    22: 'credit',
    23: 'credit',
    26: 'debit',
    27: 'debit',
    32: 'credit',
    37: 'debit',
    52: 'credit',
    55: 'debit',
  };
  for (const [code, direction] of Object.entries(codes)) {
    assert.equal(inspectNacha(changed(3, 2, code)).file.batches[0]?.entries[0]?.direction, direction, code);
  }
});

test('without line breaks, or with CRLF, the same file', () => {
  const plain = readNacha(bytes(good));
  assert.deepEqual(readNacha(bytes(good.replaceAll('\n', ''))), plain);
  assert.deepEqual(readNacha(bytes(good.replaceAll('\n', '\r\n'))), plain);
});

test('any bytes: problems or a file, never a crash', () => {
  const line = fc.string({ minLength: 90, maxLength: 96 });
  const record = fc.tuple(fc.constantFrom('1', '5', '6', '7', '8', '9'), line).map(([type, rest]) => type + rest);
  fc.assert(fc.property(fc.array(record), (lines) => inspectNacha(bytes(lines.join('\n'))).problems.length > 0));
  fc.assert(fc.property(fc.uint8Array(), (content) => inspectNacha(content).problems.length > 0));
});
