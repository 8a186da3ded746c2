/**
 * `causeway ledger check`: the laws of the ledger on live data. Every law is one query that finds what breaks it, written
 * against the tables alone, so that it does not share a mistake with the code that filled them. All laws are read from one
 * snapshot: a check while money moves must not see half a unit.
 */

import { toJson } from '../base/json.ts';
import type { Pool, Queryable } from '../db/pool.ts';
import { CHART, CLEARING_ACCOUNTS, CLIENT_LIABILITIES } from './chart.ts';

export interface LawResult {
  readonly law: string;
  readonly ok: boolean;
  /** True when a finding calls for a person but breaks no rule: the operator's own money covers it. */
  readonly alarm: boolean;
  /** At most twenty, as text. */
  readonly findings: readonly string[];
}

export interface CheckResult {
  readonly ok: boolean;
  readonly seq: bigint;
  readonly laws: readonly LawResult[];
}

interface Law {
  readonly law: string;
  readonly alarm?: boolean;
  readonly sql: string;
}

const MAX_FINDINGS = 20;
const MEMO = names(([, { kind }]) => kind === 'memo');

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
  'statements',
  'bank_lines',
  'payouts',
  'payout_files',
  'breaks',
];

const LAWS: readonly Law[] = [
  {
    law: 'journal: seq has no gap and ends at the head',
    sql: `select count(*) as events, max(seq) as last, (select seq from journal_head where journal_id = 1) as head from journal_events
          having count(*) <> coalesce(max(seq), 0) or coalesce(max(seq), 0) <> (select seq from journal_head where journal_id = 1)`,
  },
  {
    law: 'journal: the events of every subject are numbered without a gap',
    sql: 'select subject, count(*) as events, max(version) as last from journal_events group by subject having count(*) <> max(version)',
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
                union all select credit, 0, amount from transfers) s group by id) t on t.id = a.id
           where (a.debits, a.credits) is distinct from (t.debits, t.credits)`,
  },
  {
    law: 'floors: no account that is spent from is below zero',
    sql: `select name, owner, currency, debits, credits from accounts
           where floored and (case when debit_normal then debits - credits else credits - debits end) < 0`,
  },
  {
    law: 'transfers: every one belongs to an event',
    sql: 'select t.seq, t.leg from transfers t left join journal_events e on e.journal_id = t.journal_id and e.seq = t.seq where e.seq is null',
  },
  {
    law: 'rows: every state row stands at the version of its last event',
    sql: STATE_TABLES.map(
      (table) => `select '${table}' as row, t.id, t.version, e.version as "eventVersion" from ${table} t
        left join (select subject, max(version) as version from journal_events group by subject) e on e.subject = t.id
        where e.version is distinct from t.version`,
    ).join(' union all '),
  },
  {
    law: 'bank: the ledger equals the statements, line by line and in total',
    sql: `select b.data ->> 'account' as account, coalesce(a.balance, 0) as ledger, coalesce(l.total, 0) as lines
            from bank_accounts b
            left join (select owner, sum(debits - credits) as balance from accounts where name = 'bank' group by owner) a
              on a.owner = ${idOf('bnk', 'b')}
            left join (select data ->> 'bank' as bank, sum(${moneyOf('{amount,value}')} * case data ->> 'direction' when 'credit' then 1 else -1 end) as total
                         from bank_lines group by 1) l on l.bank = ${idOf('bnk', 'b')}
           where coalesce(a.balance, 0) <> coalesce(l.total, 0)`,
  },
  {
    law: 'orders: what each holds is what was captured, less refunds, until it is released',
    sql: `select ${idOf('ord', 'o')} as "order", o.state, coalesce(a.credits - a.debits, 0) as held,
                 ${moneyOf('{captured,value}', 'o')} as captured, ${moneyOf('{refunded,value}', 'o')} as refunded
            from orders o left join accounts a on a.name = 'held' and a.owner = ${idOf('ord', 'o')}
           where coalesce(a.credits - a.debits, 0) <> case when o.state in ('released', 'canceled', 'refunded') then 0
             else ${moneyOf('{captured,value}', 'o')} - ${moneyOf('{refunded,value}', 'o')} - ${moneyOf('{refunding,value}', 'o')} end`,
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
             and not exists (select 1 from refunds r where a.name = 'refund' and ${idOf('ref', 'r')} = a.owner and r.state = 'initiated')
             and not exists (select 1 from payouts p where a.name = 'payout' and ${idOf('po', 'p')} = a.owner and p.state in ('initiated', 'awaiting_funds'))
             and not exists (select 1 from payout_files f where a.name = 'payout_file' and ${idOf('pof', 'f')} = a.owner and f.state in ('sent', 'accepted', 'unknown'))`,
  },
  {
    law: 'clearing: what is in suspense is the sum of the lines not explained yet',
    sql: `select a.name, a.owner, abs(a.debits - a.credits) as balance, coalesce(l.total, 0) as lines from accounts a
            left join (select data ->> 'bank' as bank, case data ->> 'direction' when 'credit' then 'suspense_in' else 'suspense_out' end as name,
                              sum(${moneyOf('{amount,value}')}) as total from bank_lines where state = 'unexplained' group by 1, 2) l
              on l.bank = a.owner and l.name = a.name
           where a.name in ('suspense_in', 'suspense_out') and abs(a.debits - a.credits) <> coalesce(l.total, 0)`,
  },
  {
    law: 'sellers: every posting to a balance comes from an order of the seller or a payout of the seller',
    sql: `select a.owner, a.credits - a.debits as balance,
                 coalesce(r.released, 0) - coalesce(p.paid, 0) as expected
            from accounts a
            left join (select e.data ->> 'seller' as seller, sum((e.data #>> '{net,value}')::bigint) as released
                         from journal_events e where e.type = 'order.released' group by 1) r on r.seller = a.owner
            left join (select seller, sum(${moneyOf('{amount,value}')}) as paid from payouts
                        where state in ('initiated', 'awaiting_funds', 'filed', 'paid') group by 1) p on p.seller = a.owner
           where a.name = 'seller' and a.credits - a.debits <> coalesce(r.released, 0) - coalesce(p.paid, 0)`,
  },
  {
    law: 'receivable: captures less refunds less what the files have settled',
    sql: `select a.owner as network, a.debits - a.credits as receivable, x.expected from accounts a
            join (select o.network, o.total - coalesce(s.gross, 0) as expected
                    from (select data ->> 'network' as network, sum(${moneyOf('{amount,value}')} * case data ->> 'kind' when 'refund' then -1 else 1 end) as total
                            from operations where state = 'approved' and data ->> 'kind' in ('sale', 'capture', 'refund') group by 1) o
                    left join (select data ->> 'network' as network, sum(${moneyOf('{sales,value}')} - ${moneyOf('{refunds,value}')}) as gross
                                 from settlements group by 1) s on s.network = o.network) x on x.network = a.owner
           where a.name = 'receivable' and a.debits - a.credits <> x.expected`,
  },
  {
    law: 'client money: what clients are owed is covered by banks and claims',
    alarm: true,
    sql: `select currency, sum(owed) as owed, sum(covered) as covered from (
            select currency, case when name = any (${list(CLIENT_LIABILITIES)}) then credits - debits else 0 end as owed,
                   case when name in ('bank', 'receivable', 'settlement', 'chargeback') then debits - credits else 0 end as covered
              from accounts) x group by currency having sum(owed) > sum(covered)`,
  },
];

/** Reads all laws from one snapshot. */
export async function checkLedger(pool: Pool): Promise<CheckResult> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    const laws: LawResult[] = [];
    for (const law of LAWS) laws.push(await checkLaw(client as unknown as Queryable, law));
    const { rows } = await client.query<{ seq: bigint }>('select seq from journal_head where journal_id = 1');
    await client.query('commit');
    return { ok: laws.every((law) => law.ok || law.alarm), seq: (rows[0] as { seq: bigint }).seq, laws };
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

async function checkLaw(db: Queryable, { law, sql, alarm = false }: Law): Promise<LawResult> {
  const { rows } = await db.query<Record<string, unknown>>(`select * from (${sql}) broken limit ${MAX_FINDINGS}`);
  return { law, alarm, ok: rows.length === 0, findings: rows.map(toJson) };
}

function names(pick: (entry: [string, (typeof CHART)[keyof typeof CHART]]) => boolean): string {
  return list(
    Object.entries(CHART)
      .filter(pick)
      .map(([name]) => name),
  );
}

function list(values: readonly string[]): string {
  return `array[${values.map((value) => `'${value}'`).join(', ')}]`;
}

/** The shown id of a row: prefix and hex digits. */
function idOf(prefix: string, alias: string): string {
  return `'${prefix}_' || replace(${alias}.id::text, '-', '')`;
}

function moneyOf(path: string, alias?: string): string {
  return `(${alias === undefined ? '' : `${alias}.`}data #>> '${path}')::bigint`;
}
