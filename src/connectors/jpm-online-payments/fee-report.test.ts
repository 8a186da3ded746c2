import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { money } from '../../base/money.ts';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { parseDepositReport } from './deposit-report.ts';
import { parseDisputeReport } from './dispute-report.ts';
import { parseFeeReport } from './fee-report.ts';
import { DEPOSITS, DISPUTES, FEES, type Fields, reportFile } from './test-reports.ts';

const SAMPLE = readFileSync(new URL('../../../test/vectors/jpm/FeeDetails.csv', import.meta.url));
const FEE: Fields = {
  'Charge Category Text': 'Interchange & Assessment Fees',
  'Charge Subcategory Text': 'Interchange Fees',
  'Fee Text': 'CPS retail',
  'Settled Total Fee Amount': '-1.90',
  'Settlement Currency Code': 'USD',
  'Fund Transfer Identifier': '137',
  'Transaction Identifier': 'tx-1',
  'Merchant Order Number': 'ORDER-1',
};
const refused = (parse: () => unknown, message: RegExp): void =>
  assert.throws(parse, (error) => error instanceof MalformedFile && message.test(error.message));

test('fees as positive money, by whom they go to', () => {
  const rows = [
    FEE,
    { ...FEE, 'Charge Subcategory Text': 'Assessment Fees', 'Settled Total Fee Amount': '-0.14' },
    {
      ...FEE,
      'Charge Category Text': 'Processing Fees',
      'Settled Total Fee Amount': '0.10',
      'Merchant Order Number': '',
    },
  ];
  const [first, ...rest] = parseFeeReport(reportFile('FeeDetails', FEES, rows));
  assert.deepEqual(first, {
    orderNumber: 'ORDER-1',
    networkId: 'tx-1',
    kind: 'interchange',
    text: 'CPS retail',
    amount: money(190n, 'USD'),
    batch: '137',
  });
  assert.deepEqual(
    rest.map(({ kind, amount, orderNumber }) => [kind, amount.amount, orderNumber]),
    [
      ['scheme', 14n, 'ORDER-1'],
      ['processing', -10n, undefined],
    ],
  );
});

test('the published sample: 47 fees of authorizations', () => {
  const fees = parseFeeReport(SAMPLE);
  assert.equal(fees.length, 47);
  assert.equal(
    fees.reduce((total, { amount }) => total + amount.amount, 0n),
    17n * 2n + 9n * 5n + 4n * 5n + 4n * 2n,
  );
  assert.deepEqual(new Set(fees.map(({ kind }) => kind)), new Set(['scheme', 'processing']));
});

test('refused: a category nobody knows, a fee of nothing, another report', () => {
  const one = (changes: Fields) => () => parseFeeReport(reportFile('FeeDetails', FEES, [{ ...FEE, ...changes }]));
  refused(one({ 'Charge Category Text': 'Fines' }), /line 4, column Charge Category Text: unknown category "Fines"/);
  refused(one({ 'Transaction Identifier': '' }), /column Transaction Identifier: is empty/);
  refused(one({ 'Settled Total Fee Amount': '-0.005' }), /column Settled Total Fee Amount/);
  refused(() => parseFeeReport(reportFile('SettlementDetails', FEES, [FEE])), /not FeeDetails/);
});

const MOVEMENT: Fields = {
  'Fund Transfer Identifier': '137',
  'Dispute Identifier': 'dsp-1',
  Movement: 'DEBIT',
  'Transaction Identifier': 'tx-1',
  Amount: '100.00',
  'Currency Code': 'USD',
};

test('dispute movements say which way the money went', () => {
  const rows = ['DEBIT', 'CREDIT', 'FEE'].map((Movement) => ({ ...MOVEMENT, Movement }));
  const movements = parseDisputeReport(reportFile('DisputeDetails', DISPUTES, rows));
  assert.deepEqual(
    movements.map(({ kind }) => kind),
    ['debit', 'credit', 'fee'],
  );
  assert.deepEqual(movements[0], {
    dispute: 'dsp-1',
    networkPaymentId: 'tx-1',
    kind: 'debit',
    amount: money(10_000n, 'USD'),
    batch: '137',
  });
  const one = (changes: Fields) => () =>
    parseDisputeReport(reportFile('DisputeDetails', DISPUTES, [{ ...MOVEMENT, ...changes }]));
  refused(one({ Movement: 'HOLD' }), /line 4, column Movement: unknown movement "HOLD"/);
  refused(one({ Amount: '-1.00' }), /column Amount: must be positive/);
  refused(one({ 'Dispute Identifier': '' }), /column Dispute Identifier/);
});

test('a deposit file names its records', () => {
  const row = {
    'Fund Transfer Identifier': '137',
    'Record Type': 'TOTAL',
    'Charge Category': 'SALE',
    Amount: '1',
    'Currency Code': 'USD',
  };
  refused(() => parseDepositReport(reportFile('DepositDetails', DEPOSITS, [row])), /unknown record type "TOTAL"/);
});
