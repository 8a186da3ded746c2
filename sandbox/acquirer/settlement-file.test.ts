/** The report line by line, read back by column names; fees by hand. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Day } from '../../src/base/clock.ts';
import { money } from '../../src/base/money.ts';
import { type FundTransfer, type OpenOperation, settleDay } from './day-books.ts';
import { FEE_COLUMNS } from './fee-columns.ts';
import { feesOf } from './fees.ts';
import { SETTLEMENT_COLUMNS } from './settlement-columns.ts';
import { settlementReport } from './settlement-file.ts';

const DAY = '2026-01-05' as Day;
const SAMPLES = new URL('../../test/vectors/jpm/', import.meta.url);

function operation(changes: Partial<OpenOperation>): OpenOperation {
  const { kind = 'capture', amount = 10_000n, currency = 'USD' } = changes;
  return {
    seq: 1n,
    id: 'net-1',
    kind,
    payment_id: 'net-1',
    request_id: 'REF1',
    currency,
    amount,
    status: 'CLOSED',
    response_code: 'ACCEPTED',
    response_message: '',
    order_number: 'ORDER-1',
    capture_id: null,
    ...feesOf(kind, money(amount, currency)),
    created_ms: BigInt(Date.parse('2026-01-05T10:00:00.000Z')),
    batch_id: null,
    masked: '411014XXXXXX4115',
    card_type: 'VI',
    card_type_name: 'VISA',
    approval_code: 'tst123',
    ...changes,
  };
}

function settled(operations: readonly OpenOperation[], funding: 'net' | 'gross' = 'net'): readonly FundTransfer[] {
  let last = 0;
  return settleDay(operations, [], {
    day: DAY,
    funding,
    settlementCurrency: undefined,
    depositAtMs: Date.parse('2026-01-06T14:00:00.000Z'),
    feesAtMs: Date.parse('2026-02-03T14:00:00.000Z'),
    nextId: () => {
      last += 1;
      return `1370000000${last}`;
    },
  });
}

function read(content: string): { rows: string[][]; field: (row: number, column: string) => string } {
  const rows = content
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  return { rows, field: (row, column) => rows[3 + row]?.[rows[2]?.indexOf(column) ?? -1] ?? 'missing' };
}

test('two metadata lines, the header, one line per operation, 91 cells each', () => {
  const report = settlementReport(
    '998482157630',
    DAY,
    settled([operation({}), operation({ seq: 2n, kind: 'refund', amount: 2_000n })]),
  );
  assert.equal(report.name, 'SettlementDetails_998482157630_2026-01-05.csv');
  const { rows, field } = read(report.content);
  assert.deepEqual(
    rows.map((row) => row.length),
    [91, 91, 91, 91, 91],
  );
  assert.equal(rows[1]?.[1], 'ReportTypeName=SettlementDetails');
  assert.equal(field(0, 'Settlement Amount'), '100.00');
  assert.equal(field(0, 'Settled Total Interchange Amount'), '-1.90');
  assert.equal(field(0, 'Settled Total Assessment Amount'), '-0.14');
  assert.equal(field(0, 'Settled Total Other Amount'), '-0.10');
  assert.equal(field(0, 'Trace Number'), 'REF1');
  assert.equal(field(0, 'Deposit Date'), '1/5/2026');
  assert.equal(field(0, 'Fund Transfer Effective Date'), '2026-01-06T14:00:00.000Z');
  assert.equal(field(1, 'Merchant Transaction Action Text'), 'Refund');
  assert.equal(field(1, 'Settlement Amount'), '-20.00');
  assert.equal(field(1, 'Settled Total Interchange Amount'), '0.00');
});

test('a day without anything has the header only', () => {
  const { rows } = read(settlementReport('998482157630', DAY, []).content);
  assert.equal(rows.length, 3);
});

test('amounts follow the exponent of their currency', () => {
  const { field } = read(
    settlementReport('998482157630', DAY, settled([operation({ currency: 'JPY', amount: 3_980n })])).content,
  );
  assert.equal(field(0, 'Settlement Amount'), '3980');
  assert.equal(field(0, 'Settled Total Interchange Amount'), '-82');
});

test('fees round half up', () => {
  // 1.80 % of 25 is 0.45 → 0; of 250 is 4.5 → 5. 0.14 % of 357 is 0.4998 → 0; of 1,072 is 1.5008 → 2.
  assert.equal(feesOf('sale', money(25n, 'USD')).interchange, 10n);
  assert.equal(feesOf('sale', money(250n, 'USD')).interchange, 15n);
  assert.equal(feesOf('sale', money(357n, 'USD')).assessment, 0n);
  assert.equal(feesOf('sale', money(1_072n, 'USD')).assessment, 2n);
  assert.deepEqual(feesOf('refund', money(1_000_000n, 'USD')), { interchange: 0n, assessment: 0n, processing: 10n });
});

test('on a gross-funded account the lines carry no fees; they are a transfer of their own', () => {
  const transfers = settled([operation({})], 'gross');
  assert.equal(
    read(settlementReport('998482157630', DAY, transfers).content).field(0, 'Settled Total Interchange Amount'),
    '0.00',
  );
  assert.deepEqual(
    transfers.map(({ kind, net }) => [kind, net]),
    [
      ['deposit', 10_000n],
      ['fees', -214n],
    ],
  );
});

for (const [file, columns] of [
  ['SettlementDetails.csv', SETTLEMENT_COLUMNS],
  ['FeeDetails.csv', FEE_COLUMNS],
] as const) {
  const sample = new URL(file, SAMPLES);
  const skip = existsSync(sample) ? false : `published ${file} sample is not here`;
  test(`the columns of ${file} are those of the published sample, in its order`, { skip }, () => {
    assert.deepEqual([...columns], readFileSync(sample, 'utf8').split('\r\n')[2]?.split(','));
  });
}
