/**
 * What the report files have in common: run metadata, a header line, one row a record, maybe metadata again. Columns are
 * found by name, whatever their order and whatever stands between them. A row that is not as wide as the header, an amount
 * that is not exact in its currency, a day that is none: the whole file is refused, with line and column.
 */
import { type Day, dayOf, parseInstant } from '../../base/clock.ts';
import { type Currency, isCurrency } from '../../base/currency.ts';
import { fromDecimal, type Money, money } from '../../base/money.ts';
import { MalformedFile } from '../ports/card-acquirer.ts';
import { type CsvRecord, readCsv } from './csv.ts';

export interface ReportLayout<Column extends string> {
  /** ReportTypeName of the metadata. */
  readonly name: string;
  /** Names in the header; each must be there. */
  readonly columns: Readonly<Record<Column, string>>;
  /** Names that may be absent; then the value is empty. */
  readonly optional?: Readonly<Partial<Record<Column, true>>>;
  /** The column by which the header line is known. */
  readonly landmark: Column;
}

export interface ReportRow<Column extends string> {
  readonly line: number;
  /** Without surrounding space. */
  value(column: Column): string;
  fail(column: Column, why: string): never;
}

/** Thirteen whole digits keep every currency's minor units within 64 bits. */
const DECIMAL = /^-?\d{1,13}(\.\d*)?$/;

/** @throws MalformedFile, at once or at the row that is wrong. */
export function* readReport<Column extends string>(
  bytes: Uint8Array,
  layout: ReportLayout<Column>,
): Generator<ReportRow<Column>> {
  const records = readCsv(bytes);
  const headerAt = records.findIndex(({ fields }) => fields.includes(layout.columns[layout.landmark]));
  const header = records[headerAt];
  if (header === undefined) throw new MalformedFile(`no header line with column ${layout.columns[layout.landmark]}`);
  checkName(records.slice(0, headerAt), layout.name);
  const positions = positionsOf(header, layout);
  for (const { line, fields } of records.slice(headerAt + 1)) {
    if (isMetadata(fields) || fields.every((field) => field === '')) continue;
    if (fields.length !== header.fields.length) {
      throw new MalformedFile(`line ${line}: ${fields.length} columns, header has ${header.fields.length}`);
    }
    yield {
      line,
      value: (column) => (fields[positions.get(layout.columns[column]) ?? -1] ?? '').trim(),
      fail: (column, why) => {
        throw new MalformedFile(`line ${line}, column ${layout.columns[column]}: ${why}`);
      },
    };
  }
}

function positionsOf<Column extends string>(
  { line, fields }: CsvRecord,
  { columns, optional }: ReportLayout<Column>,
): ReadonlyMap<string, number> {
  const positions = new Map(fields.map((name, index) => [name, index]));
  for (const column in columns) {
    if (optional?.[column] === true || positions.has(columns[column])) continue;
    throw new MalformedFile(`line ${line}: column ${columns[column]} is missing`);
  }
  return positions;
}

const isMetadata = (fields: readonly string[]): boolean => fields[0]?.startsWith('ProcessingEntityId=') ?? false;

function checkName(metadata: readonly CsvRecord[], wanted: string): void {
  for (const { line, fields } of metadata) {
    const name = fields.find((field) => field.startsWith('ReportTypeName='));
    if (name !== undefined && name !== `ReportTypeName=${wanted}`) {
      throw new MalformedFile(`line ${line}: not ${wanted} but ${name}`);
    }
  }
}

export const filled = <Column extends string>(row: ReportRow<Column>, column: Column): string =>
  row.value(column) || row.fail(column, 'is empty');

export const negated = (value: Money): Money => money(-value.amount, value.currency);

export function currencyIn<Column extends string>(row: ReportRow<Column>, column: Column): Currency {
  const written = row.value(column);
  return isCurrency(written) ? written : row.fail(column, `"${written}" is not a currency`);
}

/** An exact decimal; `0.00E+00` is how spreadsheets save the published sample's zeros. */
export function amountIn<Column extends string>(row: ReportRow<Column>, column: Column, currency: Currency): Money {
  const written = row.value(column);
  const plain = /^0(\.0+)?E\+0+$/.test(written) ? '0' : written;
  const amount = DECIMAL.test(plain) ? fromDecimal(plain, currency) : null;
  return amount ?? row.fail(column, `"${written}" is not an exact amount in ${currency}`);
}

/** `2026-11-22`, with or without a time, or `11/22/2026` as in the published samples. */
export function dayIn<Column extends string>(row: ReportRow<Column>, column: Column): Day {
  const written = row.value(column);
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(written);
  const iso =
    american === null
      ? /^(\d{4}-\d{2}-\d{2})(T|$)/.exec(written)?.[1]
      : `${american[3]}-${(american[1] ?? '').padStart(2, '0')}-${(american[2] ?? '').padStart(2, '0')}`;
  const midnight = parseInstant(`${iso}T00:00:00Z`);
  return midnight === null ? row.fail(column, `"${written}" is not a day`) : dayOf(midnight);
}
