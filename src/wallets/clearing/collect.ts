/**
 * Which payments and refunds a cycle has: written down once for each of them, by the database, a page at a time. The primary key makes
 * an item one of one cycle for ever; a page that is worked again adds nothing; who has lost the cycle to another worker adds
 * nothing either. Late ones of the days before are taken in: an outcome learned after its own cycle was closed.
 *
 * Every source of items is one statement of the same columns (SOURCES); what is done with items afterwards does not know where
 * they came from.
 */
import { addDays } from '../../base/clock.ts';
import { uuidOf } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { BEGINNING, type ClearingCycle, type Cursor, cancelableBefore } from './cycle.ts';

export interface ItemSource {
  readonly name: string;
  /**
   * Items in the order of (at, item), those after ($5, $6), at most $7; at from $3 up to, not including, $4. $8 is when a cancel
   * window must have ended. Columns as in clearing_items, but for the cycle.
   */
  readonly sql: string;
}

/** How far back a late outcome is looked for; the laws name what is older and in no cycle. */
const LOOK_BACK_DAYS = 3;

/** A day of 300,000 payments is closed, files and all, in about a minute on two busy cores. */
export const ITEMS_A_PAGE = 20_000;

const value = (path: string, alias: string): string => `(${alias}.data #>> '{${path},value}')::bigint`;

const own = (alias: string): string => `'pay_' || replace(${alias}.id::text, '-', '')`;

/** What the files say of an item; of a refund, `original` is its payment's. */
const LINE = `'merchantId', p.data #>> '{shop,merchantId}', 'merchantName', p.data #>> '{shop,name}',
   'categoryCode', p.data #>> '{shop,categoryCode}', 'orderReference', p.data ->> 'orderReference'`;

const PAYMENTS: ItemSource = {
  name: 'hub_payments',
  sql: `select p.id as item, 'payment' as kind, p.paid_at as at, p.data ->> 'walletAccount' as wallet, p.acquirer,
               p.data #>> '{price,payTo,currency}' as pay_currency, ${value('price,payTo', 'p')} as pay_amount,
               p.data #>> '{price,settlement,currency}' as settle_currency, ${value('price,settlement', 'p')} as settle_amount,
               jsonb_build_object(${LINE}, 'id', 'hpy_' || replace(p.id::text, '-', ''), 'acquirerRequest', p.data ->> 'requestId',
                 'walletRequest', p.data ->> 'reference', 'orderCurrency', p.data #>> '{amount,currency}',
                 'orderAmount', p.data #>> '{amount,value}') as line
          from hub_payments p
         where p.paid_at >= $3 and p.paid_at < $4 and (p.paid_at, p.id) > ($5, $6::uuid)
           and p.state = 'paid' and p.data ->> 'cancelableUntil' <= $8
           and not exists (select from clearing_items i where i.item = p.id)
         order by p.paid_at, p.id limit $7`,
};

const REFUNDS: ItemSource = {
  name: 'hub_refunds',
  sql: `select r.id as item, 'refund' as kind, r.refunded_at as at, p.data ->> 'walletAccount' as wallet, p.acquirer,
               r.data #>> '{payBack,currency}' as pay_currency, -${value('payBack', 'r')} as pay_amount,
               r.data #>> '{settled,currency}' as settle_currency,
               -(${value('settled', 'r')} + ${value('hubDiscount', 'r')} + ${value('sponsorDiscount', 'r')}) as settle_amount,
               jsonb_build_object(${LINE}, 'id', 'hrf_' || replace(r.id::text, '-', ''), 'acquirerRequest', r.data ->> 'requestId',
                 'walletRequest', r.data ->> 'reference', 'orderCurrency', r.data #>> '{amount,currency}',
                 'orderAmount', '-' || (r.data #>> '{amount,value}'), 'original', r.payment,
                 'originalAcquirerRequest', p.data ->> 'requestId', 'originalWalletRequest', p.data ->> 'reference') as line
          from hub_refunds r join hub_payments p on p.id = substr(r.payment, 5)::uuid
         where r.refunded_at >= $3 and r.refunded_at < $4 and (r.refunded_at, r.id) > ($5, $6::uuid)
           and r.state = 'refunded' and $8::text is not null
           and not exists (select from clearing_items i where i.item = r.id)
         order by r.refunded_at, r.id limit $7`,
};

const OWN_LINE = `'merchantId', p.data -> 'seller', 'merchantName', s.data -> 'name', 'categoryCode', s.data -> 'categoryCode',
   'orderReference', upper(substr(p.data ->> 'order', 5, 22)), 'orderCurrency', p.data #>> '{amount,currency}'`;
const OF_SELLER = "join sellers s on s.id = substr(p.data ->> 'seller', 5)::uuid";
const SALE = `join lateral (select reference from operations where payment = ${own('p')} and data ->> 'kind' = 'sale' limit 1) sale on true`;

/**
 * Orders of our own marketplaces: nobody is their acquirer, so there is nothing to settle but with the wallet. A void that the wallet has not
 * answered keeps its payment out, as a cancel does.
 */
const OWN_PAYMENTS: ItemSource = {
  name: 'payments',
  sql: `select p.id as item, 'payment' as kind, p.wallet_paid_at as at, p.data ->> 'network' as wallet, null as acquirer,
               p.data #>> '{wallet,payTo,currency}' as pay_currency, ${value('wallet,payTo', 'p')} as pay_amount,
               p.data #>> '{wallet,payTo,currency}' as settle_currency, 0::bigint as settle_amount,
               jsonb_build_object(${OWN_LINE}, 'id', ${own('p')}, 'acquirerRequest', sale.reference, 'walletRequest', sale.reference,
                 'orderAmount', p.data #>> '{captured,value}') as line
          from payments p ${SALE} ${OF_SELLER}
         where p.wallet_paid_at >= $3 and p.wallet_paid_at < $4 and (p.wallet_paid_at, p.id) > ($5, $6::uuid)
           and p.state = 'captured' and p.data #>> '{wallet,cancelableUntil}' <= $8
           and not exists (select from operations o where o.payment = ${own('p')} and o.data ->> 'kind' = 'void'
                              and o.state in ('sent', 'pending', 'unknown'))
           and not exists (select from clearing_items i where i.item = p.id)
         order by p.wallet_paid_at, p.id limit $7`,
};

/** The operation says what went back at the wallet, and when the wallet had said so. */
const OWN_REFUNDS: ItemSource = {
  name: 'operations',
  sql: `select o.id as item, 'refund' as kind, o.wallet_refunded_at as at, o.data ->> 'network' as wallet, null as acquirer,
               o.data #>> '{moved,currency}' as pay_currency, -${value('moved', 'o')} as pay_amount,
               o.data #>> '{moved,currency}' as settle_currency, 0::bigint as settle_amount,
               jsonb_build_object(${OWN_LINE}, 'id', o.data -> 'refund', 'acquirerRequest', o.reference, 'walletRequest', o.reference,
                 'orderAmount', '-' || (o.data #>> '{amount,value}'), 'original', o.payment,
                 'originalAcquirerRequest', sale.reference, 'originalWalletRequest', sale.reference) as line
          from operations o join payments p on p.id = substr(o.payment, 5)::uuid ${SALE} ${OF_SELLER}
         where o.wallet_refunded_at >= $3 and o.wallet_refunded_at < $4 and (o.wallet_refunded_at, o.id) > ($5, $6::uuid)
           and $8::text is not null
           and not exists (select from clearing_items i where i.item = o.id)
         order by o.wallet_refunded_at, o.id limit $7`,
};

export const SOURCES: readonly ItemSource[] = [PAYMENTS, REFUNDS, OWN_PAYMENTS, OWN_REFUNDS];

export interface Collected {
  readonly items: number;
  /** Where the next page begins; null after the last source. */
  readonly next: Cursor | null;
}

/** Adds the next page to the cycle, if it still stands as it was read. */
export async function collectPage(db: Queryable, cycle: ClearingCycle, itemsAPage: number): Promise<Collected> {
  const source = SOURCES[cycle.cursor.source] as ItemSource;
  const { rows } = await db.query<{ items: number; at: string | null; item: string | null }>(
    `with page as materialized (select * from (${source.sql}) found where (select clearing_cycle_held($1, $2))),
          put as (insert into clearing_items (item, kind, cycle, at, wallet, acquirer, pay_currency, pay_amount, settle_currency,
                                              settle_amount, line)
                  select item, kind, $9, at, wallet, acquirer, pay_currency, pay_amount, settle_currency, settle_amount, line
                    from page on conflict (item) do nothing)
     select (select count(*)::int from page) as items, last.at, last.item
       from (select 1) one left join (select at, item from page order by at desc, item desc limit 1) last on true`,
    [
      uuidOf(cycle.id),
      cycle.version,
      addDays(cycle.from, -LOOK_BACK_DAYS),
      cycle.to,
      cycle.cursor.at,
      cycle.cursor.item,
      itemsAPage,
      cancelableBefore(cycle),
      cycle.id,
    ],
  );
  const { items, at, item } = rows[0] as { items: number; at: string | null; item: string | null };
  if (items === itemsAPage)
    return { items, next: { source: cycle.cursor.source, at: at as string, item: item as string } };
  const following = cycle.cursor.source + 1;
  return { items, next: following < SOURCES.length ? { ...BEGINNING, source: following } : null };
}
