/**
 * The Settlement Details report of one activity day: one line per sale or refund. Pure.
 * Amounts are decimals of the settlement currency; refunds and fees are negative. The fee columns hold what was taken from
 * this transfer: on a gross-funded account nothing, its fees are in Fee Details under a transfer of their own.
 * Source: J.P. Morgan reporting sample SettlementDetails.csv (column layout, CRLF, dates as M/D/YYYY in Deposit Date).
 */
import { type Day, instant } from '../../src/base/clock.ts';
import { money, toDecimal } from '../../src/base/money.ts';
import { type FundTransfer, type SettledFee, type SettledOperation, signedOperation } from './day-books.ts';
import { type ReportFile, reportFile, sampleDate } from './report-lines.ts';
import { SETTLEMENT_COLUMNS, type SettlementColumn } from './settlement-columns.ts';

type Fields = Partial<Record<SettlementColumn, string>>;

export function settlementReport(merchantId: string, day: Day, transfers: readonly FundTransfer[]): ReportFile {
  const lines = transfers
    .flatMap(({ operations, fees }) => {
      const feesOf = Map.groupBy(fees, ({ operation }) => operation.seq);
      return operations.map((settled) => ({ settled, fees: feesOf.get(settled.operation.seq) ?? [] }));
    })
    .sort((one, other) => (one.settled.operation.seq < other.settled.operation.seq ? -1 : 1))
    .map(({ settled, fees }, index) => ({
      ...operationFields(settled),
      ...moneyFields(settled, fees),
      'Deposit Date': sampleDate(day),
      'Entity Identifier': merchantId,
      'Merchant Activity Date Range': `${day} thru ${day}`,
      'Merchant End Of Day Text': '10:00:00 PM',
      'Record Number': String(index + 1),
      'Settled Conveyed Code': 'S',
    }));
  return reportFile({ type: 'SettlementDetails', columns: SETTLEMENT_COLUMNS }, { merchantId, day }, lines);
}

function operationFields({ operation, transfer, effectiveMs }: SettledOperation): Fields {
  const at = instant(Number(operation.created_ms));
  return {
    'Account Number': operation.masked,
    'Activity Timestamp': at,
    'Authorization Code': operation.approval_code,
    'Card BIN': `${operation.masked.slice(0, 6)}XX`,
    'Fund Transfer Effective Date': instant(effectiveMs),
    'Fund Transfer Identifier': transfer,
    'Funds Transfer Category Code': 'EFEFT',
    'Funds Transfer Category Description': 'Effective Funds Transfer',
    'Merchant Order Number': operation.order_number,
    'Merchant Transaction Action Text': operation.kind === 'refund' ? 'Refund' : 'Sale',
    'Payment Method Code': operation.card_type,
    'Payment Method Code Description Text': operation.card_type_name,
    'Trace Number': operation.request_id,
    'Transaction Identifier': operation.id,
    'Transaction Timestamp': at,
  };
}

function moneyFields(line: SettledOperation, fees: readonly SettledFee[]): Fields {
  const { operation, currency } = line;
  const signed = operation.kind === 'refund' ? -operation.amount : operation.amount;
  const fee = (kind: SettledFee['kind']): string =>
    toDecimal(money(-(fees.find((each) => each.kind === kind)?.settled ?? 0n), currency));
  return {
    'Presentment Amount': toDecimal(money(signed, operation.currency)),
    'Presentment Currency Code': operation.currency,
    'Settlement Amount': toDecimal(money(signedOperation(line), currency)),
    'Settlement Currency Code': currency,
    'Settled Total Interchange Amount': fee('interchange'),
    'Settled Total Assessment Amount': fee('assessment'),
    'Settled Total Other Amount': fee('processing'),
  };
}
