/**
 * Laws of the journal and of double entry. They hold over what is kept and what is archived together. Each is one or two
 * passes over a table, hashed or merged, whatever its size; but checkpoints, of which a random sample is added up anew.
 */
import { type Law, namesOf } from './law.ts';

const MEMO = namesOf(({ kind }) => kind === 'memo');
/** A checkpoint costs a thousand look-ups to verify; every run draws others. */
const CHECKPOINTS = 500;

/** Every table of state rows (migrations/0002). */
const STATE_TABLES = [
  'marketplaces',
  'api_keys',
  'sellers',
  'buyers',
  'network_accounts',
  'bank_accounts',
  'orders',
  'payments',
  'operations',
  'refunds',
  'settlements',
  'settlement_files',
  'network_fees',
  'statements',
  'bank_lines',
  'payouts',
  'payout_files',
  'payout_runs',
  'breaks',
  'disputes',
  'checkout_links',
  'agreements',
  'debts',
  'fx_rates',
  'fx_quotes',
  'fx_deals',
  'fx_revaluations',
  'conversions',
  'ams_clients',
  'ams_payments',
  'ams_requests',
  'ams_notifications',
  'ams_instructions',
  'balance_transfers',
  'registrations',
  'attachments',
  'participants',
  'hub_payments',
  'hub_refunds',
  'hub_codes',
  'hub_notifications',
  'shops',
  'campaigns',
  'person_uses',
  'fund_returns',
  'vouchers',
  'clearing_cycles',
  'clearing_pairs',
  'clearing_batches',
  'clearing_files',
  'wallet_agreements',
  'wallet_disputes',
];

export const JOURNAL_LAWS: readonly Law[] = [
  {
    law: 'journal: seq has no gap and ends at the head',
    sql: `select e.*, h.seq as head, a.seq as "archivedTo"
            from (select count(*) as events, min(seq) as first, max(seq) as last from journal_events) e,
                 (select seq from journal_head where journal_id = 1) h,
                 (select coalesce(max(last_seq), 0) as seq from archived_partitions) a
           where e.events <> h.seq - a.seq or coalesce(e.first, h.seq + 1) <> a.seq + 1 or coalesce(e.last, a.seq) <> h.seq`,
  },
  {
    law: 'journal: business time never goes back',
    sql: `select seq, at, before from (
            select seq, at, lag(at, 1, (select max(last_at) from archived_partitions)) over (order by seq) as before
              from journal_events) e where at < before`,
  },
  {
    law: 'journal: the events of every subject are numbered without a gap',
    sql: `select e.*, a.version as archived from (
            select subject, count(*) as events, min(version) as first, max(version) as last, sum(version) as total
              from journal_events group by subject) e
            left join archived_subjects a on a.subject = e.subject
           where first <> coalesce(a.version, 0) + 1 or events <> last - first + 1 or 2 * total <> events * (first + last)`,
  },
  {
    law: 'legs balance: both sides of a transfer are in one currency, and memo never meets money',
    sql: `select t.seq, t.leg, d.name as debit, c.name as credit from transfers t
            join accounts d on d.id = t.debit join accounts c on c.id = t.credit
           where d.currency <> c.currency or (d.name = any (${MEMO})) <> (c.name = any (${MEMO}))`,
  },
  {
    law: 'balances: every account equals the sum of its transfers',
    sql: `select a.name, a.owner, a.currency, a.debits, t.debits as "debitsPosted", a.credits, t.credits as "creditsPosted"
            from accounts a full join (
              select id, sum(debits)::bigint as debits, sum(credits)::bigint as credits from (
                select debit as id, amount as debits, 0 as credits from transfers
                union all select credit, 0, amount from transfers
                union all select account, debits, credits from archived_totals) s group by id) t on t.id = a.id
           where (a.debits, a.credits) is distinct from (t.debits, t.credits)`,
  },
  {
    law: 'checkpoints: the next one, or the account, is so much further as was posted between (a sample)',
    sql: `select c.account, c.seq, n.seq as next, n.debits - c.debits as debits, p.debits as "debitsPosted",
                 n.credits - c.credits as credits, p.credits as "creditsPosted"
            from (select * from account_checkpoints order by random() limit ${CHECKPOINTS}) c
            left join lateral (
              select * from (
                (select seq, debits, credits from account_checkpoints x
                  where x.journal_id = c.journal_id and x.account = c.account and x.seq > c.seq order by x.seq limit 1)
                union all
                select h.seq, a.debits, a.credits from accounts a join journal_head h on h.journal_id = a.journal_id
                 where a.journal_id = c.journal_id and a.id = c.account) s order by seq limit 1) n on true
            cross join lateral (
              select (select coalesce(sum(amount), 0) from transfers t
                       where t.journal_id = c.journal_id and t.debit = c.account and t.seq > c.seq and t.seq <= n.seq) as debits,
                     (select coalesce(sum(amount), 0) from transfers t
                       where t.journal_id = c.journal_id and t.credit = c.account and t.seq > c.seq and t.seq <= n.seq) as credits
              ) p
           where (n.debits - c.debits, n.credits - c.credits) is distinct from (p.debits, p.credits)`,
  },
  {
    law: 'floors: no account that is spent from is below zero',
    sql: `select name, owner, currency, debits, credits from accounts
           where floored and (case when debit_normal then debits - credits else credits - debits end) < 0`,
  },
  {
    law: 'transfers: every one belongs to an event',
    sql: `select t.seq, t.leg from transfers t
            left join journal_events e on e.journal_id = t.journal_id and e.seq = t.seq where e.seq is null`,
  },
  {
    law: 'rows: every state row stands at the version of its last event',
    sql: `select r.row, r.id, r.version, e.version as "eventVersion"
            from (${STATE_TABLES.map((table) => `select '${table}' as row, id, version from ${table}`).join(' union all ')}) r
            left join (
              select subject, max(version) as version from (
                select subject, version from journal_events
                union all select subject, version from archived_subjects) v group by subject) e on e.subject = r.id
           where e.version is distinct from r.version`,
  },
];
