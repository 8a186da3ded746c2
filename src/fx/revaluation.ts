/**
 * The end of a day in foreign currency; pure. First results come home: what stands on an income or expense account in a foreign
 * currency is moved to the reporting currency at mid, through the position. Then the positions together are brought to
 * their value at mid; the difference is a gain or a loss that is not realised. At last, of what is not realised, the share of
 * the positions that deals have covered since the run before is realised; all of it when nothing is left open.
 *
 * Invariant: after it Σ position × mid over all currencies, the reporting one included, is zero to half a minor unit.
 */
import { assert } from '../base/assert.ts';
import type { Instant } from '../base/clock.ts';
import { type Currency, exponentOf } from '../base/currency.ts';
import { type Id, newId } from '../base/ids.ts';
import { isZero, type Money, money, zero } from '../base/money.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import { type AccountName, event, type NewEvent } from '../ledger/index.ts';
import { divide, product, type Ratio } from './rate.ts';
import { crossOf, type RateTable } from './rate-table.ts';

export interface Revaluation extends StateRow {
  readonly id: Id<'fxv'>;
  readonly state: 'posted';
  readonly reporting: Currency;
  readonly rates: Id<'fxr'>;
  /** The run before; `none` of the first. */
  readonly previous: Id<'fxv'> | 'none';
  /** Seq of the last event whose postings it is made on. */
  readonly asOf: string;
  /** What the positions were; credit (long) is positive. */
  readonly positions: readonly Money[];
  /** What it changed in the positions, by currency. */
  readonly moved: readonly Money[];
  readonly translated: number;
  /** Of each pair one is zero. */
  readonly gain: Money;
  readonly loss: Money;
  readonly realisedGain: Money;
  readonly realisedLoss: Money;
  /** By currency: bought less sold in all deals so far, for the run after this one. */
  readonly dealt: readonly Money[];
  readonly at: Instant;
}

export const fxRevaluations = stateTable<Revaluation>('fx_revaluations', 'fxv');

/** A result account's balance in a foreign currency; credit is positive. */
export interface ResultBalance {
  readonly name: AccountName;
  readonly owner: string;
  readonly balance: Money;
}

export interface Books {
  readonly seq: bigint;
  /** The run before. */
  readonly previous: Revaluation['previous'];
  /** One a currency, not zero; credit (long) is positive. */
  readonly positions: readonly Money[];
  readonly results: readonly ResultBalance[];
  /** In the reporting currency; credit is positive. */
  readonly unrealised: Money;
  /** By currency: bought less sold, in all deals, and as it was at the run before. */
  readonly dealt: readonly Money[];
  readonly dealtBefore: readonly Money[];
}

export interface DayEnd {
  readonly row: Revaluation;
  readonly events: readonly NewEvent[];
}

type Sums = Map<Currency, bigint>;

/** Null when nothing would be posted. Asserts that the table has a rate of every currency that something stands in. */
export function dayEnd(books: Books, rates: RateTable, reporting: Currency, at: Instant): DayEnd | null {
  const id = newId('fxv');
  const moved: Sums = new Map();
  const translations = books.results.map((result) => translation(id, result, { rates, reporting, moved }));
  const after = sumsOf(books.positions);
  for (const [currency, change] of moved) after.set(currency, (after.get(currency) ?? 0n) + change);
  const total = valueAtMid(after, rates, reporting);
  const [gain, loss] = bothWays(money(total, reporting));
  addTo(moved, reporting, -total);
  const unrealised = books.unrealised.amount + total;
  const [realisedGain, realisedLoss] = bothWays(
    money(realised(unrealised, { books, after, rates, reporting }), reporting),
  );
  const nothing = [gain, loss, realisedGain, realisedLoss].every(isZero) && translations.length === 0;
  if (nothing) return null;
  const asOf = String(books.seq);
  const revalued = event('fx.revalued', id, { gain, loss, rates: rates.id, asOf });
  const closed = isZero(realisedGain) && isZero(realisedLoss);
  const realisation = closed ? [] : [event('fx.realised', id, { gain: realisedGain, loss: realisedLoss })];
  const figures = { gain, loss, realisedGain, realisedLoss, translated: translations.length };
  const row: Revaluation = {
    ...{ id, version: 1, state: 'posted', reporting, rates: rates.id, previous: books.previous, asOf },
    ...{ positions: books.positions, moved: moneyOf(moved), ...figures, dealt: books.dealt, at },
  };
  return { row, events: [...translations, revalued, ...realisation] };
}

/** A credit balance is translated as income, a debit balance as expense, whatever the account's name. */
function translation(
  id: Id<'fxv'>,
  { name, owner, balance }: ResultBalance,
  { rates, reporting, moved }: { readonly rates: RateTable; readonly reporting: Currency; readonly moved: Sums },
): NewEvent {
  const { currency } = balance;
  const own = valueAtMid(new Map([[currency, balance.amount]]), rates, reporting);
  addTo(moved, currency, balance.amount);
  addTo(moved, reporting, -own);
  const result = { name, owner };
  return balance.amount > 0n
    ? event('income.translated', id, { result, foreign: balance, own: money(own, reporting) })
    : event('expense.translated', id, {
        result,
        foreign: money(-balance.amount, currency),
        own: money(-own, reporting),
      });
}

/** Of what is not realised, the share of the positions that deals have covered; the whole when no position is left. */
function realised(
  unrealised: bigint,
  context: {
    readonly books: Books;
    readonly after: Sums;
    readonly rates: RateTable;
    readonly reporting: Currency;
  },
): bigint {
  const { books, after, rates, reporting } = context;
  const before = sumsOf(books.dealtBefore);
  const [covered, open]: readonly Sums[] = [new Map(), new Map()] as const;
  const dealt = sumsOf(books.dealt);
  for (const currency of new Set([...after.keys(), ...dealt.keys()])) {
    if (currency === reporting) continue;
    const now = after.get(currency) ?? 0n;
    const change = (dealt.get(currency) ?? 0n) - (before.get(currency) ?? 0n);
    covered?.set(currency, coveredBy(now - change, change));
    open?.set(currency, now < 0n ? -now : now);
  }
  const part = valueAtMid(covered as Sums, rates, reporting);
  const rest = valueAtMid(open as Sums, rates, reporting);
  return rest === 0n ? unrealised : divide(unrealised * part, part + rest, 'half-even');
}

/** How much nearer to zero the deals have brought the position. */
function coveredBy(before: bigint, change: bigint): bigint {
  if (before === 0n || change === 0n || before > 0n === change > 0n) return 0n;
  const [size, by] = [before < 0n ? -before : before, change < 0n ? -change : change];
  return by < size ? by : size;
}

/** Σ amount × mid in the reporting currency: added up exactly, rounded once, half-even. */
export function valueAtMid(sums: ReadonlyMap<Currency, bigint>, rates: RateTable, reporting: Currency): bigint {
  let total: Ratio = { numerator: 0n, denominator: 1n };
  for (const [currency, amount] of sums) {
    if (amount === 0n) continue;
    const cross = crossOf(rates, currency, reporting);
    assert(cross !== null, `no rate of ${currency} in ${reporting}`);
    const scale = { numerator: amount * unit(reporting), denominator: unit(currency) };
    total = plus(total, product(cross, scale));
  }
  return divide(total.numerator, total.denominator, 'half-even');
}

const plus = (left: Ratio, right: Ratio): Ratio => ({
  numerator: left.numerator * right.denominator + right.numerator * left.denominator,
  denominator: left.denominator * right.denominator,
});

const unit = (currency: Currency): bigint => 10n ** BigInt(exponentOf(currency));
const bothWays = (value: Money): readonly [Money, Money] =>
  value.amount >= 0n ? [value, zero(value.currency)] : [zero(value.currency), money(-value.amount, value.currency)];
const addTo = (sums: Sums, currency: Currency, amount: bigint): unknown =>
  sums.set(currency, (sums.get(currency) ?? 0n) + amount);
const sumsOf = (amounts: readonly Money[]): Sums => new Map(amounts.map(({ currency, amount }) => [currency, amount]));
const moneyOf = (sums: Sums): readonly Money[] =>
  [...sums].filter(([, amount]) => amount !== 0n).map(([currency, amount]) => money(amount, currency));
