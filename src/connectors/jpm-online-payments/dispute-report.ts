/** Reads the Dispute Details report: one row for each movement of money that a dispute caused on the activity day. */
import type { Money } from '../../base/money.ts';
import type { DisputeMovement } from '../ports/card-acquirer.ts';
import { amountIn, currencyIn, filled, type ReportLayout, type ReportRow, readReport } from './report-file.ts';

const COLUMNS = {
  batch: 'Fund Transfer Identifier',
  dispute: 'Dispute Identifier',
  movement: 'Movement',
  networkPaymentId: 'Transaction Identifier',
  amount: 'Amount',
  currency: 'Currency Code',
  presentedAmount: 'Presentment Amount',
  presentedCurrency: 'Presentment Currency Code',
} as const;
type Column = keyof typeof COLUMNS;
type Row = ReportRow<Column>;

const LAYOUT: ReportLayout<Column> = {
  name: 'DisputeDetails',
  columns: COLUMNS,
  optional: { presentedAmount: true, presentedCurrency: true },
  landmark: 'dispute',
};

const KINDS: Readonly<Record<string, DisputeMovement['kind']>> = { DEBIT: 'debit', CREDIT: 'credit', FEE: 'fee' };

/** A movement of this network always names its transfer. */
export type BookedMovement = DisputeMovement & { readonly batch: string };

/** @throws MalformedFile naming line and column. */
export const parseDisputeReport = (bytes: Uint8Array): readonly BookedMovement[] =>
  [...readReport(bytes, LAYOUT)].map(readMovement);

function readMovement(row: Row): BookedMovement {
  const movement = row.value('movement');
  const kind = KINDS[movement] ?? row.fail('movement', `unknown movement "${movement}"`);
  const amount = amountIn(row, 'amount', currencyIn(row, 'currency'));
  if (amount.amount <= 0n) row.fail('amount', 'must be positive');
  return {
    dispute: filled(row, 'dispute'),
    networkPaymentId: filled(row, 'networkPaymentId'),
    kind,
    amount,
    ...presentmentOf(row, amount),
    batch: filled(row, 'batch'),
  };
}

/** Only where it is another currency than the one that is settled. */
function presentmentOf(row: Row, settled: Money): Pick<DisputeMovement, 'presentment'> {
  if (row.value('presentedCurrency') === '') return {};
  const currency = currencyIn(row, 'presentedCurrency');
  if (currency === settled.currency) return {};
  const presentment = amountIn(row, 'presentedAmount', currency);
  return presentment.amount > 0n ? { presentment } : row.fail('presentedAmount', 'must be positive');
}
