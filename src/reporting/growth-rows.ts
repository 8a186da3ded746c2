/** All SQL of growth. Days are inclusive and in UTC+8, eight hours ahead of the instants of the rows. */
import type { Currency } from '../base/currency.ts';
import type { Queryable } from '../db/pool.ts';

export interface SpendRow {
  /** Short name of the wallet that paid. */
  readonly wallet: string;
  /** Country of the shop. */
  readonly market: string;
  readonly currency: Currency;
  readonly payments: number;
  readonly amount: bigint;
}

/** Null: over all of them. */
export interface UserRow {
  readonly wallet: string | null;
  readonly market: string | null;
  readonly users: number;
}

export interface Reach {
  /** Active ones, bank apps apart. */
  readonly wallets: number;
  readonly bankApps: number;
  /** Schemes whose codes an acquirer serves. */
  readonly nationalNetworks: number;
  readonly acquirers: number;
  readonly merchants: number;
  /** Countries where some wallet is live and some acquirer is. */
  readonly markets: number;
}

/** As instants of the rows are written: midnight in UTC+8 at the start of a day. */
const startOf = (param: string): string =>
  `to_char(${param}::date::timestamp - interval '8 hours', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`;

const PAID = `from hub_payments p join participants w on w.id = substr(p.wallet, 5)::uuid
  where p.state = 'paid' and p.paid_at >= ${startOf('$1')} and p.paid_at < ${startOf('($2::date + 1)')}`;

export async function readSpend(db: Queryable, from: string, to: string): Promise<readonly SpendRow[]> {
  const { rows } = await db.query<SpendRow>(
    `select w.wallet, p.data #>> '{shop,country}' as market, p.data #>> '{amount,currency}' as currency, count(*)::int as payments,
            sum((p.data #>> '{amount,value}')::bigint)::bigint as amount
       ${PAID} group by 1, 2, 3 order by 1, 2, 3`,
    [from, to],
  );
  return rows;
}

/** People by wallet, by market, and in all: one who pays in two markets is one person. */
export async function readUsers(db: Queryable, from: string, to: string): Promise<readonly UserRow[]> {
  const { rows } = await db.query<UserRow>(
    `select wallet, market, count(distinct person)::int as users
       from (select w.wallet, p.data #>> '{shop,country}' as market, p.wallet || ' ' || (p.data ->> 'customerId') as person ${PAID}) x
      group by grouping sets ((wallet), (market), ())`,
    [from, to],
  );
  return rows;
}

export async function readReach(db: Queryable): Promise<Reach> {
  const { rows } = await db.query<Reach>(
    `with active as (select data from participants where state = 'active'),
          wallets as (select data -> 'wallet' as w from active where data ->> 'wallet' is not null),
          acquirers as (select data -> 'acquirer' as a from active where data ->> 'acquirer' is not null)
     select (select count(*) from wallets where w -> 'isBankApp' is distinct from 'true'::jsonb)::int as wallets,
            (select count(*) from wallets where w -> 'isBankApp' = 'true'::jsonb)::int as "bankApps",
            (select count(distinct s) from acquirers, jsonb_array_elements_text(a -> 'pushSchemes') s)::int as "nationalNetworks",
            (select count(*) from acquirers)::int as acquirers,
            (select count(*) from shops)::int as merchants,
            (select count(distinct m.key) from wallets, jsonb_each_text(w -> 'markets') m
              where m.value = 'live' and exists (
                select from acquirers where a -> 'countries' ? m.key))::int as markets`,
  );
  return rows[0] as Reach;
}
