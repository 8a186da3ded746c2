/**
 * The fee lines of a day, operation by operation; pure. A network with a fee file says them there, others in the columns of
 * their settlement lines. Kinds are summed for each operation and transfer of funds; what is given back stands apart.
 */
import type { Currency } from '../base/currency.ts';
import { add, type Money, zero } from '../base/money.ts';
import type { FeeLine, SettlementBatch } from '../connectors/ports/card-acquirer.ts';
import { negative } from './batch-figures.ts';

export interface OperationFees {
  readonly batch: string;
  readonly networkId: string;
  /** Our reference; empty where the file does not repeat it. */
  readonly reference: string;
  readonly interchange: Money;
  readonly schemeFee: Money;
  readonly processingFee: Money;
  readonly returned: Money;
}

const FIELDS = { interchange: 'interchange', scheme: 'schemeFee', processing: 'processingFee' } as const;

/**
 * In the order of their batches, operations that only got something back last: a bill is charged before it is reduced, so
 * that what is owed to the network is never below zero.
 */
export function feesByOperation(lines: readonly FeeLine[]): readonly OperationFees[] {
  const operations = new Map<string, OperationFees>();
  for (const line of lines) {
    const { amount, batch, networkId, reference = '' } = line;
    const key = [batch, amount.currency, networkId, reference].join(' ');
    const before = operations.get(key) ?? { batch, networkId, reference, ...noFees(amount.currency) };
    const field = FIELDS[line.kind];
    const after =
      amount.amount < 0n
        ? { ...before, returned: add(before.returned, negative(amount)) }
        : { ...before, [field]: add(before[field], amount) };
    operations.set(key, after);
  }
  const costs = [...operations.values()].filter((fees) => assessed(fees) > 0n || fees.returned.amount > 0n);
  return [...costs.filter((fees) => balance(fees) >= 0n), ...costs.filter((fees) => balance(fees) < 0n)];
}

/** The fee columns of settlement lines, as a fee file would have them. */
export const feeLinesOf = (batches: readonly SettlementBatch[]): readonly FeeLine[] =>
  batches.flatMap(({ batch, lines }) =>
    lines.flatMap(({ reference, networkId, interchange, schemeFee, processingFee }): FeeLine[] => {
      const line = { batch, reference, networkId, text: '' };
      return [
        { ...line, kind: 'interchange', amount: interchange },
        { ...line, kind: 'scheme', amount: schemeFee },
        { ...line, kind: 'processing', amount: processingFee },
      ];
    }),
  );

/** Minor units charged for the operation. */
export const assessed = ({ interchange, schemeFee, processingFee }: OperationFees): bigint =>
  interchange.amount + schemeFee.amount + processingFee.amount;

const balance = (fees: OperationFees): bigint => assessed(fees) - fees.returned.amount;

const noFees = (currency: Currency) => ({
  interchange: zero(currency),
  schemeFee: zero(currency),
  processingFee: zero(currency),
  returned: zero(currency),
});
