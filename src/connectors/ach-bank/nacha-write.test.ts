import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { money } from '../../base/money.ts';
import type { CreditEntry, UsBankAccount } from '../ports/bank-rail.ts';
import { toAscii } from './ascii.ts';
import { readNacha } from './nacha-read.ts';
import { traceOf, writeCreditFile } from './nacha-write.ts';
import { entry, request, SETTINGS } from './test-bank.ts';

test('a file, position by position', () => {
  const savings: UsBankAccount = {
    country: 'US',
    routingNumber: '021000021',
    accountNumber: '42',
    accountType: 'savings',
    holderName: 'Śląska Fabryka Porcelany Sp. z o.o.',
  };
  const { content, traces } = writeCreditFile(request([entry(1), entry(2, { account: savings })]), SETTINGS);
  assert.deepEqual(traces, ['021000020000001', '021000020000002']);
  const nines = '9'.repeat(94);
  assert.deepEqual(content.split('\n'), [
    '101 02100002112345678902611220905A094101SANDBOX BANK           CAUSEWAY MARKTE        0000001A',
    '5220CAUSEWAY                            1234567890CCDPAYOUT    261122261123   1021000020000001',
    '622121042882744-5678-99      0000010001PAYOUT1        MING TRADING CO         0021000020000001',
    '63202100002142               0000010002PAYOUT2        SLASKA FABRYKA PORCELA  0021000020000002',
    '822000000200142042900000000000000000000200031234567890                         021000020000001',
    `9000001000001000000020014204290000000000000000000020003${' '.repeat(39)}`,
    nines,
    nines,
    nines,
    nines,
    '',
  ]);
});

const ROUTING = ['021000021', '011401533', '121042882', '322271627', '091000019'];
const account = fc.record({
  country: fc.constant('US' as const),
  routingNumber: fc.constantFrom(...ROUTING),
  accountNumber: fc.stringMatching(/^[A-Z0-9][A-Z0-9-]{0,16}$/),
  accountType: fc.constantFrom('checking' as const, 'savings' as const),
  holderName: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((name) => `A${name}`),
});
const entries = fc
  .uniqueArray(fc.integer({ min: 1, max: 9_999_999 }), { minLength: 1, maxLength: 35 })
  .chain((sequences) =>
    fc.tuple(
      ...sequences.map((sequence) =>
        fc.record({
          reference: fc.stringMatching(/^[A-Z0-9]{1,15}$/),
          amount: fc.bigInt({ min: 1n, max: 9_999_999_999n }).map((cents) => money(cents, 'USD')),
          account,
          sequence: fc.constant(sequence),
        }),
      ),
    ),
  );

test('what is written reads back with every field, and its arithmetic holds', () => {
  fc.assert(
    fc.property(entries, (written: readonly CreditEntry[]) => {
      const { content, traces } = writeCreditFile(request(written), SETTINGS);
      const file = readNacha(new TextEncoder().encode(content));
      const read = file.batches.flatMap((batch) => batch.entries);
      assert.equal(file.referenceCode, '0000001A');
      assert.deepEqual(
        read.map(({ trace }) => trace),
        [...traces].sort(),
      );
      written.forEach((sent, index) => {
        const got = read.find(({ trace }) => trace === traces[index]);
        assert.equal(got?.routingNumber, sent.account.routingNumber);
        assert.equal(got?.accountNumber, sent.account.accountNumber);
        assert.equal(got?.amount, sent.amount.amount);
        assert.equal(got?.individualId, sent.reference);
        assert.equal(got?.individualName, toAscii(sent.account.holderName).slice(0, 22).trim());
        assert.equal(got?.transactionCode, sent.account.accountType === 'checking' ? '22' : '32');
      });
    }),
    { numRuns: 60 },
  );
});

test('the same request gives the same bytes, and traces keep the request’s order', () => {
  const asked = request([entry(9), entry(3), entry(7)]);
  const { content, traces } = writeCreditFile(asked, SETTINGS);
  assert.equal(writeCreditFile(asked, SETTINGS).content, content);
  assert.deepEqual(
    traces.map((trace) => trace.slice(-1)),
    ['9', '3', '7'],
  );
});

test('the entry hash keeps its last ten digits', () => {
  const many = Array.from({ length: 400 }, (_, index) =>
    entry(index + 1, { account: { ...entry(1).account, routingNumber: '322271627' } }),
  );
  const { content } = writeCreditFile(request(many), SETTINGS);
  assert.ok(content.includes('\n8220000400'));
  assert.equal(
    content
      .split('\n')
      .find((line) => line.startsWith('8'))
      ?.slice(10, 20),
    String((32227162n * 400n) % 10_000_000_000n),
  );
  readNacha(new TextEncoder().encode(content));
});

test('the numbering outlives seven digits', () => {
  assert.equal(traceOf('02100002', 9_999_999), '021000029999999');
  assert.equal(traceOf('02100002', 10_000_000), '021000020000001');
  assert.throws(() => traceOf('02100002', 0), /counts from 1/);
});

const holder = (holderName: string) => ({ account: { ...entry(1).account, holderName } });
const BUGS: readonly (readonly [string, readonly CreditEntry[], RegExp])[] = [
  ['no entry', [], /has an entry/],
  ['eleven digits of cents', [entry(1, { amount: money(10_000_000_000n, 'USD') })], /ten digits/],
  ['nothing to pay', [entry(1, { amount: money(0n, 'USD') })], /ten digits/],
  ['not dollars', [entry(1, { amount: money(1n, 'EUR') })], /USD/],
  ['one trace twice', [entry(1), entry(10_000_000)], /twice/],
  ['reference in lower case', [entry(1, { reference: 'abc' })], /reference is/],
  ['a bad routing number', [entry(1, { account: { ...entry(1).account, routingNumber: '021000022' } })], /routing/],
  ['a name without Latin letters', [entry(1, holder('深圳'))], /holder name/],
  [
    'a total of thirteen digits',
    Array.from({ length: 101 }, (_, index) => entry(index + 1, { amount: money(9_999_999_999n, 'USD') })),
    /twelve digits/,
  ],
];
for (const [name, bad, message] of BUGS) {
  test(`asserted: ${name}`, () => {
    assert.throws(() => writeCreditFile(request(bad), SETTINGS), message);
  });
}

test('asserted: a file reference that is not eight characters', () => {
  assert.throws(() => writeCreditFile(request([entry(1)], 'FILE1'), SETTINGS), /file reference/);
});
