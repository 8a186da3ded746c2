/** Test support: report files in the network's layout, of the columns that are read and one that is not. */

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export type Fields = Readonly<Record<string, string>>;

/** One report with its metadata; the columns are those of the first row's names. */
export function reportFile(name: string, columns: readonly string[], rows: readonly Fields[]): Uint8Array {
  const lines = [
    ['ProcessingEntityId=1', 'Frequency=daily'],
    ['ProcessingEntityId=1', `ReportTypeName=${name}`, 'FromDate=2026-11-22'],
    ['Account Number', ...columns],
    ...rows.map((row) => ['4112XX', ...columns.map((column) => row[column] ?? '')]),
  ];
  return encode(`${lines.map((line) => line.join(',')).join('\r\n')}\r\n`);
}

export const SETTLEMENT = [
  'Merchant Transaction Action Text',
  'Settlement Amount',
  'Settlement Currency Code',
  'Fund Transfer Identifier',
  'Deposit Date',
  'Trace Number',
  'Transaction Identifier',
  'Settled Total Interchange Amount',
  'Settled Total Assessment Amount',
  'Settled Total Other Amount',
];

export const FEES = [
  'Charge Category Text',
  'Charge Subcategory Text',
  'Fee Text',
  'Settled Total Fee Amount',
  'Settlement Currency Code',
  'Fund Transfer Identifier',
  'Transaction Identifier',
  'Merchant Order Number',
];

export const DEPOSITS = [
  'Activity Date',
  'Fund Transfer Identifier',
  'Record Type',
  'Charge Category',
  'Transaction Identifier',
  'Merchant Order Number',
  'Trace Number',
  'Amount',
  'Currency Code',
];

export const DISPUTES = [
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
];
