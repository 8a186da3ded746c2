/**
 * What a batch of a settlement file comes to; pure. net = sales − refunds − fees − disputes, in the currency of settlement. What
 * was presented in another currency is kept apart, by that currency: both amounts are the file's.
 */
import type { Currency } from '../base/currency.ts';
import { add, type Money, money, subtract, sum, zero } from '../base/money.ts';
import type { DisputeMovement, SettlementBatch, SettlementLine } from '../connectors/ports/card-acquirer.ts';
import type { Settlement } from './rows.ts';

export interface BatchFigures
  extends Pick<Settlement, 'sales' | 'refunds' | 'fees' | 'disputes' | 'net' | 'converted'> {
  /** Signed: the part of `net` that was not converted, fees and disputes included. */
  readonly own: Money;
}

/** `fees`: what the network takes off this batch. */
export function figuresOf(
  { lines, currency: code }: Pick<SettlementBatch, 'lines' | 'currency'>,
  fees: Money,
  movements: readonly DisputeMovement[] = [],
): BatchFigures {
  const currency = code as Currency;
  const of = (kind: SettlementLine['kind']): Money =>
    sum(
      lines.filter((line) => line.kind === kind).map(({ amount }) => amount),
      currency,
    );
  const [sales, refunds] = [of('sale'), of('refund')];
  const disputes = sum(
    movements.map(({ kind, amount }) => (kind === 'credit' ? negative(amount) : amount)),
    currency,
  );
  const net = subtract(subtract(subtract(sales, refunds), fees), disputes);
  const converted = convertedOf([...lines, ...movements], currency);
  const own = subtract(
    net,
    sum(
      converted.map(({ settled }) => settled),
      currency,
    ),
  );
  return { sales, refunds, fees, disputes, net, converted, own };
}

/** What the lines' own columns say was taken. */
export const feeColumnsOf = ({ lines, currency }: Pick<SettlementBatch, 'lines' | 'currency'>): Money =>
  sum(
    lines.flatMap(({ interchange, schemeFee, processingFee }) => [interchange, schemeFee, processingFee]),
    currency as Currency,
  );

type Moved = Pick<SettlementLine | DisputeMovement, 'kind' | 'amount' | 'presentment'>;

function convertedOf(moved: readonly Moved[], currency: Currency): Settlement['converted'] {
  const sums = new Map<Currency, { presented: Money; settled: Money }>();
  for (const { kind, amount, presentment } of moved) {
    if (presentment === undefined || presentment.currency === currency) continue;
    const before = sums.get(presentment.currency) ?? {
      presented: zero(presentment.currency),
      settled: zero(currency),
    };
    const signed = (value: Money): Money => (kind === 'sale' || kind === 'credit' ? value : negative(value));
    sums.set(presentment.currency, {
      presented: add(before.presented, signed(presentment)),
      settled: add(before.settled, signed(amount)),
    });
  }
  return [...sums.values()];
}

export const negative = ({ amount, currency }: Money): Money => money(-amount, currency);

/** A signed amount as two that are not negative: towards us, and from us. */
export const bothWays = (signed: Money): readonly [toUs: Money, fromUs: Money] =>
  signed.amount >= 0n ? [signed, zero(signed.currency)] : [zero(signed.currency), negative(signed)];
