/** The positions as a person asks for them: what we are long or short in, what it is worth, and what open quotes may add. */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { add, type Money, money, subtract, zero } from '../base/money.ts';
import { currentRates } from './current-rates.ts';
import type { FxDeps } from './deps.ts';
import { VALUATION_MAX_AGE_MS } from './policies.ts';
import type { Quote } from './quote.ts';
import { midOf, type RateTable } from './rate-table.ts';
import { readBooks } from './read-books.ts';
import { type Revaluation, valueAtMid } from './revaluation.ts';
import { newestRevaluation, openQuotes } from './store.ts';

export interface Position {
  readonly currency: Currency;
  /** Long is positive, short is negative. */
  readonly position: Money;
  /** Of quotes that hold and are not used yet. */
  readonly quoted: Money;
  /** In the reporting currency at mid; null where there is no rate. */
  readonly value: Money | null;
  readonly mid: string | null;
}

export interface Positions {
  readonly reporting: Currency;
  readonly seq: bigint;
  readonly rates: RateTable | null;
  readonly positions: readonly Position[];
  /** Σ value: what the next revaluation would post; null when a rate is missing. */
  readonly difference: Money | null;
  readonly lastRevaluation: Revaluation | null;
}

/** Without rates young enough for a valuation the positions are shown without values. */
export async function readPositions(deps: FxDeps, now: Instant): Promise<Positions> {
  const { db } = deps.journal;
  const rates = await currentRates(deps, VALUATION_MAX_AGE_MS);
  const books = await readBooks(db, deps.reporting);
  const quoted = quotedIn(await openQuotes(db, now));
  const currencies = new Set([...books.positions.map(({ currency }) => currency), ...quoted.keys()]);
  const table = rates.ok ? rates.value : null;
  const held = new Map(books.positions.map((each) => [each.currency, each]));
  const positions = [...currencies].sort().map((currency): Position => {
    const position = held.get(currency) ?? zero(currency);
    const mid = table === null ? null : midOf(table, currency, deps.reporting);
    const value = table === null || mid === null ? null : worth([position], table, deps.reporting);
    return { currency, position, quoted: quoted.get(currency) ?? zero(currency), value, mid };
  });
  const isValued = table !== null && positions.every(({ value }) => value !== null);
  return {
    reporting: deps.reporting,
    seq: books.seq,
    rates: table,
    positions,
    difference: isValued ? worth(books.positions, table, deps.reporting) : null,
    lastRevaluation: await newestRevaluation(db),
  };
}

const worth = (positions: readonly Money[], rates: RateTable, reporting: Currency): Money =>
  money(valueAtMid(new Map(positions.map(({ currency, amount }) => [currency, amount])), rates, reporting), reporting);

/** A quote that is used makes us longer in what is given, shorter in what is got and in the margin. */
function quotedIn(quotes: readonly Quote[]): ReadonlyMap<Currency, Money> {
  const sums = new Map<Currency, Money>();
  const of = (currency: Currency): Money => sums.get(currency) ?? zero(currency);
  for (const { from, to, given, got, margin } of quotes) {
    sums.set(from, add(of(from), given));
    sums.set(to, subtract(of(to), add(got, margin)));
  }
  return sums;
}
