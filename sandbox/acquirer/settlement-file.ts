/**
 * The Settlement Details report of one activity day: two metadata lines, the header, one line per sale or refund. Pure.
 * Amounts are decimals of the settlement currency; refunds and fees are negative, so that
 * funds transfer = Σ Settlement Amount + Σ interchange + Σ assessment + Σ other, per fund transfer identifier (net funding).
 * Source: J.P. Morgan reporting sample SettlementDetails.csv (column layout, CRLF, dates as M/D/YYYY in Deposit Date).
 */
import { type Day, instant } from '../../src/base/clock.ts';
import { money, toDecimal } from '../../src/base/money.ts';
import type { OperationRow } from './schema.ts';
import { SETTLEMENT_COLUMNS, type SettlementColumn } from './settlement-columns.ts';

/** What a line needs beyond the operation itself. */
export interface SettledOperation extends OperationRow {
  readonly batch_id: string;
  readonly effective_ms: bigint;
  readonly masked: string;
  readonly card_type: string;
  readonly card_type_name: string;
  readonly approval_code: string;
}

export interface SettlementReport {
  readonly name: string;
  readonly content: string;
}

export function settlementReport(
  merchantId: string,
  day: Day,
  operations: readonly SettledOperation[],
): SettlementReport {
  const entity = `ProcessingEntityId=${merchantId}`;
  const generated = [`FromDate=${day}`, `ToDate=${day}`, `GenerationDate=${day}`, 'GenerationTime=22:00:00'];
  const lines = [
    padded([entity, 'Frequency=daily']),
    padded([entity, 'ReportTypeName=SettlementDetails', 'Frequency=daily', ...generated]),
    SETTLEMENT_COLUMNS.join(','),
    ...operations.map((operation, index) => line(merchantId, day, operation, index + 1)),
  ];
  return { name: `SettlementDetails_${merchantId}_${day}.csv`, content: `${lines.join('\r\n')}\r\n` };
}

type Fields = Partial<Record<SettlementColumn, string>>;

function line(merchantId: string, day: Day, operation: SettledOperation, record: number): string {
  const fields: Fields = {
    ...cardFields(operation),
    ...moneyFields(operation),
    'Activity Timestamp': instant(Number(operation.created_ms)),
    'Deposit Date': sampleDate(day),
    'Entity Identifier': merchantId,
    'Fund Transfer Effective Date': instant(Number(operation.effective_ms)),
    'Fund Transfer Identifier': operation.batch_id,
    'Funds Transfer Category Code': 'EFEFT',
    'Funds Transfer Category Description': 'Effective Funds Transfer',
    'Merchant Activity Date Range': `${day} thru ${day}`,
    'Merchant End Of Day Text': '10:00:00 PM',
    'Merchant Order Number': operation.order_number,
    'Merchant Transaction Action Text': operation.kind === 'refund' ? 'Refund' : 'Sale',
    'Record Number': String(record),
    'Settled Conveyed Code': 'S',
    'Trace Number': operation.request_id,
    'Transaction Identifier': operation.id,
    'Transaction Timestamp': instant(Number(operation.created_ms)),
  };
  return SETTLEMENT_COLUMNS.map((column) => quoted(fields[column] ?? '')).join(',');
}

function cardFields(operation: SettledOperation): Fields {
  return {
    'Account Number': operation.masked,
    'Authorization Code': operation.approval_code,
    'Card BIN': `${operation.masked.slice(0, 6)}XX`,
    'Payment Method Code': operation.card_type,
    'Payment Method Code Description Text': operation.card_type_name,
  };
}

function moneyFields(operation: SettledOperation): Fields {
  const { currency } = operation;
  const decimal = (amount: bigint): string => toDecimal(money(amount, currency));
  const settled = decimal(operation.kind === 'refund' ? -operation.amount : operation.amount);
  return {
    'Presentment Amount': settled,
    'Presentment Currency Code': currency,
    'Settlement Amount': settled,
    'Settlement Currency Code': currency,
    'Settled Total Interchange Amount': decimal(-operation.interchange),
    'Settled Total Assessment Amount': decimal(-operation.assessment),
    'Settled Total Other Amount': decimal(-operation.processing),
  };
}

const padded = (cells: readonly string[]): string =>
  cells.join(',') + ','.repeat(SETTLEMENT_COLUMNS.length - cells.length);

/** RFC 4180 §2: quoted only when needed. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** 2023-09-06 as the sample writes it: 9/6/2023. */
const sampleDate = (day: Day): string => `${Number(day.slice(5, 7))}/${Number(day.slice(8, 10))}/${day.slice(0, 4)}`;
