import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { money } from '../../base/money.ts';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { parseSettlementReport } from './settlement-report.ts';

const SAMPLE = new URL('../../../test/vectors/jpm/SettlementDetails.csv', import.meta.url);

const ROW = {
  'Merchant Transaction Action Text': 'Sale',
  'Settlement Amount': '100.00',
  'Settlement Currency Code': 'USD',
  'Fund Transfer Identifier': '13730215506',
  'Deposit Date': '11/22/2026',
  'Trace Number': 'REF1',
  'Transaction Identifier': 'tx-1',
  'Settled Total Interchange Amount': '-1.90',
  'Settled Total Assessment Amount': '-0.14',
  'Settled Total Other Amount': '-0.10',
};
type Row = Partial<Record<keyof typeof ROW, string>>;

const HEADER = ['Account Number', ...Object.keys(ROW), 'Voucher Number'];
const META =
  'ProcessingEntityId=1,Frequency=adhoc\r\nProcessingEntityId=1,ReportTypeName=SettlementDetails,FromDate=2026-11-22\r\n';
const quote = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const file = (rows: readonly Row[], meta = META): Uint8Array =>
  new TextEncoder().encode(
    meta +
      [HEADER, ...rows.map((row) => ['4112XX', ...Object.values({ ...ROW, ...row }), ''])]
        .map((row) => row.map(quote).join(','))
        .join('\r\n') +
      '\r\n',
  );

/** The file with more columns at the end of each line. */
function withColumns(bytes: Uint8Array, names: readonly string[], values: readonly (readonly string[])[]): Uint8Array {
  const lines = new TextDecoder().decode(bytes).split('\r\n');
  const wider = lines.map((line, index) => {
    const added = index === 2 ? names : values[index - 3];
    return added === undefined || line === '' ? line : `${line},${added.join(',')}`;
  });
  return new TextEncoder().encode(wider.join('\r\n'));
}

const usd = (cents: bigint) => money(cents, 'USD');

test('batches by fund transfer and currency, fees as positive money', () => {
  const batches = parseSettlementReport(
    file([
      {},
      {
        'Trace Number': 'REF2',
        'Merchant Transaction Action Text': 'Refund',
        'Settlement Amount': '-40.5',
        'Settled Total Interchange Amount': '0.00',
        'Settled Total Assessment Amount': '0',
      },
      {
        'Trace Number': 'REF3',
        'Settlement Currency Code': 'JPY',
        'Settlement Amount': '5000',
        'Settled Total Interchange Amount': '-100',
        'Settled Total Assessment Amount': '-7',
        'Settled Total Other Amount': '-10',
      },
      { 'Trace Number': 'REF4', 'Fund Transfer Identifier': '2', 'Deposit Date': '2026-11-23' },
    ]),
  );
  assert.deepEqual(
    batches.map(({ batch, currency, day, lines }) => [batch, currency, day, lines.length]),
    [
      ['13730215506', 'USD', '2026-11-22', 2],
      ['13730215506', 'JPY', '2026-11-22', 1],
      ['2', 'USD', '2026-11-23', 1],
    ],
  );
  assert.deepEqual(batches[0]?.lines, [
    {
      kind: 'sale',
      reference: 'REF1',
      networkId: 'tx-1',
      amount: usd(10_000n),
      interchange: usd(190n),
      schemeFee: usd(14n),
      processingFee: usd(10n),
    },
    {
      kind: 'refund',
      reference: 'REF2',
      networkId: 'tx-1',
      amount: usd(4_050n),
      interchange: usd(0n),
      schemeFee: usd(0n),
      processingFee: usd(10n),
    },
  ]);
  assert.deepEqual(batches[1]?.lines[0]?.amount, money(5_000n, 'JPY'));
});

test('an account that settles in a currency of its own keeps what was presented', () => {
  const presented = (rows: readonly (readonly [string, string, Row])[]): Uint8Array =>
    withColumns(
      file(rows.map(([, , row]) => row)),
      ['Presentment Amount', 'Presentment Currency Code'],
      rows.map(([amount, currency]) => [amount, currency]),
    );
  const [batch] = parseSettlementReport(
    presented([
      ['92.50', 'EUR', { 'Trace Number': 'E1' }],
      ['100.00', 'USD', { 'Trace Number': 'U1' }],
      [
        '-15000',
        'JPY',
        { 'Trace Number': 'J1', 'Merchant Transaction Action Text': 'Refund', 'Settlement Amount': '-98' },
      ],
    ]),
  );
  assert.deepEqual(
    batch?.lines.map(({ reference, presentment }) => [reference, presentment]),
    [
      ['E1', money(9_250n, 'EUR')],
      ['U1', undefined],
      ['J1', money(15_000n, 'JPY')],
    ],
  );
  const refused = (amount: string, currency: string, message: RegExp) =>
    assert.throws(() => parseSettlementReport(presented([[amount, currency, {}]])), message);
  refused('99.99', 'USD', /column Presentment Amount: differs/);
  refused('-92.50', 'EUR', /column Presentment Amount: must be more than nothing/);
  refused('92.50', 'EURO', /column Presentment Currency Code/);
});

test('a file with the header only has no batches', () => assert.deepEqual(parseSettlementReport(file([])), []));

test('the order of columns and others between them do not matter, nor a byte order mark, LF and quotes', () => {
  const content = `\uFEFF${META.replaceAll('\r', '')}"Note, free",${[...Object.keys(ROW)].reverse().join(',')}\n"a ""b""\nc",${Object.values(ROW).reverse().join(',')}\n`;
  const [batch] = parseSettlementReport(new TextEncoder().encode(content));
  assert.deepEqual(batch?.lines[0]?.amount, usd(10_000n));
});

const BAD: readonly (readonly [string, Row, RegExp])[] = [
  ['too precise', { 'Settlement Amount': '1.005' }, /line 4, column Settlement Amount: "1.005"/],
  ['not a number', { 'Settled Total Other Amount': 'n/a' }, /line 4, column Settled Total Other Amount/],
  ['empty fee', { 'Settled Total Interchange Amount': '' }, /column Settled Total Interchange Amount/],
  ['rounded by a spreadsheet', { 'Settlement Amount': '1.55E+12' }, /column Settlement Amount/],
  ['decimals in yen', { 'Settlement Currency Code': 'JPY' }, /column Settled Total Interchange Amount|JPY/],
  ['no such currency', { 'Settlement Currency Code': 'XXX' }, /column Settlement Currency Code/],
  ['negative sale', { 'Settlement Amount': '-1.00' }, /must be positive/],
  ['positive refund', { 'Merchant Transaction Action Text': 'Refund' }, /must be negative/],
  ['an action nobody knows', { 'Merchant Transaction Action Text': 'Chargeback' }, /unknown action "Chargeback"/],
  ['no reference', { 'Trace Number': '' }, /column Trace Number: is empty/],
  ['no transfer', { 'Fund Transfer Identifier': ' ' }, /column Fund Transfer Identifier/],
  ['no such day', { 'Deposit Date': '2/30/2026' }, /column Deposit Date/],
  ['huge', { 'Settlement Amount': '99999999999999999.00' }, /column Settlement Amount/],
];
for (const [name, row, message] of BAD) {
  test(`refused with line and column: ${name}`, () => {
    assert.throws(
      () => parseSettlementReport(file([row])),
      (error) => error instanceof MalformedFile && message.test(error.message),
    );
  });
}

test('refused: listed twice, short row, missing column, other report, no header, broken quote, not UTF-8', () => {
  const refused = (bytes: Uint8Array, message: RegExp) =>
    assert.throws(
      () => parseSettlementReport(bytes),
      (error) => error instanceof MalformedFile && message.test(error.message),
    );
  const text = (content: string) => new TextEncoder().encode(content);
  refused(file([{}, {}]), /line 5, column Trace Number: is listed twice/);
  refused(text(`${new TextDecoder().decode(file([{}]))}1,2,3\r\n`), /line 5: 3 columns/);
  refused(text(`${META}Fund Transfer Identifier,Settlement Amount\r\n`), /line 3: column .* is missing/);
  refused(file([{}], META.replace('SettlementDetails', 'FeeDetails')), /FeeDetails/);
  refused(text(META), /no header line/);
  refused(text(`${META}"open`), /line 3: broken quoting/);
  refused(Uint8Array.of(0xff, 0xfe, 0x41), /UTF-8/);
});

test('any damage: batches or a MalformedFile, never anything else', () => {
  const good = new TextDecoder().decode(file([{}, { 'Trace Number': 'REF2' }]));
  const position = fc.integer({ min: 0, max: good.length });
  fc.assert(
    fc.property(position, position, fc.string({ maxLength: 5 }), (from, to, inserted) => {
      const text = good.slice(0, Math.min(from, to)) + inserted + good.slice(Math.max(from, to));
      try {
        parseSettlementReport(new TextEncoder().encode(text));
      } catch (error) {
        assert.ok(error instanceof MalformedFile, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('the published sample: authorizations only, so no settlement lines', () => {
  assert.deepEqual(parseSettlementReport(readFileSync(SAMPLE)), []);
});

test('the published sample with its first rows made a sale and a refund', () => {
  const lines = readFileSync(SAMPLE, 'utf8').split('\r\n');
  const header = lines[2]?.split(',') ?? [];
  const change = (line: string, values: Record<string, string>) =>
    line
      .split(',')
      .map((value, index) => values[header[index] ?? ''] ?? value)
      .join(',');
  lines[3] = change(lines[3] ?? '', { 'Merchant Transaction Action Text': 'Sale', 'Trace Number': 'S1' });
  lines[4] = change(lines[4] ?? '', {
    'Merchant Transaction Action Text': 'Refund',
    'Trace Number': 'R1',
    'Settlement Amount': '-0.01',
  });
  const [batch] = parseSettlementReport(new TextEncoder().encode(lines.join('\r\n')));
  assert.equal(batch?.batch, '13730215506');
  assert.equal(batch?.day, '2023-09-07');
  assert.deepEqual(
    batch?.lines.map(({ kind, reference, amount }) => [kind, reference, amount]),
    [
      ['sale', 'S1', usd(1n)],
      ['refund', 'R1', usd(1n)],
    ],
  );
});
