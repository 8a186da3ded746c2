/**
 * A conversion: what a seller has in one currency became another, at a quote. It is done when it is decided; it has one state.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';

export interface Conversion extends StateRow {
  readonly id: Id<'cnv'>;
  readonly state: keyof typeof CONVERSION_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly seller: Id<'sel'>;
  readonly quote: Id<'qte'>;
  readonly given: Money;
  readonly got: Money;
  /** Our part, in the currency of what was got. */
  readonly margin: Money;
  /** All in: major units got for one given. */
  readonly rate: string;
  readonly convertedAt: Instant;
}

export const CONVERSION_MOVES = { converted: [] } as const;

export const conversions = stateTable<Conversion>('conversions', 'cnv');
