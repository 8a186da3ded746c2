/**
 * What the reports of a day say together; pure. Batches are those of the settlement file and those in which only disputes or
 * fees moved. A network without a fee file has its fees in the columns of the settlement file.
 */
import type { Day } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { type Money, sum } from '../base/money.ts';
import type { DayReports, DisputeMovement, FeeLine, SettlementBatch } from '../connectors/ports/card-acquirer.ts';
import type { CardAccount } from '../parties/index.ts';
import { feeLinesOf } from './operation-fees.ts';

export interface DayContent {
  readonly day: Day;
  readonly batches: readonly SettlementBatch[];
  readonly fees: readonly FeeLine[];
  readonly movements: readonly DisputeMovement[];
  /** Batches that are bills: their fees are taken off nothing, the bank debits them later. */
  readonly bills: ReadonlySet<string>;
}

type Batch = Pick<SettlementBatch, 'batch' | 'currency'>;

/** @throws MalformedFile */
export function contentOf({ acquirer, funding }: CardAccount, reports: DayReports, day: Day): DayContent {
  const inFile = acquirer.parseSettlement(reports.settlement.bytes);
  const fees = reports.fees === undefined ? feeLinesOf(inFile) : acquirer.parseFees(reports.fees.bytes);
  const movements = reports.disputes === undefined ? [] : acquirer.parseDisputeMovements(reports.disputes.bytes);
  const known = new Set(inFile.map(({ batch }) => batch));
  const others = new Map<string, SettlementBatch>();
  for (const { batch, amount } of [...movements, ...fees]) {
    if (batch !== undefined && !known.has(batch))
      others.set(batch, { batch, currency: amount.currency, day, lines: [] });
  }
  const content = { day, batches: [...inFile, ...others.values()], fees, movements };
  // Both are contract and file: an account that pays its fees apart has them in transfers of their own.
  const isBill = (batch: SettlementBatch): boolean =>
    funding === 'gross' && movementsOf(content, batch).length === 0 && feesOfBatch(content, batch).amount > 0n;
  const bills = new Set([...others.values()].filter(isBill).map(({ batch }) => batch));
  return { ...content, bills };
}

/** Charged less given back. */
export const feesOfBatch = ({ fees }: Pick<DayContent, 'fees'>, { batch, currency }: Batch): Money =>
  sum(
    fees.filter((fee) => fee.batch === batch && fee.amount.currency === currency).map(({ amount }) => amount),
    currency as Currency,
  );

export const movementsOf = (
  { movements }: Pick<DayContent, 'movements'>,
  { batch }: Batch,
): readonly DisputeMovement[] => movements.filter((movement) => movement.batch === batch);
