/** Laws of what the accounts mean: banks, orders, clearing, sellers, clients' money, each against the rows it stands for. */
import { CLEARING_ACCOUNTS, CLIENT_LIABILITIES } from '../chart.ts';
import { idOf, type Law, list, moneyOf } from './law.ts';

/** Minor units; orders of the first versions do not say. */
const DISPUTED = `coalesce(${moneyOf('{disputed,value}', 'o')}, 0)`;
/** What discounts paid of an order; orders without any do not say. */
const DISCOUNTED = `coalesce(${moneyOf('{discounted,value}', 'o')}, 0)`;
const FINAL = "state in ('won', 'lost', 'accepted')";
/** What a dispute has frozen, over the four places it comes from. */
const COVER = ['held', 'reserve', 'seller', 'debt']
  .map((from) => `coalesce(${moneyOf(`{cover,${from},value}`, 'd')}, 0)`)
  .join(' + ');

/** What one operation cost. */
const FEES = `${moneyOf('{interchange,value}')} + ${moneyOf('{schemeFee,value}')} + ${moneyOf('{processingFee,value}')} - ${moneyOf('{returned,value}')}`;
/** What is still owed of a debt. */
const DEBT_LEFT = `(${moneyOf('{amount,value}')} - ${moneyOf('{recovered,seller,value}')} - ${moneyOf('{recovered,reserve,value}')}
  - ${moneyOf('{recovered,bank,value}')} - ${moneyOf('{writtenOff,value}')})`;

/** What transfers between balances took from each party, and brought. */
const TRANSFERRED = `select data ->> 'from', data #>> '{given,currency}', -${moneyOf('{given,value}')} from balance_transfers
              union all
              select data ->> 'to', data #>> '{got,currency}', ${moneyOf('{got,value}')} from balance_transfers`;

/** Refunds out of what had been released, done or on their way. */
const GIVEN_BACK = "where state <> 'rejected' and data #>> '{from,party}' is not null";

export const BOOK_LAWS: readonly Law[] = [
  {
    law: 'bank: the ledger equals the statements, line by line and in total',
    sql: `select coalesce(a.owner, l.bank) as bank, coalesce(a.currency, l.currency) as currency, coalesce(a.balance, 0) as ledger,
                 coalesce(l.total, 0) as lines
            from (select owner, currency, debits - credits as balance from accounts where name = 'bank') a
            full join (select data ->> 'bank' as bank, data #>> '{amount,currency}' as currency,
                              sum(${moneyOf('{amount,value}')} * case data ->> 'direction' when 'credit' then 1 else -1 end) as total
                         from bank_lines group by 1, 2) l on l.bank = a.owner and l.currency = a.currency
           where coalesce(a.balance, 0) <> coalesce(l.total, 0)`,
  },
  {
    law: 'orders: what each holds is what was captured and what discounts paid, less refunds, until it is released',
    sql: `select ${idOf('ord', 'o')} as "order", o.state, coalesce(a.credits - a.debits, 0) as held,
                 ${moneyOf('{captured,value}', 'o')} as captured, ${moneyOf('{refunded,value}', 'o')} as refunded,
                 ${DISPUTED} as disputed, ${DISCOUNTED} as discounted
            from orders o left join accounts a on a.name = 'held' and a.owner = ${idOf('ord', 'o')}
           where coalesce(a.credits - a.debits, 0) <> case when o.state in ('released', 'canceled', 'refunded') then 0
             else ${moneyOf('{captured,value}', 'o')} + ${DISCOUNTED} - ${moneyOf('{refunded,value}', 'o')} - ${moneyOf('{refunding,value}', 'o')} - ${DISPUTED} end`,
  },
  {
    law: 'orders: what disputes took out of what is held is what their covers say, and a dispute that blocks is open',
    sql: `select ${idOf('ord', 'o')} as "order", ${DISPUTED} as disputed, coalesce(d.held, 0) as covers, o.data ->> 'dispute' as dispute, coalesce(d.open, 0) as open
            from orders o
            left join (select order_id, sum(${moneyOf('{cover,held,value}')}) as held, count(*) filter (where not (${FINAL})) as open
                         from disputes group by order_id) d on d.order_id = ${idOf('ord', 'o')}
           where ${DISPUTED} <> coalesce(d.held, 0) or (o.data ->> 'dispute' is not null) <> (coalesce(d.open, 0) > 0)`,
  },
  {
    law: 'orders: refunds and chargebacks, less what came back, do not exceed what was captured',
    // An alarm: a refund may be on its way when the network takes the money as well. The refund is then the evidence.
    alarm: true,
    sql: `select ${idOf('ord', 'o')} as "order", ${moneyOf('{captured,value}', 'o')} as captured, ${moneyOf('{refunded,value}', 'o')} as refunded, d.taken
            from orders o
            join (select order_id, sum(${moneyOf('{debited,value}')} - ${moneyOf('{credited,value}')}) as taken from disputes group by order_id) d
              on d.order_id = ${idOf('ord', 'o')}
           where ${moneyOf('{refunded,value}', 'o')} + ${moneyOf('{refunding,value}', 'o')} + d.taken > ${moneyOf('{captured,value}', 'o')}`,
  },
  {
    law: 'disputes: chargeback and cover are what each open one says, and zero for each that has ended',
    sql: `select ${idOf('dsp', 'd')} as dispute, d.state, coalesce(c.debits - c.credits, 0) as chargeback, coalesce(v.credits - v.debits, 0) as cover
            from disputes d
            left join accounts c on c.name = 'chargeback' and c.owner = ${idOf('dsp', 'd')}
            left join accounts v on v.name = 'dispute_cover' and v.owner = ${idOf('dsp', 'd')}
           where (coalesce(c.debits - c.credits, 0), coalesce(v.credits - v.debits, 0)) is distinct from
                 (case when d.${FINAL} then 0 else ${moneyOf('{debited,value}', 'd')} - ${moneyOf('{credited,value}', 'd')} end,
                  case when d.${FINAL} then 0 else ${COVER} end)`,
  },
  {
    law: 'orders: refunds never exceed what was captured, and pay-ins to held are what was captured',
    sql: `select ${idOf('ord', 'o')} as "order", p.captured, p.refunded, ${moneyOf('{captured,value}', 'o')} as "orderCaptured"
            from orders o
            join (select order_id, sum(${moneyOf('{captured,value}')}) as captured, sum(${moneyOf('{refunded,value}')} + ${moneyOf('{refunding,value}')}) as refunded
                    from payments group by order_id) p on p.order_id = ${idOf('ord', 'o')}
           where p.refunded > p.captured or p.captured <> ${moneyOf('{captured,value}', 'o')}
              or p.refunded <> ${moneyOf('{refunded,value}', 'o')} + ${moneyOf('{refunding,value}', 'o')}`,
  },
  {
    law: 'clearing: every account that must come to zero is zero or belongs to something still open',
    sql: `select a.name, a.owner, a.currency, a.debits - a.credits as balance from accounts a
           where a.name = any (${list(CLEARING_ACCOUNTS.filter((name) => !name.startsWith('suspense')))}) and a.debits <> a.credits
             and not exists (select 1 from settlements s where a.name = 'settlement' and ${idOf('stl', 's')} = a.owner and s.state in ('reported', 'differs'))
             and not exists (select 1 from disputes d where a.name in ('chargeback', 'dispute_cover') and ${idOf('dsp', 'd')} = a.owner and not (d.${FINAL}))
             and not exists (select 1 from refunds r where a.name = 'refund' and ${idOf('ref', 'r')} = a.owner and r.state = 'initiated')
             and not exists (select 1 from fund_returns r where a.name = 'refund' and ${idOf('ref', 'r')} = a.owner and r.state = 'due')
             and not exists (select 1 from payouts p where a.name = 'payout' and ${idOf('po', 'p')} = a.owner and p.state in ('initiated', 'awaiting_funds'))
             and not exists (select 1 from fx_deals x where a.name = 'fx_deal' and ${idOf('fxd', 'x')} = a.owner and x.state <> 'settled')
             and not exists (select 1 from payout_files f where a.name = 'payout_file' and ${idOf('pof', 'f')} = a.owner and f.state in ('sent', 'accepted', 'unknown'))`,
  },
  {
    law: 'clearing: nothing stays open longer than its kind should (days of business time)',
    alarm: true,
    sql: `select x.what, x.id, x.state, x.since, x.days from (
            select 'settlement' as what, ${idOf('stl', 's')} as id, s.state, s.data ->> 'reportedAt' as since, case s.data ->> 'kind' when 'fees' then 40 else 7 end as days from settlements s where s.state in ('reported', 'differs')
            union all select 'refund', ${idOf('ref', 'r')}, r.state, r.data ->> 'createdAt', 7 from refunds r where r.state = 'initiated'
            union all select 'fund return', ${idOf('ref', 'r')}, r.state, r.data ->> 'createdAt', 14 from fund_returns r where r.state = 'due'
            union all select 'payout', ${idOf('po', 'p')}, p.state, p.data ->> 'createdAt', 7 from payouts p where p.state in ('initiated', 'awaiting_funds')
            union all select 'payout_file', ${idOf('pof', 'f')}, f.state, f.data ->> 'createdAt', 7 from payout_files f where f.state in ('sent', 'accepted', 'unknown')
            union all select 'deal', ${idOf('fxd', 'x')}, x.state, x.data ->> 'struckAt', 7 from fx_deals x where x.state <> 'settled'
            union all select 'dispute', ${idOf('dsp', 'd')}, d.state, d.data ->> 'openedAt', 180 from disputes d where not (d.${FINAL})
            union all select 'wallet dispute accepted', ${idOf('esc', 'w')}, w.state, w.data ->> 'refundBy', 0 from wallet_disputes w where w.state = 'refunding'
            union all select 'hub cancel', ${idOf('hpy', 'c')}, c.state, c.data ->> 'createdAt', 3 from hub_payments c where c.state = 'canceling'
            union all select 'hub refund', ${idOf('hrf', 'g')}, g.state, g.data ->> 'createdAt', 7 from hub_refunds g where g.state = 'sent'
            union all select 'debt', ${idOf('dbt', 'b')}, b.state, b.data ->> 'since', 180 from debts b where b.state = 'open') x,
            (select at from journal_head where journal_id = 1) h
           where x.since::timestamptz < h.at - x.days * interval '1 day'`,
  },
  {
    law: 'clearing: what is in suspense is the sum of the lines not explained yet',
    sql: `select a.name, a.owner, abs(a.debits - a.credits) as balance, coalesce(l.total, 0) as lines from accounts a
            left join (select data ->> 'bank' as bank, case data ->> 'direction' when 'credit' then 'suspense_in' else 'suspense_out' end as name,
                              data #>> '{amount,currency}' as currency, sum(${moneyOf('{amount,value}')}) as total
                         from bank_lines where state = 'unexplained' group by 1, 2, 3) l
              on l.bank = a.owner and l.name = a.name and l.currency = a.currency
           where a.name in ('suspense_in', 'suspense_out') and abs(a.debits - a.credits) <> coalesce(l.total, 0)`,
  },
  {
    law: 'sellers: every posting to a balance comes from an order, a payout, a dispute, a debt, a conversion, a transfer or a refund of the seller',
    sql: `with parts as (
              select data ->> 'seller' as seller, data #>> '{net,currency}' as currency, ${moneyOf('{net,value}')} as amount
                from journal_events where type = 'order.released'
              union all
              select s.owner, s.currency, t.credits from archived_totals t join accounts s on s.id = t.account
               where t.type = 'order.released' and s.name = 'seller'
              union all
              select seller, data #>> '{amount,currency}', -${moneyOf('{amount,value}')} from payouts
               where state in ('initiated', 'awaiting_funds', 'filed', 'paid')
              union all
              select seller, data #>> '{amount,currency}', -(coalesce(${moneyOf('{cover,seller,value}')}, 0)
                     + ${moneyOf('{levied,seller,value}')} - ${moneyOf('{feeReturned,seller,value}')}) from disputes
              union all
              select seller, data #>> '{amount,currency}', -${moneyOf('{recovered,seller,value}')} from debts
              union all
              select seller, data #>> '{given,currency}', -${moneyOf('{given,value}')} from conversions
              union all
              select seller, data #>> '{got,currency}', ${moneyOf('{got,value}')} from conversions
              union all
              ${TRANSFERRED}
              union all
              select data #>> '{from,party}', data #>> '{amount,currency}', -${moneyOf('{from,seller,value}')} from refunds ${GIVEN_BACK})
          select a.owner, a.currency, a.credits - a.debits as balance, coalesce(x.expected, 0) as expected from accounts a
            left join (select seller, currency, sum(amount) as expected from parts group by 1, 2) x
              on x.seller = a.owner and x.currency = a.currency
           where a.name = 'seller' and a.credits - a.debits <> coalesce(x.expected, 0)`,
  },
  {
    law: 'marketplaces: every posting to a balance of their own comes from a settlement, a transfer or a refund',
    sql: `with parts as (
              select data ->> 'marketplace' as marketplace, data #>> '{share,currency}' as currency, ${moneyOf('{share,value}')} as amount
                from journal_events where type = 'order.released' and data -> 'share' is not null
              union all
              select s.owner, s.currency, t.credits from archived_totals t join accounts s on s.id = t.account
               where t.type = 'order.released' and s.name = 'marketplace'
              union all
              ${TRANSFERRED}
              union all
              select data ->> 'marketplace', data #>> '{amount,currency}', -${moneyOf('{from,marketplace,value}')} from refunds ${GIVEN_BACK})
          select a.owner, a.currency, a.credits - a.debits as balance, coalesce(x.expected, 0) as expected from accounts a
            left join (select marketplace, currency, sum(amount) as expected from parts group by 1, 2) x
              on x.marketplace = a.owner and x.currency = a.currency
           where a.name = 'marketplace' and a.credits - a.debits <> coalesce(x.expected, 0)`,
  },
  {
    law: 'orders: a settlement gave the seller and the marketplace what the order held, and its row says how much',
    sql: `select ${idOf('ord', 'o')} as "order", o.data -> 'share' as share, e.data -> 'share' as posted
            from orders o join journal_events e on e.subject = o.id and e.type = 'order.released'
           where coalesce(o.data -> 'share', 'null') is distinct from coalesce((e.data -> 'share')::jsonb, 'null')`,
  },
  {
    law: 'orders: what was given back after the release is what its refunds say',
    sql: `select ${idOf('ord', 'o')} as "order", ${moneyOf('{refundedLater,value}', 'o')} as later, coalesce(r.later, 0) as refunds
            from orders o
            left join (select data ->> 'order' as id, sum(${moneyOf('{amount,value}')}) as later from refunds ${GIVEN_BACK} group by 1) r
              on r.id = ${idOf('ord', 'o')}
           where ${moneyOf('{refundedLater,value}', 'o')} <> coalesce(r.later, 0)
              or (o.state <> 'released' and ${moneyOf('{refundedLater,value}', 'o')} <> 0)`,
  },
  {
    law: 'debts: what a seller owes is what is left of the open debts and what open disputes have put there; allowances are theirs',
    sql: `select x.seller, x.currency, sum(x.debt) as debt, sum(x.rows) as rows, sum(x.allowance) as allowance, sum(x.provisioned) as provisioned
            from (select owner as seller, currency, case name when 'debt' then debits - credits else 0 end as debt, 0::bigint as rows,
                         case name when 'debt_allowance' then credits - debits else 0 end as allowance, 0::bigint as provisioned
                    from accounts where name in ('debt', 'debt_allowance')
                  union all
                  select seller, data #>> '{amount,currency}', 0, ${DEBT_LEFT}, 0, ${moneyOf('{provisioned,value}')} from debts where state = 'open'
                  union all
                  select seller, data #>> '{amount,currency}', 0, ${moneyOf('{cover,debt,value}')}, 0, 0
                    from disputes where not (${FINAL}) and data #>> '{cover,debt,value}' is not null) x
           group by 1, 2 having sum(x.debt) <> sum(x.rows) or sum(x.allowance) <> sum(x.provisioned)`,
  },
  {
    law: 'debts: what is left is not below zero, zero once it has ended, and at least what is provided for',
    sql: `select ${idOf('dbt', 'd')} as debt, d.state, ${DEBT_LEFT} as left, ${moneyOf('{provisioned,value}')} as provisioned from debts d
           where ${DEBT_LEFT} < ${moneyOf('{provisioned,value}')} or (d.state = 'open') <> (${DEBT_LEFT} > 0)`,
  },
  {
    law: 'receivable: captures less refunds, disputes and fees, less what the files have settled, in each currency',
    sql: `with parts as (
              select data ->> 'network' as network, data #>> '{amount,currency}' as currency,
                     ${moneyOf('{amount,value}')} * case data ->> 'kind' when 'refund' then -1 else 1 end as amount
                from operations where state = 'approved' and data ->> 'kind' in ('sale', 'capture', 'refund') and data -> 'moved' is null
              union all
              select data ->> 'network', data #>> '{debited,currency}',
                     ${moneyOf('{credited,value}')} - ${moneyOf('{debited,value}')} - ${moneyOf('{fees,value}')} from disputes
              union all
              select data ->> 'network', data #>> '{returned,currency}', -(${FEES}) from network_fees where data ->> 'apart' = 'false'
              union all
              select data ->> 'network', data #>> '{fees,currency}', -${moneyOf('{fees,value}')} from settlements where data ->> 'feesBy' = 'batch'
              union all
              select data ->> 'network', data #>> '{net,currency}', -${moneyOf('{net,value}')} from settlements where data ->> 'kind' = 'deposit'
              union all
              select s.data ->> 'network', c #>> '{settled,currency}', (c #>> '{settled,value}')::bigint
                from settlements s, jsonb_array_elements(s.data -> 'converted') c
              union all
              select s.data ->> 'network', c #>> '{presented,currency}', -(c #>> '{presented,value}')::bigint
                from settlements s, jsonb_array_elements(s.data -> 'converted') c)
          select a.owner as network, a.currency, a.debits - a.credits as receivable, coalesce(x.expected, 0) as expected
            from accounts a
            left join (select network, currency, sum(amount) as expected from parts group by 1, 2) x
              on x.network = a.owner and x.currency = a.currency
           -- What wallets owe is the hub's law.
           where a.name = 'receivable' and a.owner in (select network from parts) and a.debits - a.credits <> coalesce(x.expected, 0)
             and a.owner not in (select account from participants where account is not null)`,
  },
  {
    law: 'network fees: what is billed apart is what was posted for it, less the bills that are paid',
    sql: `select a.owner as network, a.currency, a.credits - a.debits as billed, coalesce(x.expected, 0) as expected from accounts a
            left join (select network, currency, sum(amount) as expected from (
              select data ->> 'network' as network, data #>> '{returned,currency}' as currency, ${FEES} as amount
                from network_fees where data ->> 'apart' = 'true'
              union all
              select data ->> 'network', data #>> '{fees,currency}', -${moneyOf('{fees,value}')}
                from settlements where data ->> 'kind' = 'fees' and state in ('matched', 'closed')) parts group by 1, 2) x
              on x.network = a.owner and x.currency = a.currency
           where a.name = 'network_fees' and a.credits - a.debits <> coalesce(x.expected, 0)`,
  },
  {
    law: 'client money: what clients are owed is covered by banks and claims',
    // What was converted and not dealt yet is owed in one currency and there in the other: the position says how much.
    alarm: true,
    sql: `select currency, sum(owed) as owed, sum(covered) as covered from (
            select currency, case when name = any (${list([...CLIENT_LIABILITIES, 'fx_position'])}) then credits - debits else 0 end as owed,
                   case when name in ('bank', 'receivable', 'settlement', 'chargeback') then debits - credits else 0 end as covered
              from accounts) x group by currency having sum(owed) > sum(covered)`,
  },
];
