/**
 * The mid rates of one moment, stored as they came, with their source. A row is never changed: what a quote or a revaluation
 * was made of can be looked up for ever. The rate of any pair is the quotient of two of its rates.
 */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import type { MidRates } from '../connectors/ports/fx-source.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import { quotient, type Ratio, ratioOf, toRate } from './rate.ts';

export interface RateTable extends StateRow, MidRates {
  readonly id: Id<'fxr'>;
  readonly state: 'received';
  readonly receivedAt: Instant;
}

export const fxRates = stateTable<RateTable>('fx_rates', 'fxr');

/** Major units of `to` for one of `from`, exactly; null when the table lacks one of them. */
export function crossOf({ perBase }: Pick<MidRates, 'perBase'>, from: Currency, to: Currency): Ratio | null {
  const [one, other] = [perBase[from], perBase[to]];
  return one === undefined || other === undefined ? null : quotient(ratioOf(other), ratioOf(one));
}

/** The mid rate of a pair as it is agreed: ten significant digits. */
export function midOf(table: Pick<MidRates, 'perBase'>, from: Currency, to: Currency): string | null {
  const cross = crossOf(table, from, to);
  return cross === null ? null : toRate(cross);
}
