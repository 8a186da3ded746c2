/** Files broken one field at a time, and outside files whose verdict was reached elsewhere. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readNacha, routingHolds } from './nacha-read.ts';
import { creditFile } from './test-file.ts';

const ENTRIES = [
  { account: '11110001', cents: 12_500, id: 'PO1' },
  { account: '990003', cents: 7_501, id: 'PO2', code: '32' },
];

const codeOf = (text: string): string => {
  const read = readNacha(text);
  return read.ok ? 'ok' : read.code;
};

/** Replaces characters at a 1-based position of a line. */
function broken(line: number, position: number, text: string): string {
  const lines = creditFile(ENTRIES).split('\n');
  const old = lines[line - 1] ?? '';
  lines[line - 1] = old.slice(0, position - 1) + text + old.slice(position - 1 + text.length);
  return lines.join('\n');
}

test('a good file gives its entries and its total', () => {
  const read = readNacha(creditFile(ENTRIES));
  assert.ok(read.ok);
  assert.equal(read.file.credits, 20_001n);
  assert.equal(read.file.header.referenceCode, 'FILE0001');
  assert.deepEqual(
    read.file.entries.map(({ detail }) => [detail.individualId.trim(), detail.amount, detail.trace]),
    [
      ['PO1', 12_500n, '021000020000001'],
      ['PO2', 7_501n, '021000020000002'],
    ],
  );
  assert.equal(codeOf(creditFile(ENTRIES).replaceAll('\n', '\r\n')), 'ok');
});

test('each thing that can be checked by arithmetic is', () => {
  assert.equal(codeOf(creditFile(ENTRIES).replace('SELLER ', 'SELLER')), 'line_length');
  assert.equal(codeOf(creditFile(ENTRIES).split('\n').slice(0, 9).join('\n')), 'blocking');
  assert.equal(codeOf(broken(3, 12, '2')), 'routing_number');
  assert.equal(codeOf(broken(3, 38, '9')), 'totals');
  assert.equal(codeOf(broken(5, 10, '3')), 'entry_count');
  assert.equal(codeOf(broken(5, 20, '9')), 'entry_hash');
  assert.equal(codeOf(broken(6, 2, '000002')), 'batch_count');
  assert.equal(codeOf(broken(6, 31, '9')), 'entry_hash');
  assert.equal(codeOf(broken(6, 55, '9')), 'totals');
  assert.equal(codeOf(broken(4, 94, '1')), 'trace_number');
  assert.equal(codeOf(broken(7, 1, '8')), 'record_order');
  assert.equal(
    codeOf(creditFile([{ ...ENTRIES[0], account: '1', cents: 1, id: 'X', code: '27' }])),
    'debits_not_allowed',
  );
  assert.equal(codeOf(creditFile(ENTRIES, { serviceClass: '225' })), 'service_class');
  assert.equal(codeOf(creditFile([{ account: '1', cents: 0, id: 'X' }])), 'amount');
  assert.equal(codeOf(''), 'line_length');
});

const DATA = new URL('../../../shared/data/', import.meta.url);
const noNacha = existsSync(new URL('nacha/index.tsv', DATA)) ? false : 'outside NACHA vectors are not here';

test('outside files: what fails the arithmetic elsewhere is refused here, good credit files are taken', {
  skip: noNacha,
}, () => {
  const rows = readFileSync(new URL('nacha/index.tsv', DATA), 'utf8').trimEnd().split('\n').slice(1);
  let refused = 0;
  const taken: string[] = [];
  for (const row of rows) {
    const [file = '', , arithmetic] = row.split('\t');
    const read = readNacha(readFileSync(new URL(`nacha/${file}`, DATA), 'latin1'));
    if (arithmetic === 'fail') {
      assert.equal(read.ok, false, `${file} fails the arithmetic and was taken`);
      refused += 1;
    } else if (read.ok) taken.push(file);
    else
      assert.match(
        read.code,
        /debits_not_allowed|service_class|no_entries|not_numeric|amount|blocking|trace_number/,
        file,
      );
  }
  assert.ok(refused >= 10, `${refused} refused`);
  assert.ok(taken.includes('ach/examples__testdata__ppd-credit.ach'), taken.join(', '));
});

const noAba = existsSync(new URL('money/aba-cases.tsv', DATA)) ? false : 'outside ABA cases are not here';

test('outside routing numbers', { skip: noAba }, () => {
  const [, ...rows] = readFileSync(new URL('money/aba-cases.tsv', DATA), 'utf8').trimEnd().split('\n');
  assert.ok(rows.length > 10);
  for (const row of rows) {
    const [number = '', verdict] = row.split('\t');
    assert.equal(routingHolds(number), verdict === 'True', row);
  }
});
