/**
 * The Deposit Details report of one activity day: for each fund transfer its details, a summary of each charge category,
 * and the transfer itself. Pure. Amounts are signed as money to the merchant. A detail's trace number is the merchant's
 * reference of the operation; of a dispute movement it is the dispute.
 */
import type { Day } from '../../src/base/clock.ts';
import { money, toDecimal } from '../../src/base/money.ts';
import { type FundTransfer, type SettledFee, signedMovement, signedOperation } from './day-books.ts';
import { type ReportFile, reportFile, sampleDate } from './report-lines.ts';

export const CHARGE_CATEGORIES = ['SALE', 'REF', 'IA', 'PFEE', 'CHBK', 'CFEE'] as const;
export type ChargeCategory = (typeof CHARGE_CATEGORIES)[number];

const COLUMNS = [
  'Activity Date',
  'Fund Transfer Identifier',
  'Record Type',
  'Charge Category',
  'Transaction Identifier',
  'Merchant Order Number',
  'Trace Number',
  'Amount',
  'Currency Code',
] as const;
type Fields = Partial<Record<(typeof COLUMNS)[number], string>>;

const CATEGORY_OF_FEE: Readonly<Record<SettledFee['kind'], ChargeCategory>> = {
  interchange: 'IA',
  assessment: 'IA',
  processing: 'PFEE',
};

interface Detail {
  readonly category: ChargeCategory;
  readonly transaction: string;
  readonly orderNumber: string;
  readonly trace: string;
  readonly amount: bigint;
}

/** Every transfer is written as pending; what the bank has taken since is said when the file is fetched (reports.ts). */
export function depositReport(merchantId: string, day: Day, transfers: readonly FundTransfer[]): ReportFile {
  const lines = transfers.flatMap((transfer) => transferLines(transfer, day));
  return reportFile({ type: 'DepositDetails', columns: COLUMNS }, { merchantId, day }, lines);
}

function transferLines(transfer: FundTransfer, day: Day): readonly Fields[] {
  const details = detailsOf(transfer);
  const line = (type: string, category: string, amount: bigint): Fields => ({
    'Activity Date': sampleDate(day),
    'Fund Transfer Identifier': transfer.id,
    'Record Type': type,
    'Charge Category': category,
    Amount: toDecimal(money(amount, transfer.currency)),
    'Currency Code': transfer.currency,
  });
  return [
    ...details.map(({ category, transaction, orderNumber, trace, amount }) => ({
      ...line('DETAIL', category, amount),
      'Transaction Identifier': transaction,
      'Merchant Order Number': orderNumber,
      'Trace Number': trace,
    })),
    ...CHARGE_CATEGORIES.map((category) =>
      line(
        'SUMMARY',
        category,
        details.reduce((sum, detail) => (detail.category === category ? sum + detail.amount : sum), 0n),
      ),
    ),
    line('TRANSFER', 'PENDING', transfer.net),
  ];
}

function detailsOf({ operations, fees, movements }: FundTransfer): readonly Detail[] {
  return [
    ...operations.map((settled) => ({
      category: settled.operation.kind === 'refund' ? ('REF' as const) : ('SALE' as const),
      transaction: settled.operation.id,
      orderNumber: settled.operation.order_number,
      trace: settled.operation.request_id,
      amount: signedOperation(settled),
    })),
    ...fees.map(({ operation, kind, settled }) => ({
      category: CATEGORY_OF_FEE[kind],
      transaction: operation.id,
      orderNumber: operation.order_number,
      trace: operation.request_id,
      amount: -settled,
    })),
    ...movements.map((settled) => ({
      category: settled.movement.kind === 'FEE' ? ('CFEE' as const) : ('CHBK' as const),
      transaction: settled.movement.payment_id,
      orderNumber: settled.movement.order_number,
      trace: settled.movement.dispute_id,
      amount: signedMovement(settled),
    })),
  ];
}
