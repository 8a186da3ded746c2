/**
 * Reads the Deposit Details report: what each transfer of funds is made of, three times over, as single lines, as sums of
 * charge categories, and as the transfer itself. Amounts are signed as money to us.
 */
import type { Money } from '../../base/money.ts';
import { amountIn, currencyIn, filled, type ReportLayout, type ReportRow, readReport } from './report-file.ts';

const COLUMNS = {
  batch: 'Fund Transfer Identifier',
  record: 'Record Type',
  category: 'Charge Category',
  amount: 'Amount',
  currency: 'Currency Code',
} as const;
type Column = keyof typeof COLUMNS;
type Row = ReportRow<Column>;

const LAYOUT: ReportLayout<Column> = { name: 'DepositDetails', columns: COLUMNS, landmark: 'record' };

export interface DepositLine {
  readonly batch: string;
  readonly record: 'DETAIL' | 'SUMMARY' | 'TRANSFER';
  /** SALE, REF, IA, PFEE, CHBK, CFEE; of a transfer EFFECTIVE or PENDING. Others may come. */
  readonly category: string;
  readonly amount: Money;
}

/** @throws MalformedFile naming line and column. */
export const parseDepositReport = (bytes: Uint8Array): readonly DepositLine[] =>
  [...readReport(bytes, LAYOUT)].map(readDeposit);

function readDeposit(row: Row): DepositLine {
  const record = row.value('record');
  if (record !== 'DETAIL' && record !== 'SUMMARY' && record !== 'TRANSFER') {
    return row.fail('record', `unknown record type "${record}"`);
  }
  return {
    batch: filled(row, 'batch'),
    record,
    category: filled(row, 'category'),
    amount: amountIn(row, 'amount', currencyIn(row, 'currency')),
  };
}
