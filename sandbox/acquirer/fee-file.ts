/**
 * The Fee Details report of one activity day: one line per fee of a sale, capture or refund. Pure. Fees are negative.
 * The layout has no trace number; `Submission Identifier` carries the merchant's reference instead.
 * Source: J.P. Morgan reporting sample FeeDetails.csv (column layout, category words, dates as M/D/YYYY in Activity Date).
 */
import { type Day, instant } from '../../src/base/clock.ts';
import { money, toDecimal } from '../../src/base/money.ts';
import type { FundTransfer, SettledFee } from './day-books.ts';
import { rateText } from './exchange-rates.ts';
import { FEE_COLUMNS, type FeeColumn } from './fee-columns.ts';
import { type ReportFile, reportFile, sampleDate } from './report-lines.ts';

type Fields = Partial<Record<FeeColumn, string>>;

const WORDS: Readonly<Record<SettledFee['kind'], Fields>> = {
  interchange: {
    'Charge Category Text': 'Interchange & Assessment Fees',
    'Charge Subcategory Text': 'Interchange Fees',
    'Charge Transfer Subcategory Code': 'IC',
    'Fee Text': 'Interchange',
  },
  assessment: {
    'Charge Category Text': 'Interchange & Assessment Fees',
    'Charge Subcategory Text': 'Assessment Fees',
    'Charge Transfer Subcategory Code': 'AS',
    'Fee Text': 'Scheme Assessment',
  },
  processing: {
    'Charge Category Text': 'Processing Fees',
    'Charge Subcategory Text': 'Authorization Fees',
    'Charge Transfer Subcategory Code': 'AUTH',
    'Fee Text': 'Online Processing',
  },
};

export function feeReport(merchantId: string, day: Day, transfers: readonly FundTransfer[]): ReportFile {
  const lines = transfers
    .flatMap(({ fees }) => fees)
    .map((fee, index) => ({
      ...operationFields(fee),
      ...moneyFields(fee),
      ...WORDS[fee.kind],
      'Activity Date': sampleDate(day),
      'Entity Identifier': merchantId,
      'Merchant End Of Day Text': '10:00:00 PM',
      'Record Number': String(index + 1),
    }));
  return reportFile({ type: 'FeeDetails', columns: FEE_COLUMNS }, { merchantId, day }, lines);
}

function operationFields({ operation, transfer, effectiveMs }: SettledFee): Fields {
  const at = instant(Number(operation.created_ms));
  return {
    'Account Number': operation.masked,
    'Activity Timestamp': at,
    'Auth Code': operation.approval_code,
    'Card BIN': `${operation.masked.slice(0, 6)}XX`,
    'Fund Transfer Identifier': transfer,
    'Funds Transfer Category Code': 'EFEFT',
    'Funds Transfer Category Text': 'Effective Funds Transfer',
    'Funds Transfer Effective Timestamp': instant(effectiveMs),
    'Merchant Order Number': operation.order_number,
    'Payment Method Code': operation.card_type,
    'Sale/Refund Code': operation.kind === 'refund' ? 'R' : 'S',
    'Submission Identifier': operation.request_id,
    'Transaction Action Text': operation.kind === 'refund' ? 'Refund' : 'Sale',
    'Transaction Identifier': operation.id,
    'Transaction Timestamp': at,
    'Unit Quantity Number': '1',
  };
}

function moneyFields({ operation, kind, currency, rate, settled }: SettledFee): Fields {
  const own = toDecimal(money(operation.amount, operation.currency));
  return {
    'Foreign Exchange Rate': rateText(rate),
    'Presentment Amount': own,
    'Presentment Currency Code': operation.currency,
    'Presentment Total Fee Amount': toDecimal(money(-operation[kind], operation.currency)),
    'Settled Total Fee Amount': toDecimal(money(-settled, currency)),
    'Settlement Currency Code': currency,
    'Transaction Amount': own,
  };
}
