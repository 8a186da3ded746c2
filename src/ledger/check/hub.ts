/**
 * Laws of the hub: what wallets owe and acquirers are owed against payments and refunds, as their rows say. Each account is the sum of
 * parts; a kind of event that moves one of them adds its part here.
 */
import { CLEARED_WITH_ACQUIRERS, CLEARED_WITH_WALLETS, CLEARING_POSITION } from './clearing.ts';
import { idOf, type Law, moneyOf } from './law.ts';

/** Paid, and not given back: until its wallet has done a cancel, what was posted stands. */
const PAID = "h.data ->> 'paidAt' is not null and h.state in ('paid', 'canceling')";
const price = (field: string): string => moneyOf(`{price,${field},value}`, 'h');

/** Of a wallet's account with us, by currency; a debit is positive. */
const OWED_BY_WALLETS: readonly string[] = [
  `select h.data ->> 'walletAccount' as owner, h.data #>> '{price,payTo,currency}' as currency, ${price('payTo')} as amount
     from hub_payments h where ${PAID}`,
  `select h.data ->> 'walletAccount', r.data #>> '{payBack,currency}', -${moneyOf('{payBack,value}', 'r')}
     from hub_refunds r join hub_payments h on ${idOf('hpy', 'h')} = r.payment where r.state = 'refunded'`,
  // Of marketplace orders: what moved at the wallet, in its currency.
  `select data ->> 'network', data #>> '{moved,currency}', ${moneyOf('{moved,value}')} * case data ->> 'kind' when 'sale' then 1 else -1 end
     from operations where state = 'approved' and data -> 'moved' is not null`,
  ...CLEARED_WITH_WALLETS,
];

/** Of an acquirer, by currency; a credit is positive. */
const OWED_TO_ACQUIRERS: readonly string[] = [
  `select h.acquirer as owner, h.data #>> '{price,settlement,currency}' as currency, ${price('settlement')} as amount
     from hub_payments h where ${PAID}`,
  `select r.data ->> 'acquirer', r.data #>> '{settled,currency}',
          -${['settled', 'hubDiscount', 'sponsorDiscount'].map((part) => moneyOf(`{${part},value}`, 'r')).join(' - ')}
     from hub_refunds r where r.state = 'refunded'`,
  ...CLEARED_WITH_ACQUIRERS,
];

/** What payments, refunds and interchange have moved into the position; in one currency they leave nothing there. */
export const HUB_POSITION: readonly string[] = [
  `select h.data #>> '{price,payTo,currency}', ${price('payTo')} from hub_payments h where ${PAID}`,
  `select h.data #>> '{price,settled,currency}', -${price('settled')} - ${price('margin')} from hub_payments h where ${PAID}`,
  `select r.data #>> '{payBack,currency}', -${moneyOf('{payBack,value}', 'r')} from hub_refunds r where r.state = 'refunded'`,
  `select r.data #>> '{settled,currency}', ${moneyOf('{settled,value}', 'r')} + ${moneyOf('{margin,value}', 'r')}
     from hub_refunds r where r.state = 'refunded'`,
  ...CLEARING_POSITION,
];

export const HUB_LAWS: readonly Law[] = [
  {
    law: 'hub: each wallet owes what its payments come to, less what was given back, fees and settlements',
    sql: `with parts as (${OWED_BY_WALLETS.join(' union all ')}),
               wallets as (select account as owner from participants where account is not null)
          select coalesce(a.owner, x.owner) as wallet, coalesce(a.currency, x.currency) as currency,
                 coalesce(a.balance, 0) as owes, coalesce(x.expected, 0) as expected
            from (select owner, currency, debits - credits as balance from accounts
                   where name = 'receivable' and owner in (select owner from wallets)) a
            full join (select owner, currency, sum(amount) as expected from parts group by 1, 2) x
              on x.owner = a.owner and x.currency = a.currency
           where coalesce(a.balance, 0) <> coalesce(x.expected, 0)`,
  },
  {
    law: 'hub: each acquirer is owed what its shops have sold, less what was given back, fees and settlements',
    sql: `with parts as (${OWED_TO_ACQUIRERS.join(' union all ')})
          select coalesce(a.owner, x.owner) as acquirer, coalesce(a.currency, x.currency) as currency,
                 coalesce(a.balance, 0) as owed, coalesce(x.expected, 0) as expected
            from (select owner, currency, credits - debits as balance from accounts where name = 'acquirer') a
            full join (select owner, currency, sum(amount) as expected from parts group by 1, 2) x
              on x.owner = a.owner and x.currency = a.currency
           where coalesce(a.balance, 0) <> coalesce(x.expected, 0)`,
  },
  {
    law: 'hub: refunds never exceed their payment, and the payment says what they come to',
    sql: `select ${idOf('hpy', 'h')} as payment, h.state, ${moneyOf('{amount,value}', 'h')} as amount, ${moneyOf('{refunded,value}', 'h')} as refunded,
                 ${moneyOf('{refunding,value}', 'h')} as refunding, coalesce(r.done, 0) as done, coalesce(r.sent, 0) as sent
            from hub_payments h
            left join (select payment, sum(${moneyOf('{amount,value}')}) filter (where state = 'refunded') as done,
                              sum(${moneyOf('{amount,value}')}) filter (where state = 'sent') as sent
                         from hub_refunds group by payment) r on r.payment = ${idOf('hpy', 'h')}
           where ${moneyOf('{refunded,value}', 'h')} <> coalesce(r.done, 0) or ${moneyOf('{refunding,value}', 'h')} <> coalesce(r.sent, 0)
              or coalesce(r.done, 0) + coalesce(r.sent, 0) > case h.state when 'paid' then ${moneyOf('{amount,value}', 'h')} else 0 end`,
  },
  {
    law: 'hub: once all of a payment is refunded, every amount of its price is',
    sql: `select ${idOf('hpy', 'h')} as payment, r.* from hub_payments h
            join (select payment, sum(${moneyOf('{payBack,value}')}) as "payBack", sum(${moneyOf('{settled,value}')}) as settled,
                         sum(${moneyOf('{margin,value}')}) as margin, sum(${moneyOf('{hubDiscount,value}')}) as hub,
                         sum(${moneyOf('{sponsorDiscount,value}')}) as sponsor
                    from hub_refunds where state = 'refunded' group by payment) r on r.payment = ${idOf('hpy', 'h')}
           where ${moneyOf('{refunded,value}', 'h')} = ${moneyOf('{amount,value}', 'h')}
             and (r."payBack", r.settled, r.margin, r.hub, r.sponsor) is distinct from
                 (${['payTo', 'settled', 'margin', 'hubDiscount', 'sponsorDiscount'].map((field) => `${price(field)}::numeric`).join(', ')})`,
  },
  {
    law: 'hub: what the acquirer gets is what the wallet’s money pays and what others give',
    sql: `select ${idOf('hpy', 'h')} as payment, ${price('settlement')} as settlement from hub_payments h
           where h.data ->> 'price' is not null
             and ${price('settlement')} <> ${price('settled')} + ${price('hubDiscount')} + ${price('sponsorDiscount')}`,
  },
  {
    law: 'hub: each quote that a payment used is its own, with the same amounts',
    sql: `select ${idOf('qte', 'q')} as quote, q.state, q.data ->> 'usedBy' as "usedBy", ${idOf('hpy', 'h')} as payment
            from fx_quotes q
            full join (select * from hub_payments where data ->> 'paidAt' is not null and data #>> '{price,quote}' is not null) h
              on h.data #>> '{price,quote}' = ${idOf('qte', 'q')}
           where (q.state = 'used' and q.data ->> 'usedBy' like 'hpy%' or h.id is not null)
             and (q.state, q.data ->> 'usedBy', q.data -> 'given', q.data -> 'got', q.data -> 'margin') is distinct from
                 ('used', ${idOf('hpy', 'h')}, h.data #> '{price,payTo}', h.data #> '{price,settled}', h.data #> '{price,margin}')`,
  },
];
