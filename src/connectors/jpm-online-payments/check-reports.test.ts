import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { checkReports } from './check-reports.ts';
import { DEPOSITS, DISPUTES, FEES, type Fields, reportFile, SETTLEMENT } from './test-reports.ts';

/** One net-funded transfer: a sale of 100.00, a refund of 40.00, fees of 2.30, a chargeback of 20.00 with its fee of 15.00. */
const DAY = {
  settlement: [settled('Sale', '100.00', 'S1'), settled('Refund', '-40.00', 'R1')],
  fees: [
    fee('Interchange & Assessment Fees', 'Interchange Fees', '-1.90'),
    fee('Interchange & Assessment Fees', 'Assessment Fees', '-0.20'),
    fee('Processing Fees', 'Authorization Fees', '-0.20'),
  ],
  disputes: [movement('DEBIT', '30.00'), movement('CREDIT', '10.00'), movement('FEE', '15.00')],
  deposits: [
    deposit('DETAIL', 'SALE', '100.00'),
    deposit('DETAIL', 'REF', '-40.00'),
    deposit('DETAIL', 'IA', '-1.90'),
    deposit('DETAIL', 'IA', '-0.20'),
    deposit('DETAIL', 'PFEE', '-0.20'),
    deposit('DETAIL', 'CHBK', '-30.00'),
    deposit('DETAIL', 'CHBK', '10.00'),
    deposit('DETAIL', 'CFEE', '-15.00'),
    deposit('SUMMARY', 'SALE', '100.00'),
    deposit('SUMMARY', 'REF', '-40.00'),
    deposit('SUMMARY', 'IA', '-2.10'),
    deposit('SUMMARY', 'PFEE', '-0.20'),
    deposit('SUMMARY', 'CHBK', '-20.00'),
    deposit('SUMMARY', 'CFEE', '-15.00'),
    deposit('TRANSFER', 'EFFECTIVE', '22.70'),
  ],
};
type Rows = { readonly [Name in keyof typeof DAY]: readonly Fields[] };

function settled(action: string, amount: string, trace: string): Fields {
  return {
    'Merchant Transaction Action Text': action,
    'Settlement Amount': amount,
    'Settlement Currency Code': 'USD',
    'Fund Transfer Identifier': '137',
    'Deposit Date': '11/22/2026',
    'Trace Number': trace,
    'Transaction Identifier': `tx-${trace}`,
    'Settled Total Interchange Amount': '0',
    'Settled Total Assessment Amount': '0',
    'Settled Total Other Amount': '0',
  };
}
function fee(category: string, subcategory: string, amount: string): Fields {
  return {
    'Charge Category Text': category,
    'Charge Subcategory Text': subcategory,
    'Settled Total Fee Amount': amount,
    'Settlement Currency Code': 'USD',
    'Fund Transfer Identifier': '137',
    'Transaction Identifier': 'tx-S1',
  };
}
function movement(kind: string, amount: string): Fields {
  return {
    'Fund Transfer Identifier': '137',
    'Dispute Identifier': 'dsp-1',
    Movement: kind,
    'Transaction Identifier': 'tx-S1',
    Amount: amount,
    'Currency Code': 'USD',
  };
}
function deposit(record: string, category: string, amount: string): Fields {
  return {
    'Fund Transfer Identifier': '137',
    'Record Type': record,
    'Charge Category': category,
    Amount: amount,
    'Currency Code': 'USD',
  };
}

const check = (rows: Rows): void =>
  checkReports({
    settlement: { name: 's', bytes: reportFile('SettlementDetails', SETTLEMENT, rows.settlement) },
    fees: { name: 'f', bytes: reportFile('FeeDetails', FEES, rows.fees) },
    deposits: { name: 'd', bytes: reportFile('DepositDetails', DEPOSITS, rows.deposits) },
    disputes: { name: 'c', bytes: reportFile('DisputeDetails', DISPUTES, rows.disputes) },
  });

/** The day with one row of a file replaced, or taken out. */
const changed = (file: keyof Rows, index: number, changes: Fields | null): Rows => ({
  ...DAY,
  [file]: DAY[file].flatMap((row, at) => (at !== index ? [row] : changes === null ? [] : [{ ...row, ...changes }])),
});

test('a day that adds up passes, and so does an empty one', () => {
  check(DAY);
  check({ settlement: [], fees: [], disputes: [], deposits: [] });
});

const BROKEN: readonly (readonly [string, Rows, RegExp])[] = [
  ['a sale missing in the details', changed('deposits', 0, null), /identity 1 of fund transfer 137: details of SALE/],
  ['a wrong summary of refunds', changed('deposits', 9, { Amount: '-40.01' }), /identity 1 .*USD 60\.00.*USD 59\.99/],
  ['a fee missing in the details', changed('deposits', 4, null), /identity 2 .*details of PFEE USD 0\.00, summary/],
  ['a chargeback summed wrongly', changed('deposits', 12, { Amount: '-20.01' }), /identity 2 .*details of CHBK/],
  [
    'a fee file that lacks one',
    changed('fees', 0, null),
    /identity 2 .*fee file USD -0\.40, summary of IA and PFEE USD -2\.30/,
  ],
  ['a dispute file that lacks a credit', changed('disputes', 1, null), /identity 2 .*dispute file USD -30\.00/],
  [
    'a dispute fee in the file only',
    changed('disputes', 2, { Amount: '15.01' }),
    /identity 2 .*fees of the dispute file/,
  ],
  ['a settlement file that lacks a refund', changed('settlement', 1, null), /identity 3 .*USD 62\.70.*USD 22\.70/],
  [
    'a short transfer',
    changed('deposits', 14, { Amount: '22.69' }),
    /identity 4 .*transfer USD 22\.69, net financial activity USD 22\.70/,
  ],
  ['no transfer', changed('deposits', 14, null), /identity 4/],
  [
    'two transfers',
    { ...DAY, deposits: [...DAY.deposits, deposit('TRANSFER', 'PENDING', '0.00')] },
    /fund transfer 137 has 2 transfers/,
  ],
  [
    'a sale of a transfer that the deposits do not have',
    {
      ...DAY,
      settlement: [...DAY.settlement, { ...settled('Sale', '1.00', 'S2'), 'Fund Transfer Identifier': '138' }],
    },
    /identity 3 of fund transfer 138/,
  ],
];
for (const [name, rows, message] of BROKEN) {
  test(`refused: ${name}`, () => {
    assert.throws(
      () => check(rows),
      (error) => error instanceof MalformedFile && message.test(error.message),
    );
  });
}

test('gross funding: fees under a transfer of their own', () => {
  const isFee = ({ 'Charge Category': category }: Fields) => category === 'IA' || category === 'PFEE';
  const apart = (row: Fields): Fields => ({ ...row, 'Fund Transfer Identifier': '900' });
  const deposits = DAY.deposits.map((row) =>
    isFee(row) ? apart(row) : row['Record Type'] === 'TRANSFER' ? { ...row, Amount: '25.00' } : row,
  );
  const own = apart(deposit('TRANSFER', 'PENDING', '-2.30'));
  check({ ...DAY, fees: DAY.fees.map(apart), deposits: [...deposits, own] });
});

test('all four reports are needed', () => {
  assert.throws(() => checkReports({ settlement: { name: 's', bytes: new Uint8Array() } }), /all four reports/);
});
