/** Laws of promotions: budgets, funds and vouchers against the rows that were promised and paid out of them. */
import { idOf, type Law, moneyOf } from './law.ts';

/** Of one discount in a row's list: a path below it, in minor units. */
const ofDiscount = (path: string): string => `(d #>> '${path}')::bigint`;

/** campaign, currency, amount: discounts of campaigns on orders; vouchers pay for themselves. */
const onOrders = (amount: string, condition: string): string =>
  `select d ->> 'campaign' as campaign, d #>> '{off,currency}' as currency, ${amount} as amount
     from orders o, jsonb_array_elements(o.data -> 'discounts') d where d ->> 'voucher' is null and ${condition}`;

/** The same of payments through the hub. */
const inShops = (condition: string): string =>
  `select d ->> 'campaign' as campaign, d #>> '{funded,currency}' as currency, ${ofDiscount('{funded,value}')} as amount
     from hub_payments h, jsonb_array_elements(h.data -> 'discounts') d where d ->> 'campaign' is not null and ${condition}`;

/** A cancel brings all of it back. */
const PAID = "h.paid_at is not null and h.state <> 'canceled'";
const UNPAID = "h.paid_at is null and h.state in ('waiting', 'in_process', 'canceling')";
const OPEN_VOUCHER = "state in ('issued', 'assigned')";

/** campaign, currency, budgets: what was ever set or paid in. */
const BUDGETS = `select ${idOf('cmp', 'c')} as campaign, c.data #>> '{funder,by}' as funder, b ->> 'currency' as currency,
                        (b ->> 'value')::bigint as budget from campaigns c, jsonb_array_elements(c.data -> 'budgets') b`;
const summed = (parts: string): string =>
  `(select campaign, currency, sum(amount)::bigint as amount from (${parts}) x group by 1, 2)`;
const balance = (name: string, side: 'debits - credits' | 'credits - debits'): string =>
  `(select owner as campaign, currency, ${side} as amount from accounts where name = '${name}')`;

export const PROMOTION_LAWS: readonly Law[] = [
  {
    law: 'budgets: what is reserved of each is its open free vouchers and the discounts of payments that are not paid yet',
    sql: `select coalesce(r.campaign, x.campaign) as campaign, coalesce(r.currency, x.currency) as currency,
                 coalesce(r.amount, 0) as reserved, coalesce(x.amount, 0) as promised
            from ${balance('budget_reserved', 'debits - credits')} r
            full join ${summed(`
              select programme as campaign, data #>> '{face,currency}' as currency, ${moneyOf('{face,value}')} as amount
                from vouchers where data ->> 'sale' = 'free' and ${OPEN_VOUCHER}
              union all ${onOrders(ofDiscount('{off,value}'), "d ->> 'state' = 'applied' and o.state in ('awaiting_payment', 'part_paid')")}
              union all ${inShops(UNPAID)}`)} x on x.campaign = r.campaign and x.currency = r.currency
           where coalesce(r.amount, 0) <> coalesce(x.amount, 0)`,
  },
  {
    law: 'budgets: what is left of ours is what was set, less what was paid and what is reserved',
    sql: `select s.campaign, s.currency, s.budget, coalesce(b.amount, 0) as left, coalesce(r.amount, 0) as reserved, coalesce(x.amount, 0) as spent
            from (${BUDGETS}) s
            left join ${balance('budget', 'debits - credits')} b on b.campaign = s.campaign and b.currency = s.currency
            left join ${balance('budget_reserved', 'debits - credits')} r on r.campaign = s.campaign and r.currency = s.currency
            left join ${summed(`
              ${onOrders(ofDiscount('{off,value}'), "d ->> 'state' = 'funded'")}
              union all
              select d ->> 'campaign', d #>> '{off,currency}', ${ofDiscount('{off,value}')}
                from orders o, jsonb_array_elements(o.data -> 'discounts') d
               where d ->> 'voucher' is not null and d ->> 'fundedBy' = 'hub' and d ->> 'state' = 'funded'
              union all ${inShops(PAID)}`)} x on x.campaign = s.campaign and x.currency = s.currency
           where s.funder = 'hub' and s.budget <> coalesce(b.amount, 0) + coalesce(r.amount, 0) + coalesce(x.amount, 0)`,
  },
  {
    law: 'funds: what a sponsor has with us is what may still be given and what is reserved of it',
    sql: `select c.campaign, c.currency, coalesce(f.amount, 0) as fund, coalesce(b.amount, 0) as left, coalesce(r.amount, 0) as reserved
            from (${BUDGETS}) c
            left join ${balance('promotion_fund', 'credits - debits')} f on f.campaign = c.campaign and f.currency = c.currency
            left join ${balance('budget', 'debits - credits')} b on b.campaign = c.campaign and b.currency = c.currency
            left join ${balance('budget_reserved', 'debits - credits')} r on r.campaign = c.campaign and r.currency = c.currency
           where c.funder = 'sponsor' and coalesce(f.amount, 0) <> coalesce(b.amount, 0) + coalesce(r.amount, 0)`,
  },
  {
    law: 'funds: what a sponsor has with us is what he paid in, less what went back to him and what his discounts pay',
    // What payments through the hub gave back by refunds is not kept by campaign: between none and all of it.
    sql: `select c.campaign, c.currency, c.budget, coalesce(f.amount, 0) as fund, coalesce(g.amount, 0) as gone, coalesce(h.amount, 0) as "inShops"
            from (${BUDGETS}) c
            left join ${balance('promotion_fund', 'credits - debits')} f on f.campaign = c.campaign and f.currency = c.currency
            left join ${summed(`
              select campaign, data #>> '{amount,currency}' as currency, ${moneyOf('{amount,value}')} as amount from fund_returns
              union all ${onOrders(`${ofDiscount('{off,value}')} - ${ofDiscount('{returned,value}')}`, "d ->> 'state' = 'funded'")}`)} g
              on g.campaign = c.campaign and g.currency = c.currency
            left join ${summed(inShops(PAID))} h on h.campaign = c.campaign and h.currency = c.currency
           where c.funder = 'sponsor'
             and c.budget - coalesce(f.amount, 0) - coalesce(g.amount, 0) not between 0 and coalesce(h.amount, 0)`,
  },
  {
    law: 'vouchers: what a programme owes is what is left on those it sold',
    sql: `select coalesce(a.campaign, x.campaign) as programme, coalesce(a.currency, x.currency) as currency,
                 coalesce(a.amount, 0) as owed, coalesce(x.amount, 0) as left
            from ${balance('voucher', 'credits - debits')} a
            full join ${summed(`select programme as campaign, data #>> '{left,currency}' as currency, ${moneyOf('{left,value}')} as amount
                                  from vouchers where data ->> 'sale' = 'sold' and ${OPEN_VOUCHER}`)} x
              on x.campaign = a.campaign and x.currency = a.currency
           where coalesce(a.amount, 0) <> coalesce(x.amount, 0)`,
  },
  {
    law: 'vouchers: one that is applied is on an order that waits for money',
    sql: `select ${idOf('vch', 'v')} as voucher, v.data #>> '{applied,order}' as "order" from vouchers v
           where v.data #>> '{applied,order}' is not null
             and not exists (select 1 from orders o, jsonb_array_elements(o.data -> 'discounts') d
                              where ${idOf('ord', 'o')} = v.data #>> '{applied,order}' and d ->> 'voucher' = ${idOf('vch', 'v')}
                                and d ->> 'state' = 'applied' and o.state in ('awaiting_payment', 'part_paid'))`,
  },
  {
    law: 'orders: instalments and discounts sum to the total, and what discounts paid is theirs',
    sql: `select ${idOf('ord', 'o')} as "order", x.* from orders o,
            lateral (select ${moneyOf('{total,value}', 'o')} as total, coalesce(${moneyOf('{discounted,value}', 'o')}, 0) as discounted,
                            (select sum((i #>> '{amount,value}')::bigint) from jsonb_array_elements(o.data -> 'instalments') i) as instalments,
                            sum(${ofDiscount('{off,value}')}) as off,
                            sum(case d ->> 'state' when 'funded' then ${ofDiscount('{off,value}')} - ${ofDiscount('{returned,value}')} else 0 end) as paid,
                            min(${ofDiscount('{off,value}')} - ${ofDiscount('{returned,value}')}) as least
                       from jsonb_array_elements(o.data -> 'discounts') d) x
           where o.data -> 'discounts' is not null
             and (x.total <> x.instalments + x.off or x.discounted <> x.paid or x.least < 0)`,
  },
];
