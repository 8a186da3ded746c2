/**
 * Reads the Settlement Details report: one row per transaction. A batch is one Fund Transfer Identifier in one currency;
 * what the bank receives for it is Σ amounts (refunds negative) − Σ fees, net funded. Where the account settles in a currency
 * of its own, the row also keeps what was presented.
 *
 * Invariant: no row that may carry money is passed over. A row is a sale, a refund, an authorization without money, or
 * the whole file is refused with line and column. Fees come as negative decimals and are given as positive money. The layout
 * has no totals of its own; what can be verified within it is: signs fit the action, and no operation is listed twice. Its
 * totals are held against the other reports in check-reports.ts.
 */
import type { Day } from '../../base/clock.ts';
import type { Currency } from '../../base/currency.ts';
import { equals, type Money } from '../../base/money.ts';
import type { SettlementBatch, SettlementLine } from '../ports/card-acquirer.ts';
import {
  amountIn,
  currencyIn,
  dayIn,
  filled,
  negated,
  type ReportLayout,
  type ReportRow,
  readReport,
} from './report-file.ts';

const COLUMNS = {
  action: 'Merchant Transaction Action Text',
  amount: 'Settlement Amount',
  currency: 'Settlement Currency Code',
  presentedAmount: 'Presentment Amount',
  presentedCurrency: 'Presentment Currency Code',
  batch: 'Fund Transfer Identifier',
  day: 'Deposit Date',
  reference: 'Trace Number',
  networkId: 'Transaction Identifier',
  interchange: 'Settled Total Interchange Amount',
  schemeFee: 'Settled Total Assessment Amount',
  processingFee: 'Settled Total Other Amount',
} as const;
type Column = keyof typeof COLUMNS;
type Row = ReportRow<Column>;

const LAYOUT: ReportLayout<Column> = {
  name: 'SettlementDetails',
  columns: COLUMNS,
  optional: { presentedAmount: true, presentedCurrency: true },
  landmark: 'batch',
};

/** Every action the report is known to hold. Authorizations move no money and are not settlement lines. */
const ACTIONS: Readonly<Record<string, SettlementLine['kind'] | 'no_money'>> = {
  Sale: 'sale',
  Refund: 'refund',
  'Sale Authorize Only': 'no_money',
  'Auth Reversal': 'no_money',
};

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
  for (const row of readReport(bytes, LAYOUT)) {
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

function readRow(row: Row): Placed | null {
  const kind = ACTIONS[row.value('action')];
  if (kind === undefined) return row.fail('action', `unknown action "${row.value('action')}"`);
  if (kind === 'no_money') return null;
  const currency = currencyIn(row, 'currency');
  const amount = magnitude(row, kind, currency);
  const presentment = presentmentOf(row, kind, amount);
  const settled: SettlementLine = {
    kind,
    reference: filled(row, 'reference'),
    networkId: filled(row, 'networkId'),
    amount,
    ...(presentment === undefined ? {} : { presentment }),
    interchange: negated(amountIn(row, 'interchange', currency)),
    schemeFee: negated(amountIn(row, 'schemeFee', currency)),
    processingFee: negated(amountIn(row, 'processingFee', currency)),
  };
  return { batch: filled(row, 'batch'), currency, day: dayIn(row, 'day'), settled };
}

/** The amount without its sign, which must fit the action. */
function magnitude(row: Row, kind: SettlementLine['kind'], currency: Currency): Money {
  const amount = amountIn(row, 'amount', currency);
  if (kind === 'sale' && amount.amount <= 0n) return row.fail('amount', 'of a sale must be positive');
  if (kind === 'refund' && amount.amount >= 0n) return row.fail('amount', 'of a refund must be negative');
  return kind === 'sale' ? amount : negated(amount);
}

/**
 * Undefined when it says nothing that the settled amount does not say. Whether a refund is presented as a negative amount,
 * the published sample does not tell; either is taken.
 */
function presentmentOf(row: Row, kind: SettlementLine['kind'], settled: Money): Money | undefined {
  if (row.value('presentedCurrency') === '') return undefined;
  const currency = currencyIn(row, 'presentedCurrency');
  const written = amountIn(row, 'presentedAmount', currency);
  const presented = kind === 'refund' && written.amount < 0n ? negated(written) : written;
  if (presented.amount <= 0n) return row.fail('presentedAmount', 'must be more than nothing');
  if (currency !== settled.currency) return presented;
  return equals(presented, settled) ? undefined : row.fail('presentedAmount', 'differs from what is settled');
}
