/** The Dispute Details report of one activity day: one line per movement of money for a dispute, the amount positive. Pure. */
import type { Day } from '../../src/base/clock.ts';
import { money, toDecimal } from '../../src/base/money.ts';
import type { FundTransfer } from './day-books.ts';
import { type ReportFile, reportFile, sampleDate } from './report-lines.ts';

const COLUMNS = [
  'Activity Date',
  'Fund Transfer Identifier',
  'Dispute Identifier',
  'Dispute Type',
  'Movement',
  'Transaction Identifier',
  'Merchant Order Number',
  'Reason Code',
  'Amount',
  'Currency Code',
  'Presentment Amount',
  'Presentment Currency Code',
] as const;

export function disputeReport(merchantId: string, day: Day, transfers: readonly FundTransfer[]): ReportFile {
  const lines = transfers
    .flatMap(({ movements }) => movements)
    .map(({ movement, transfer, settled, currency }) => ({
      'Activity Date': sampleDate(day),
      'Fund Transfer Identifier': transfer,
      'Dispute Identifier': movement.dispute_id,
      'Dispute Type': movement.type,
      Movement: movement.kind,
      'Transaction Identifier': movement.payment_id,
      'Merchant Order Number': movement.order_number,
      'Reason Code': movement.reason_code,
      Amount: toDecimal(money(settled, currency)),
      'Currency Code': currency,
      'Presentment Amount': toDecimal(money(movement.amount, movement.currency)),
      'Presentment Currency Code': movement.currency,
    }));
  return reportFile({ type: 'DisputeDetails', columns: COLUMNS }, { merchantId, day }, lines);
}
