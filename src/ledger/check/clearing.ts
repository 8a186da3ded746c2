/**
 * Laws of the hub's clearing: Σ detail − Σ fees = Σ settlement for each participant, currency and batch; what was canceled is in no
 * cycle. Items are held against the rows of payments and refunds. That wallets owe and acquirers get what is not settled yet is
 * held in hub.ts, with the parts that are made here. What has no acquirer is of our own marketplaces: it is cleared with its wallet alone.
 */
import { idOf, type Law, moneyOf } from './law.ts';

const REFUND_OF_ACQUIRER = `(${moneyOf('{settled,value}', 'r')} + ${moneyOf('{hubDiscount,value}', 'r')} + ${moneyOf('{sponsorDiscount,value}', 'r')})`;

const currencyOf = (path: string, alias?: string): string =>
  `${alias === undefined ? '' : `${alias}.`}data #>> '{${path},currency}'`;

/** Pairs as each side sees them: whose account, in what, what fees took off. */
const PAIR_SIDES = `
  select cycle, 'wallet' as role, data ->> 'wallet' as owner, ${currencyOf('paid')} as currency, ${moneyOf('{paid,value}')} as paid,
         ${moneyOf('{paidBack,value}')} as refunded,
         ${moneyOf('{interchangePaid,value}')} - ${moneyOf('{interchangeBack,value}')} - ${moneyOf('{walletFee,value}')} as fees
    from clearing_pairs
  union all
  select cycle, 'acquirer', data ->> 'acquirer', ${currencyOf('settled')}, ${moneyOf('{settled,value}')}, ${moneyOf('{settledBack,value}')},
         ${moneyOf('{interchange,value}')} - ${moneyOf('{interchangeReturned,value}')} + ${moneyOf('{acquirerFee,value}')}
    from clearing_pairs where data ->> 'acquirer' is not null`;

/** Items as each side sees them, by cycle: signed sums. */
const ITEM_SIDES = `
  select cycle, 'wallet' as role, wallet as owner, pay_currency as currency, sum(pay_amount)::bigint as detail from clearing_items group by 1, 3, 4
  union all
  select cycle, 'acquirer', acquirer, settle_currency, sum(settle_amount)::bigint from clearing_items
   where acquirer is not null group by 1, 3, 4`;

/** What fees and instructions take off what a side owes or gets. */
const clearedOf = (role: string): readonly string[] => [
  `select owner, currency, -fees from (${PAIR_SIDES}) s where role = '${role}'`,
  `select data ->> 'owner', ${currencyOf('net')}, -${moneyOf('{net,value}')} from clearing_batches
    where state = 'instructed' and data ->> 'role' = '${role}'`,
];
export const CLEARED_WITH_WALLETS = clearedOf('wallet');
export const CLEARED_WITH_ACQUIRERS = clearedOf('acquirer');

/** What interchange leaves in the position where it crosses; credit is positive. */
export const CLEARING_POSITION: readonly string[] = [
  `select ${currencyOf('interchange')}, ${moneyOf('{interchange,value}')} - ${moneyOf('{interchangeReturned,value}')} from clearing_pairs`,
  `select ${currencyOf('interchangePaid')}, ${moneyOf('{interchangeBack,value}')} - ${moneyOf('{interchangePaid,value}')} from clearing_pairs`,
];

export const CLEARING_LAWS: readonly Law[] = [
  {
    law: 'clearing: what is in a cycle stands as paid or refunded, with the amounts it was cleared with',
    sql: `select i.item, i.kind, i.cycle, coalesce(p.state, r.state) as state, i.pay_amount, i.settle_amount from clearing_items i
            left join hub_payments p on i.kind = 'payment' and p.id = i.item
            left join hub_refunds r on i.kind = 'refund' and r.id = i.item
           where i.acquirer is not null and (i.pay_amount, i.settle_amount, coalesce(p.state, r.state)) is distinct from
                 (case i.kind when 'payment' then ${moneyOf('{price,payTo,value}', 'p')} else -${moneyOf('{payBack,value}', 'r')} end,
                  case i.kind when 'payment' then ${moneyOf('{price,settlement,value}', 'p')} else -${REFUND_OF_ACQUIRER} end,
                  case i.kind when 'payment' then 'paid' else 'refunded' end)`,
  },
  {
    law: 'clearing: what is in a cycle of our own marketplaces stands as captured or given back, with what moved at the wallet',
    sql: `select i.item, i.kind, i.cycle, coalesce(p.state, o.state) as state, i.wallet, i.pay_amount, i.settle_amount from clearing_items i
            left join payments p on i.kind = 'payment' and p.id = i.item
            left join operations o on i.kind = 'refund' and o.id = i.item and o.data ->> 'kind' = 'refund'
           where i.acquirer is null and (i.pay_amount, i.pay_currency, i.settle_amount, i.wallet, coalesce(p.state, o.state)) is distinct from
                 (case i.kind when 'payment' then ${moneyOf('{wallet,payTo,value}', 'p')} else -${moneyOf('{moved,value}', 'o')} end,
                  case i.kind when 'payment' then p.data #>> '{wallet,payTo,currency}' else o.data #>> '{moved,currency}' end,
                  0, coalesce(p.data, o.data) ->> 'network', case i.kind when 'payment' then 'captured' else 'approved' end)`,
  },
  {
    law: 'clearing: fees and batches of a cycle are made of all its items and of nothing else',
    sql: `select * from (
            select c.day, s.role, s.owner, s.currency, sum(s.items) as items, sum(s.pairs) as pairs, sum(s.batches) as batches,
                   sum(s.pair_fees) as "pairFees", sum(s.batch_fees) as "batchFees"
              from (select cycle, role, owner, currency, detail as items, 0::bigint as pairs, 0::bigint as batches, 0::bigint as pair_fees,
                           0::bigint as batch_fees from (${ITEM_SIDES}) i
                    union all
                    select cycle, role, owner, currency, 0, paid - refunded, 0, fees, 0 from (${PAIR_SIDES}) p
                    union all
                    select cycle, data ->> 'role', data ->> 'owner', ${currencyOf('net')}, 0, 0,
                           ${moneyOf('{paid,value}')} - ${moneyOf('{refunded,value}')}, 0, ${moneyOf('{fees,value}')} from clearing_batches) s
              join clearing_cycles c on ${idOf('cyc', 'c')} = s.cycle
             where c.state in ('assessed', 'closed') group by 1, 2, 3, 4) x
           where x.items <> x.pairs or x.items <> x.batches or x."pairFees" <> x."batchFees"`,
  },
  {
    law: 'clearing: detail less fees is what is left of each batch, and its files add up to its detail',
    sql: `select ${idOf('clb', 'b')} as batch, b.state, ${moneyOf('{net,value}', 'b')} as net, f.total as files from clearing_batches b
            left join (select data ->> 'batch' as batch, sum(${moneyOf('{total,value}')}) as total from clearing_files
                        where data ->> 'name' like 'transactionItems%' group by 1) f on f.batch = ${idOf('clb', 'b')}
           where ${moneyOf('{net,value}', 'b')} <> ${moneyOf('{paid,value}', 'b')} - ${moneyOf('{refunded,value}', 'b')} - ${moneyOf('{fees,value}', 'b')}
              or (b.state <> 'cleared' and f.total is distinct from ${moneyOf('{paid,value}', 'b')} - ${moneyOf('{refunded,value}', 'b')})`,
  },
  {
    law: 'settlement: each one of the hub is the net of its batches, and its file says so',
    sql: `select ${idOf('stl', 's')} as settlement, ${moneyOf('{net,value}', 's')} as net, b.net as batches, -f.total as file from settlements s
            left join (select settlement, sum(${moneyOf('{net,value}')} * case data ->> 'role' when 'wallet' then 1 else -1 end) as net
                         from clearing_batches where state = 'instructed' group by 1) b on b.settlement = ${idOf('stl', 's')}
            left join (select data ->> 'batch' as batch, sum(${moneyOf('{total,value}')}) as total from clearing_files
                        where data ->> 'area' = 'settlement' group by 1) f on f.batch = ${idOf('stl', 's')}
           where s.data ->> 'kind' = 'hub'
             and (${moneyOf('{net,value}', 's')} is distinct from b.net or ${moneyOf('{net,value}', 's')} is distinct from -f.total)`,
  },
  {
    // Collecting looks three days back: what is learned later than that is for a person.
    law: 'clearing: nothing that was paid or refunded is left out of every cycle',
    alarm: true,
    sql: `select x.item, x.at from (
            select id as item, paid_at as at from hub_payments where state = 'paid' and paid_at is not null
            union all select id, refunded_at from hub_refunds where state = 'refunded'
            union all select id, wallet_paid_at from payments where state = 'captured' and wallet_paid_at is not null
            union all select id, wallet_refunded_at from operations where wallet_refunded_at is not null) x
           where x.at::timestamptz < (select max(data ->> 'from') from clearing_cycles where state <> 'collecting')::timestamptz - interval '2 days'
             and x.at >= (select min(data ->> 'from') from clearing_cycles)
             and not exists (select from clearing_items i where i.item = x.item)`,
  },
];
