/** Laws of exchange: positions, deals and quotes against the rows they stand for, and what a day's end must leave. */
import { CURRENCIES } from '../../base/currency.ts';
import { HUB_POSITION } from './hub.ts';
import { idOf, type Law, moneyOf } from './law.ts';

/** Minor units in a major unit, by the currency's exponent. */
const unitOf = (currency: string): string =>
  `(case ${[0, 3, 4].map((exponent) => `when ${currency} in (${codesOf(exponent)}) then 1e${exponent}`).join(' ')} else 1e2 end)::numeric`;
const codesOf = (exponent: number): string =>
  [
    "''",
    ...Object.entries(CURRENCIES).flatMap(([code, line]) => (line.exponent === exponent ? [`'${code}'`] : [])),
  ].join(', ');

/** Payments by a wallet in another currency than the order's. What was taken back whole is not captured any more. */
const CONVERTED = "jsonb_typeof(data #> '{wallet,rate}') = 'object'";
const IS_CAPTURED = `${moneyOf('{captured,value}')} > 0`;
const WALLET_RECEIVED = `case when ${IS_CAPTURED} then ${moneyOf('{wallet,payTo,value}')} else 0 end`;

export const EXCHANGE_LAWS: readonly Law[] = [
  {
    law: 'position: each currency stands where files, conversions, transfers, payments by wallets, deals and day’s ends put it',
    sql: `with parts as (
              select c #>> '{settled,currency}' as currency, (c #>> '{settled,value}')::bigint as amount
                from settlements s, jsonb_array_elements(s.data -> 'converted') c
              union all
              select c #>> '{presented,currency}', -(c #>> '{presented,value}')::bigint
                from settlements s, jsonb_array_elements(s.data -> 'converted') c
              union all
              select data #>> '{given,currency}', ${moneyOf('{given,value}')} from conversions
              union all
              select data #>> '{got,currency}', -${moneyOf('{got,value}')} - ${moneyOf('{margin,value}')} from conversions
              union all
              select data #>> '{wallet,payTo,currency}', ${WALLET_RECEIVED} - ${moneyOf('{wallet,paidBack,value}')}
                from payments where ${CONVERTED}
              union all
              select data #>> '{amount,currency}', ${moneyOf('{refunded,value}')} + ${moneyOf('{wallet,rate,marginBack,value}')}
                     - ${moneyOf('{captured,value}')} - case when ${IS_CAPTURED} then ${moneyOf('{wallet,rate,margin,value}')} else 0 end
                from payments where ${CONVERTED}
              union all
              select data #>> '{given,currency}', ${moneyOf('{given,value}')} from balance_transfers where data ->> 'quote' is not null
              union all
              select data #>> '{got,currency}', -${moneyOf('{got,value}')} - ${moneyOf('{margin,value}')} from balance_transfers
               where data ->> 'quote' is not null
              union all
              select data #>> '{sold,currency}', -${moneyOf('{sold,value}')} from fx_deals
              union all
              select data #>> '{bought,currency}', ${moneyOf('{bought,value}')} from fx_deals
              union all
              ${HUB_POSITION.join(' union all ')}
              union all
              select m ->> 'currency', (m ->> 'value')::bigint from fx_revaluations r, jsonb_array_elements(r.data -> 'moved') m)
          select a.currency, a.credits - a.debits as position, coalesce(x.expected, 0) as expected from accounts a
            left join (select currency, sum(amount) as expected from parts group by 1) x on x.currency = a.currency
           where a.name = 'fx_position' and a.credits - a.debits <> coalesce(x.expected, 0)`,
  },
  {
    law: 'deals: each account is what no bank line has settled of the deal',
    sql: `select a.owner, a.currency, a.debits - a.credits as balance, coalesce(x.open, 0) as open from accounts a
            left join (select deal, currency, sum(amount) as open from (
              select ${idOf('fxd', 'd')} as deal, d.data #>> '{bought,currency}' as currency, ${moneyOf('{bought,value}', 'd')} as amount
                from fx_deals d where d.data ->> 'receivedBy' is null
              union all
              select ${idOf('fxd', 'd')}, d.data #>> '{sold,currency}', -${moneyOf('{sold,value}', 'd')}
                from fx_deals d where d.data ->> 'paidBy' is null) sides group by 1, 2) x on x.deal = a.owner and x.currency = a.currency
           where a.name = 'fx_deal' and a.debits - a.credits <> coalesce(x.open, 0)`,
  },
  {
    law: 'quotes: each one that is used is the conversion’s that says so, with the same amounts',
    sql: `select ${idOf('qte', 'q')} as quote, q.state, q.data ->> 'usedBy' as "usedBy", ${idOf('cnv', 'c')} as conversion
            from fx_quotes q full join conversions c on c.data ->> 'quote' = ${idOf('qte', 'q')}
           where (q.state = 'used' and q.data ->> 'usedBy' like 'cnv%' or c.id is not null)
             and (q.state, q.data ->> 'usedBy', q.data -> 'given', q.data -> 'got', q.data -> 'margin')
                 is distinct from ('used', ${idOf('cnv', 'c')}, c.data -> 'given', c.data -> 'got', c.data -> 'margin')`,
  },
  {
    law: 'quotes: each one that a payment has taken is the payment’s that says so, with the same amounts',
    sql: `select ${idOf('qte', 'q')} as quote, q.state, q.data ->> 'usedBy' as "usedBy", ${idOf('pay', 'p')} as payment
            from (select * from fx_quotes where state = 'used' and data ->> 'usedBy' like 'pay%') q
            full join (select * from payments where ${CONVERTED}) p on p.data #>> '{wallet,rate,quote}' = ${idOf('qte', 'q')}
           where (q.data ->> 'usedBy', q.data -> 'given', q.data -> 'got', q.data -> 'margin') is distinct from
                 (${idOf('pay', 'p')}, p.data #> '{wallet,payTo}', p.data -> 'amount', p.data #> '{wallet,rate,margin}')`,
  },
  {
    law: 'quotes: each rate that was locked for an AMS client is that of the payment which used it',
    sql: `select ${idOf('qte', 'q')} as quote, q.data ->> 'usedBy' as "usedBy", ${idOf('qte', 't')} as taken
            from fx_quotes q
            left join ams_payments a on ${idOf('amp', 'a')} = q.data ->> 'usedBy'
            left join payments p on ${idOf('pay', 'p')} = a.data ->> 'payment'
            left join fx_quotes t on ${idOf('qte', 't')} = p.data #>> '{wallet,rate,quote}'
           where q.state = 'used' and q.data ->> 'usedBy' like 'amp%'
             and (q.data ->> 'from', q.data ->> 'to', q.data ->> 'rates', q.data ->> 'rate')
                 is distinct from (t.data ->> 'from', t.data ->> 'to', t.data ->> 'rates', t.data ->> 'rate')`,
  },
  {
    law: 'wallets: what was paid back of a payment, and of its margin, is its share of what was refunded, and all of it at the end',
    sql: `select ${idOf('pay', 'p')} as payment, r.back, ${moneyOf('{wallet,paidBack,value}', 'p')} as "paidBack"
            from payments p
            left join (select payment, sum(${moneyOf('{moved,value}')}) as back from operations
                        where state = 'approved' and data ->> 'kind' = 'refund' and data -> 'moved' is not null group by 1) r
              on r.payment = ${idOf('pay', 'p')}
           where p.data -> 'wallet' is not null
             and (${moneyOf('{wallet,paidBack,value}', 'p')} <> coalesce(r.back, 0)
               or p.state = 'captured' and p.data -> 'refunded' = p.data -> 'captured' and p.data #> '{wallet,paidBack}' <> p.data #> '{wallet,payTo}'
               or p.state = 'captured' and p.data -> 'refunded' = p.data -> 'captured'
                  and coalesce(p.data #> '{wallet,rate,margin}' <> p.data #> '{wallet,rate,marginBack}', false))`,
  },
  {
    law: 'transfers: each one that crosses currencies has a used quote with the same amounts; the others arrive as they left',
    sql: `select ${idOf('trf', 't')} as transfer, ${idOf('qte', 'q')} as quote from balance_transfers t
            left join fx_quotes q on ${idOf('qte', 'q')} = t.data ->> 'quote'
           where case when t.data ->> 'quote' is null then t.data -> 'given' <> t.data -> 'got'
                 else ('used', ${idOf('trf', 't')}, t.data -> 'given', t.data -> 'got', t.data -> 'margin')
                      is distinct from (q.state, q.data ->> 'usedBy', q.data -> 'given', q.data -> 'got', q.data -> 'margin') end`,
  },
  {
    // Half a minor unit of the reporting currency is what rounding once may leave; the positions are the ledger's own.
    law: 'revaluation: after the last one the positions at its mid rates sum to zero',
    sql: `with last as (select data, (data ->> 'asOf')::bigint as seq from fx_revaluations order by id desc limit 1),
               rates as (select r.data from fx_rates r, last l where ${idOf('fxr', 'r')} = l.data ->> 'rates'),
               since as (
                 select p.account, sum(p.amount) as amount from (
                   select t.credit as account, t.amount from transfers t, last l where t.seq > l.seq
                   union all select t.debit, -t.amount from transfers t, last l where t.seq > l.seq) p group by 1),
               positions as (
                 select a.currency, a.credits - a.debits - coalesce(s.amount, 0)
                        + coalesce((select sum((m ->> 'value')::bigint) from jsonb_array_elements(l.data -> 'moved') m
                                     where m ->> 'currency' = a.currency), 0) as position
                   from last l cross join accounts a left join since s on s.account = a.id where a.name = 'fx_position')
          select sum(value) as "leftInMinorUnits" from (
            select p.position / ${unitOf('p.currency')} * (r.data #>> array['perBase', l.data ->> 'reporting'])::numeric
                   / (r.data #>> array['perBase', p.currency])::numeric * ${unitOf("(l.data ->> 'reporting')")} as value
              from positions p, last l, rates r where p.position <> 0
               and l.seq >= (select coalesce(max(last_seq), 0) from archived_partitions)) v
          having abs(sum(value)) > 0.500001`,
  },
  {
    law: 'gains: what is not realised is what revaluations posted, less what they realised',
    sql: `select a.name, a.currency, a.credits - a.debits as balance, x.expected from accounts a
            join (select data ->> 'reporting' as currency,
                         sum(${moneyOf('{gain,value}')} - ${moneyOf('{loss,value}')}
                             - ${moneyOf('{realisedGain,value}')} + ${moneyOf('{realisedLoss,value}')}) as expected
                    from fx_revaluations group by 1) x on x.currency = a.currency
           where a.name = 'fx_unrealised' and a.credits - a.debits <> x.expected`,
  },
];
