/**
 * Reads the Settlement Details report: run metadata, a header line, one row per transaction, run metadata again. Columns
 * are found by name, whatever their order, and only those named in COLUMNS must be there. A batch is one Fund Transfer
 * Identifier in one currency; what the bank receives for it is Σ amounts (refunds negative) − Σ fees, net funded.
 *
 * Invariant: no row that may carry money is passed over. A row is a sale, a refund, an authorization without money, or
 * the whole file is refused with line and column. Amounts are decimals and must be exact in their currency; fees come as
 * negative decimals and are given as positive money. The layout has no totals of its own; what can be verified is: each
 * row has the header's width, signs fit the action, and no operation is listed twice.
 */

import { type Day, dayOf, parseInstant } from '../../base/clock.ts';
import { type Currency, isCurrency } from '../../base/currency.ts';
import { fromDecimal, type Money, money } from '../../base/money.ts';
import { MalformedFile, type SettlementBatch, type SettlementLine } from '../ports/card-acquirer.ts';
import { type CsvRecord, readCsv } from './csv.ts';

const COLUMNS = {
  action: 'Merchant Transaction Action Text',
  amount: 'Settlement Amount',
  currency: 'Settlement Currency Code',
  batch: 'Fund Transfer Identifier',
  day: 'Deposit Date',
  reference: 'Trace Number',
  networkId: 'Transaction Identifier',
  interchange: 'Settled Total Interchange Amount',
  schemeFee: 'Settled Total Assessment Amount',
  processingFee: 'Settled Total Other Amount',
} as const;
type Column = keyof typeof COLUMNS;

/** Every action the report is known to hold. Authorizations move no money and are not settlement lines. */
const ACTIONS: Readonly<Record<string, SettlementLine['kind'] | 'no_money'>> = {
  Sale: 'sale',
  Refund: 'refund',
  'Sale Authorize Only': 'no_money',
  'Auth Reversal': 'no_money',
};

/** Thirteen whole digits keep every currency's minor units within 64 bits. */
const DECIMAL = /^-?\d{1,13}(\.\d*)?$/;

interface Row {
  readonly line: number;
  value(column: Column): string;
  fail(column: Column, why: string): never;
}

interface Placed {
  readonly batch: string;
  readonly currency: Currency;
  readonly day: Day;
  readonly settled: SettlementLine;
}

/** @throws MalformedFile naming line and column. An issued file without transactions gives no batches. */
export function parseSettlementReport(bytes: Uint8Array): readonly SettlementBatch[] {
  const batches = new Map<string, SettlementBatch & { readonly lines: SettlementLine[] }>();
  const seen = new Set<string>();
  for (const row of rowsOf(readCsv(bytes))) {
    const placed = readRow(row);
    if (placed === null) continue;
    const { batch, currency, day, settled } = placed;
    const operation = `${settled.kind} ${settled.reference} ${settled.networkId}`;
    if (seen.has(operation)) row.fail('reference', 'is listed twice');
    seen.add(operation);
    const key = `${batch} ${currency}`;
    const known = batches.get(key) ?? { batch, currency, day, lines: [] };
    known.lines.push(settled);
    batches.set(key, known.day < day ? { ...known, day } : known); // it closes with its last deposit day
  }
  return [...batches.values()];
}

function* rowsOf(records: readonly CsvRecord[]): Generator<Row> {
  const headerAt = records.findIndex(({ fields }) => fields.includes(COLUMNS.batch));
  const header = records[headerAt]?.fields;
  if (header === undefined) throw new MalformedFile(`no header line with column ${COLUMNS.batch}`);
  checkReportName(records.slice(0, headerAt));
  const positions = new Map(header.map((name, index) => [name, index]));
  const missing = Object.values(COLUMNS).find((name) => !positions.has(name));
  if (missing !== undefined) throw new MalformedFile(`line ${records[headerAt]?.line}: column ${missing} is missing`);
  for (const { line, fields } of records.slice(headerAt + 1)) {
    if (isMetadata(fields) || fields.every((field) => field === '')) continue;
    if (fields.length !== header.length) {
      throw new MalformedFile(`line ${line}: ${fields.length} columns, header has ${header.length}`);
    }
    yield {
      line,
      value: (column) => (fields[positions.get(COLUMNS[column]) ?? -1] ?? '').trim(),
      fail: (column, why) => {
        throw new MalformedFile(`line ${line}, column ${COLUMNS[column]}: ${why}`);
      },
    };
  }
}

const isMetadata = (fields: readonly string[]): boolean => fields[0]?.startsWith('ProcessingEntityId=') ?? false;

function checkReportName(metadata: readonly CsvRecord[]): void {
  for (const { line, fields } of metadata) {
    const name = fields.find((field) => field.startsWith('ReportTypeName='));
    if (name !== undefined && name !== 'ReportTypeName=SettlementDetails') {
      throw new MalformedFile(`line ${line}: not a settlement report but ${name}`);
    }
  }
}

function readRow(row: Row): Placed | null {
  const kind = ACTIONS[row.value('action')];
  if (kind === undefined) return row.fail('action', `unknown action "${row.value('action')}"`);
  if (kind === 'no_money') return null;
  const currency = row.value('currency');
  if (!isCurrency(currency)) return row.fail('currency', `"${currency}" is not a currency`);
  const amount = amountIn(row, 'amount', currency);
  if (kind === 'sale' && amount.amount <= 0n) return row.fail('amount', 'of a sale must be positive');
  if (kind === 'refund' && amount.amount >= 0n) return row.fail('amount', 'of a refund must be negative');
  const settled: SettlementLine = {
    kind,
    reference: filled(row, 'reference'),
    networkId: filled(row, 'networkId'),
    amount: kind === 'sale' ? amount : negated(amount),
    interchange: negated(amountIn(row, 'interchange', currency)),
    schemeFee: negated(amountIn(row, 'schemeFee', currency)),
    processingFee: negated(amountIn(row, 'processingFee', currency)),
  };
  return { batch: filled(row, 'batch'), currency, day: dayIn(row), settled };
}

const filled = (row: Row, column: Column): string => row.value(column) || row.fail(column, 'is empty');
const negated = (value: Money): Money => money(-value.amount, value.currency);

/** An exact decimal; `0.00E+00` is how spreadsheets save the published sample's zeros. */
function amountIn(row: Row, column: Column, currency: Currency): Money {
  const written = row.value(column);
  const plain = /^0(\.0+)?E\+0+$/.test(written) ? '0' : written;
  const amount = DECIMAL.test(plain) ? fromDecimal(plain, currency) : null;
  return amount ?? row.fail(column, `"${written}" is not an exact amount in ${currency}`);
}

/** `2026-11-22`, with or without a time, or `11/22/2026` as in the published sample. */
function dayIn(row: Row): Day {
  const written = row.value('day');
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(written);
  const iso =
    american === null
      ? /^(\d{4}-\d{2}-\d{2})(T|$)/.exec(written)?.[1]
      : `${american[3]}-${(american[1] ?? '').padStart(2, '0')}-${(american[2] ?? '').padStart(2, '0')}`;
  const midnight = parseInstant(`${iso}T00:00:00Z`);
  return midnight === null ? row.fail('day', `"${written}" is not a day`) : dayOf(midnight);
}
