/**
 * The figures of the hub's business: how far it reaches, and what was paid through it, by wallet of origin and by market. Read from the rows
 * of participants, shops and payments; never written to.
 *
 * Spend is what shops sold for: payments that stand as paid, refunds not taken off, by when they were paid, in days of UTC+8. Every
 * amount of an answer, also of the periods it is compared with, is valued at the same mid rates, which are named: growth is of
 * what people paid, not of exchange.
 */
import { addDays, type Day, dayOf, instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { add, type Money, money, zero } from '../base/money.ts';
import { inSnapshot, type Queryable } from '../db/pool.ts';
import { atMid, currentRates, type FxDeps, midOf, type RateTable, VALUATION_MAX_AGE_MS } from '../fx/index.ts';
import { type Reach, readReach, readSpend, readUsers, type SpendRow, type UserRow } from './growth-rows.ts';
import { SEASONS, type SeasonKey, seasonIn } from './holiday-seasons.ts';

export interface Figures {
  readonly payments: number;
  readonly users: number;
  readonly spend: Money;
  /** Spend ÷ payments, half-up; null without a payment. */
  readonly perPayment: Money | null;
}

export interface Period extends Figures {
  readonly from: string;
  readonly to: string;
}

/** Hundredths of a percent; null where there was nothing before. */
export type Change = Readonly<Record<'payments' | 'users' | 'spend' | 'perPayment', number | null>>;

export interface Growth {
  readonly reporting: Currency;
  readonly rates: Pick<RateTable, 'id' | 'source' | 'asOf'> | null;
  readonly reach: Reach;
  readonly period: Period;
  /** The same days of the week before. */
  readonly weekBefore: Period;
  /** The same season a year before; null where the period is no season, or that year's days are not known. */
  readonly lastYear: (Period & { readonly holiday: string }) | null;
  readonly change: { readonly weekOnWeek: Change; readonly yearOnYear: Change | null };
  readonly origins: readonly (Figures & { readonly wallet: string })[];
  readonly markets: readonly (Figures & { readonly market: string })[];
  readonly routes: readonly { wallet: string; market: string; payments: number; spend: Money }[];
  /** Of all that tourists spent, as given. */
  readonly touristShareBps: number | null;
  /** What has no rate, and is in no sum. */
  readonly unvalued: readonly Money[];
}

export type AskGrowth = {
  /** In the reporting currency. */
  readonly touristSpend: Money | null;
} & ({ readonly from: Day; readonly to: Day } | { readonly season: SeasonKey; readonly year: number });

/** Null where the days of the season are not known. Days are inclusive. */
export async function readGrowth(deps: FxDeps, ask: AskGrowth): Promise<Growth | null> {
  const days = 'season' in ask ? seasonIn(ask.season, ask.year) : ([ask.from, ask.to] as const);
  if (days === null) return null;
  const before = 'season' in ask ? seasonIn(ask.season, ask.year - 1) : null;
  const rates = await currentRates(deps, VALUATION_MAX_AGE_MS);
  const value = valuer(rates.ok ? rates.value : null, deps.reporting);
  return inSnapshot(deps.journal.db, async (db) => {
    const now = await readDays(db, days, value);
    const weekBefore = (await readDays(db, [shift(days[0]), shift(days[1])], value)).total;
    const lastYear = before === null ? null : (await readDays(db, before, value)).total;
    const { total, spend } = now;
    return {
      reporting: deps.reporting,
      rates: rates.ok ? { id: rates.value.id, source: rates.value.source, asOf: rates.value.asOf } : null,
      reach: await readReach(db),
      period: total,
      weekBefore,
      lastYear: lastYear === null || !('season' in ask) ? null : { holiday: SEASONS[ask.season].name, ...lastYear },
      change: {
        weekOnWeek: changeOf(total, weekBefore),
        yearOnYear: lastYear === null ? null : changeOf(total, lastYear),
      },
      origins: groupsOf(now, 'wallet', value).map(({ name, figures }) => ({ wallet: name, ...figures })),
      markets: groupsOf(now, 'market', value).map(({ name, figures }) => ({ market: name, ...figures })),
      routes: routesOf(spend, value),
      touristShareBps: shareBps(total.spend, ask.touristSpend),
      unvalued: unvaluedOf(spend, value),
    };
  });
}

interface Valuer {
  readonly reporting: Currency;
  /** Null without a rate of the currency. */
  readonly of: (amount: Money) => Money | null;
}

const valuer = (rates: RateTable | null, reporting: Currency): Valuer => ({
  reporting,
  of: (amount) => {
    if (amount.currency === reporting) return amount;
    const mid = rates === null ? null : midOf(rates, amount.currency, reporting);
    return mid === null ? null : atMid(amount, mid, reporting);
  },
});

interface Days {
  readonly total: Period;
  readonly spend: readonly SpendRow[];
  readonly users: readonly UserRow[];
}

async function readDays(db: Queryable, [from, to]: readonly [string, string], value: Valuer): Promise<Days> {
  const [spend, users] = [await readSpend(db, from, to), await readUsers(db, from, to)];
  const everybody = users.find(({ wallet, market }) => wallet === null && market === null)?.users ?? 0;
  return { total: { from, to, ...figuresOf(spend, everybody, value) }, spend, users };
}

function figuresOf(rows: readonly SpendRow[], users: number, value: Valuer): Figures {
  const payments = rows.reduce((sum, row) => sum + row.payments, 0);
  const spend = worth(rows, value);
  return { payments, users, spend, perPayment: payments === 0 ? null : perPayment(spend, payments) };
}

/** Each currency is valued once, on its sum. */
function worth(rows: readonly SpendRow[], { reporting, of }: Valuer): Money {
  const sums = sumsByCurrency(rows);
  return sums.reduce((total, amount) => add(total, of(amount) ?? zero(reporting)), zero(reporting));
}

function sumsByCurrency(rows: readonly SpendRow[]): readonly Money[] {
  const sums = new Map<Currency, bigint>();
  for (const { currency, amount } of rows) sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  return [...sums].map(([currency, amount]) => money(amount, currency));
}

const unvaluedOf = (rows: readonly SpendRow[], { of }: Valuer): readonly Money[] =>
  sumsByCurrency(rows).filter((amount) => of(amount) === null);

/** Half-up: amounts are not negative. */
const perPayment = ({ amount, currency }: Money, payments: number): Money =>
  money((2n * amount + BigInt(payments)) / (2n * BigInt(payments)), currency);

function groupsOf(
  { spend, users }: Days,
  by: 'wallet' | 'market',
  value: Valuer,
): readonly { readonly name: string; readonly figures: Figures }[] {
  const other = by === 'wallet' ? 'market' : 'wallet';
  return [...Map.groupBy(spend, (row) => row[by])]
    .map(([name, rows]) => {
      const people = users.find((row) => row[by] === name && row[other] === null)?.users ?? 0;
      return { name, figures: figuresOf(rows, people, value) };
    })
    .sort((one, two) => (one.figures.spend.amount > two.figures.spend.amount ? -1 : 1));
}

function routesOf(spend: readonly SpendRow[], value: Valuer): Growth['routes'] {
  return [...Map.groupBy(spend, ({ wallet, market }) => `${wallet} ${market}`).values()].map((rows) => {
    const { wallet, market } = rows[0] as SpendRow;
    const payments = rows.reduce((sum, row) => sum + row.payments, 0);
    return { wallet, market, payments, spend: worth(rows, value) };
  });
}

function changeOf(now: Figures, before: Figures): Change {
  const amount = (value: Money | null): bigint => value?.amount ?? 0n;
  return {
    payments: changeBps(BigInt(now.payments), BigInt(before.payments)),
    users: changeBps(BigInt(now.users), BigInt(before.users)),
    spend: changeBps(now.spend.amount, before.spend.amount),
    perPayment: changeBps(amount(now.perPayment), amount(before.perPayment)),
  };
}

/** Rounded towards zero. */
const changeBps = (now: bigint, before: bigint): number | null =>
  before === 0n ? null : Number(((now - before) * 10_000n) / before);

const shareBps = (spend: Money, total: Money | null): number | null =>
  total === null || total.amount === 0n ? null : Number((spend.amount * 10_000n) / total.amount);

const shift = (day: string): string => dayOf(addDays(instant(Date.parse(`${day}T00:00:00.000Z`)), -7));
