/** All SQL of promotions but the look-up of a person (person-uses.ts). */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import { account, balancesOf } from '../ledger/index.ts';
import { type Campaign, campaigns, type FundReturn, fundReturns } from './campaign.ts';
import { type Voucher, vouchers } from './voucher.ts';

export const findCampaign = (db: Queryable, id: Id<'cmp'>): Promise<Campaign | null> => loadRow(db, campaigns, id);

export interface CampaignFilter {
  readonly states: readonly string[];
  /** 32 hex digits of the last id seen. */
  readonly before: string;
  readonly limit: number;
}

/** Newest first. */
export const listCampaigns = (db: Queryable, { states, before, limit }: CampaignFilter): Promise<readonly Campaign[]> =>
  findRows(
    db,
    campaigns,
    'id < $1::uuid and (cardinality($2::text[]) = 0 or state = any ($2)) order by id desc limit $3',
    [before, states, limit],
  );

/** Those that give discounts now, in shops or on orders, oldest first. */
export const runningDiscounts = (
  db: Queryable,
  where: 'inShops' | 'onOrders',
  now: Instant,
): Promise<readonly Campaign[]> =>
  findRows(
    db,
    campaigns,
    `state = 'live' and data #>> '{gives,kind}' = 'discount' and data -> $1::text <> 'null'::jsonb
      and data ->> 'from' <= $2 and data ->> 'to' > $2 order by id`,
    [where, now],
  );

/** What each may still give in a currency. */
export async function leftOf(
  db: Queryable,
  ids: readonly Id<'cmp'>[],
  currency: Currency,
): Promise<ReadonlyMap<Id<'cmp'>, Money>> {
  const balances = await balancesOf(
    db,
    ids.map((id) => account('budget', id)),
    currency,
  );
  return new Map(ids.map((id, index) => [id, balances[index] as Money]));
}

/** Budget, reserved and fund of a campaign, a line for each currency it ever had. */
export interface CampaignMoney {
  readonly currency: Currency;
  /** May still be given. */
  readonly left: bigint;
  /** Kept for payments that are not paid yet, and for free vouchers. */
  readonly reserved: bigint;
  /** A sponsor's money that is with us; zero for others. */
  readonly fund: bigint;
}

export async function moneyOf(db: Queryable, id: Id<'cmp'>): Promise<readonly CampaignMoney[]> {
  const { rows } = await db.query<CampaignMoney>(
    `select currency,
            coalesce(sum(debits - credits) filter (where name = 'budget'), 0)::bigint as left,
            coalesce(sum(debits - credits) filter (where name = 'budget_reserved'), 0)::bigint as reserved,
            coalesce(sum(credits - debits) filter (where name = 'promotion_fund'), 0)::bigint as fund
       from accounts where owner = $1 and name in ('budget', 'budget_reserved', 'promotion_fund')
      group by currency order by currency`,
    [id],
  );
  return rows;
}

export const findFundReturn = (db: Queryable, id: Id<'ref'>): Promise<FundReturn | null> =>
  loadRow(db, fundReturns, id);

export const fundReturnsOf = (db: Queryable, campaign: Id<'cmp'>): Promise<readonly FundReturn[]> =>
  findRows(db, fundReturns, 'campaign = $1 order by id', [campaign]);

export const findVoucher = (db: Queryable, id: Id<'vch'>): Promise<Voucher | null> => loadRow(db, vouchers, id);

export interface VoucherFilter {
  readonly marketplace: Id<'mkt'> | null;
  readonly programme: string | null;
  readonly holder: string | null;
  readonly states: readonly string[];
  readonly before: string;
  readonly limit: number;
}

/** Newest first. */
export const listVouchers = (db: Queryable, filter: VoucherFilter): Promise<readonly Voucher[]> =>
  findRows(
    db,
    vouchers,
    `id < $1::uuid and ($2::text is null or marketplace = $2) and ($3::text is null or programme = $3)
      and ($4::text is null or holder = $4) and (cardinality($5::text[]) = 0 or state = any ($5))
      order by id desc limit $6`,
    [filter.before, filter.marketplace, filter.programme, filter.holder, filter.states, filter.limit],
  );
