/**
 * Reads the Fee Details report: one row for each fee of each operation, authorizations included. Fees come as negative
 * decimals and are given as positive money; one that is given back comes positive. The published layout does not repeat our
 * reference; the transaction id and the order number tell what a fee belongs to.
 */
import type { FeeLine } from '../ports/card-acquirer.ts';
import { amountIn, currencyIn, filled, negated, type ReportLayout, type ReportRow, readReport } from './report-file.ts';

const COLUMNS = {
  category: 'Charge Category Text',
  subcategory: 'Charge Subcategory Text',
  text: 'Fee Text',
  amount: 'Settled Total Fee Amount',
  currency: 'Settlement Currency Code',
  batch: 'Fund Transfer Identifier',
  networkId: 'Transaction Identifier',
  orderNumber: 'Merchant Order Number',
  reference: 'Trace Number',
} as const;
type Column = keyof typeof COLUMNS;
type Row = ReportRow<Column>;

const LAYOUT: ReportLayout<Column> = {
  name: 'FeeDetails',
  columns: COLUMNS,
  optional: { reference: true },
  landmark: 'amount',
};

const INTERCHANGE_AND_ASSESSMENT = 'Interchange & Assessment Fees';
const PROCESSING = 'Processing Fees';

/** @throws MalformedFile naming line and column. */
export const parseFeeReport = (bytes: Uint8Array): readonly FeeLine[] => [...readReport(bytes, LAYOUT)].map(readFee);

function readFee(row: Row): FeeLine {
  const reference = row.value('reference');
  const orderNumber = row.value('orderNumber');
  return {
    ...(reference === '' ? {} : { reference }),
    ...(orderNumber === '' ? {} : { orderNumber }),
    networkId: filled(row, 'networkId'),
    kind: kindOf(row),
    text: row.value('text'),
    amount: negated(amountIn(row, 'amount', currencyIn(row, 'currency'))),
    batch: filled(row, 'batch'),
  };
}

/** What is passed on to issuer and scheme stands in one category; only its subcategory parts them. */
function kindOf(row: Row): FeeLine['kind'] {
  const category = row.value('category');
  if (category === PROCESSING) return 'processing';
  if (category !== INTERCHANGE_AND_ASSESSMENT) return row.fail('category', `unknown category "${category}"`);
  return row.value('subcategory').startsWith('Interchange') ? 'interchange' : 'scheme';
}
