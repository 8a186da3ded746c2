/**
 * A ledger with a year behind it, built in bulk by the owner of the database: events, transfers, balances and checkpoints
 * such as commits would have left, so that every law holds; state rows for the load to write. Tables are filled without
 * indexes and get them when they are attached. What is left out: idempotency keys and state rows of the past.
 */
import pg from 'pg';
import { instant, monotonicMs } from '../../src/base/clock.ts';
import { type Account, accountUuid } from '../../src/ledger/account.ts';
import { MARKETPLACE, numbered, ORDERS, PAYMENTS } from '../journal/cast.ts';
import { ROWS } from '../journal/cell.ts';
import type { BenchDatabase } from '../support/database.ts';
import { type Size, YEAR } from './sizes.ts';

const usd = (name: Account['name'], owner: string): Account => ({ name, owner, currency: 'USD' });
export const RECEIVABLE = usd('receivable', numbered('net', 1));
/** The hottest accounts: every life touches them. */
export const FEES = usd('fee_income', MARKETPLACE);
const TAX = usd('tax_payable', 'US-IL');
/** One life in ten is the first seller's, one in ten one of the next hundred's. */
export const seller = (n: number): Account => usd('seller', numbered('sel', n));

/** Fills a migrated database. `say` hears each step with the seconds it took. */
export async function buildWorld(database: BenchDatabase, size: Size, say: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: database.owner });
  await client.connect();
  const step = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    const began = monotonicMs();
    await work();
    say(`  ${what.padEnd(24)} ${((monotonicMs() - began) / 1000).toFixed(1).padStart(6)} s`);
  };
  try {
    await client.query(`set synchronous_commit = off; set work_mem = '512MB'; set maintenance_work_mem = '512MB'`);
    await step(`${size.people.toLocaleString('en-US')} people`, () => insertPeople(client, size.people));
    const unique = await dropFirstPartition(client);
    await step('transfers', () => insertTransfers(client, size));
    await step('events', () => insertEvents(client, size));
    await step('indexes', () => attach(client, unique));
    await step('balances', () => client.query(BALANCES));
    await step('checkpoints', () => client.query(CHECKPOINTS));
    await step('state rows', () => insertRows(client));
    await client.query(
      `update journal_head set seq = ${size.events}, at = (select at from journal_events where seq = ${size.events})`,
    );
    await client.query('drop table people');
    await step('vacuum', () => client.query('vacuum (freeze, analyze)'));
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}

/** The ids of everybody's accounts, as the product makes them. */
async function insertPeople(client: pg.Client, people: number): Promise<void> {
  await client.query('create unlogged table people (n int, held uuid, refund uuid, seller uuid, reserve uuid)');
  const chunk = 20_000;
  for (let from = 1; from <= people; from += chunk) {
    const numbers = Array.from({ length: Math.min(chunk, people - from + 1) }, (_, index) => from + index);
    const ids = (['held', 'refund', 'seller', 'reserve'] as const).map((name) =>
      numbers.map((n) => accountUuid(usd(name, ownerOf(name, n)))),
    );
    await client.query(
      'insert into people select * from unnest($1::int[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[])',
      [numbers, ...ids],
    );
  }
  await client.query('alter table people add primary key (n); analyze people');
}

const PREFIX = { held: 'ord', refund: 'ref', seller: 'sel', reserve: 'sel' } as const;
const ownerOf = (name: keyof typeof PREFIX, n: number): string => numbered(PREFIX[name], n);

/** The empty first partition goes; what it alone has is the uniqueness of versions. */
async function dropFirstPartition(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ definition: string }>(
    `select pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = 'journal_events_1'::regclass and contype = 'u'`,
  );
  await client.query('drop table journal_events_1, transfers_1');
  return (rows[0] as { definition: string }).definition;
}

/** The places of the three kinds of events: pay-ins, refunds, lives. */
const places = ({ people, lives }: Size) => ({
  payIns: `generate_series(1, ${people}) i(n) cross join lateral (select i.n::bigint as seq) s`,
  refunds: `generate_series(1, ${people}) i(n) cross join lateral (select ${people} + 2 * i.n::bigint as seq) s`,
  lives: `generate_series(1, ${lives}) i(n) cross join lateral (select ${3 * people} + 2 * i.n::bigint as seq) s`,
});

/** Who a life (n) belongs to; primes scatter, and every seller has one at least. */
const orderOf = ({ people }: Size): string => `(i.n * 15485863::bigint % ${people} + 1)::int`;
const sellerOf = ({ people }: Size): string =>
  `(case i.n % 10 when 0 then 1 when 1 then 2 + i.n / 10 % 100 else (i.n - i.n / 10 * 2) * 32452843::bigint % ${people} + 1 end)::int`;

async function insertTransfers(client: pg.Client, size: Size): Promise<void> {
  const { payIns, refunds, lives } = places(size);
  const id = (account: Account): string => `'${accountUuid(account)}'::uuid`;
  const columns = 'insert into transfers_1 (journal_id, seq, leg, debit, credit, amount) select 1, x.*';
  await client.query(`
    create table transfers_1 (like transfers including defaults including constraints);
    ${columns} from ${payIns} join people p on p.n = i.n
      cross join lateral (values (seq, 0, ${id(RECEIVABLE)}, p.held, ${PAID_IN})) x(seq, leg, debit, credit, amount);
    ${columns} from ${refunds} join people p on p.n = i.n
      cross join lateral (values (s.seq - 1, 0, p.held, p.refund, 5000), (s.seq, 0, p.refund, ${id(RECEIVABLE)}, 5000)) x(seq, leg, debit, credit, amount);
    ${columns} from ${lives} join people o on o.n = ${orderOf(size)} join people s2 on s2.n = ${sellerOf(size)}
      cross join lateral (values
        (s.seq - 1, 0, ${id(RECEIVABLE)}, o.held, 125000),
        (s.seq, 0, o.held, s2.seller, 109345),
        (s.seq, 1, o.held, ${id(FEES)}, 3155),
        (s.seq, 2, o.held, s2.reserve, 10000),
        (s.seq, 3, o.held, ${id(TAX)}, 2500)) x(seq, leg, debit, credit, amount);`);
}

/** What every order was paid in beforehand, in cents; no load can use it up. */
const PAID_IN = '1000000000000';

const hex = (n: string): string => `('${numbered('ord', 0).slice(4, 24)}' || lpad(to_hex(${n}), 12, '0'))`;
const money = (value: string): string => `'{"value": "${value}", "currency": "USD"}'`;
/**
 * Ids are made from numbers, whatever their kind; what is to have a history of its own counts from a number of its own. A
 * pay-in is the first event of both the payment and the order of its number, whose rows the load writes.
 */
const FROM = { capture: 100_000_000, release: 200_000_000, refund: 300_000_000 };

async function insertEvents(client: pg.Client, size: Size): Promise<void> {
  const { payIns, refunds, lives } = places(size);
  const at = `date_trunc('second', timestamptz '${instant(YEAR.from)}' + x.seq * interval '${YEAR.days} days' / ${size.events})`;
  const insert = (source: string, rows: string): string => `
    insert into journal_events_1 (journal_id, seq, unit_id, type, prefix, subject, version, at, recorded_at, data)
      select 1, x.seq, ${hex('x.seq')}::uuid, x.type, x.prefix, x.subject::uuid, x.version, ${at}, ${at}, x.data::jsonb
        from ${source} cross join lateral (values ${rows}) x(seq, type, prefix, subject, version, data);`;
  const captured = (value: string): string =>
    `'{"network": "${RECEIVABLE.owner}", "order": "ord_' || ${hex('i.n')} || '", "captured": ' || ${money(value)} || '}'`;
  const released = `'{"order": "ord_' || ${hex(orderOf(size))} || '", "seller": "sel_' || ${hex(sellerOf(size))} || '", "marketplace": "${MARKETPLACE}", "net": ' || ${money('109345')} || ', "fee": ' || ${money('3155')} || ', "reserve": ' || ${money('10000')} || ', "tax": ' || ${money('2500')} || ', "authority": "US-IL", "by": "deadline"}'`;
  const refund = `'{"refund": "ref_' || ${hex('i.n')} || '", "order": "ord_' || ${hex('i.n')} || '", "payment": "pay_' || ${hex('i.n')} || '", "fromHeld": ' || ${money('5000')} || '}'`;
  await client.query(`
    create table journal_events_1 (like journal_events including defaults including constraints including comments);
    ${insert(payIns, `(s.seq, 'payment.captured', 'pay', ${hex('i.n')}, 1, ${captured(PAID_IN)})`)}
    ${insert(
      refunds,
      `(s.seq - 1, 'refund.initiated', 'ref', ${hex(`${FROM.refund} + i.n`)}, 1, ${refund}), (s.seq, 'refund.confirmed', 'ref', ${hex(`${FROM.refund} + i.n`)}, 2, ${refund})`,
    )}
    ${insert(
      lives,
      `(s.seq - 1, 'payment.captured', 'pay', ${hex(`${FROM.capture} + i.n`)}, 1, ${captured('125000')}),
       (s.seq, 'order.released', 'ord', ${hex(`${FROM.release} + i.n`)}, 1, ${released})`,
    )}`);
}

/** PostgreSQL gives a partition the indexes of its table when it is attached. The product's first one is as wide. */
async function attach(client: pg.Client, unique: string): Promise<void> {
  await client.query(`alter table journal_events_1 add constraint journal_events_1_subject_version ${unique}`);
  for (const table of ['journal_events', 'transfers'])
    await client.query(`alter table ${table} attach partition ${table}_1 for values from (0) to (${2 ** 24})`);
}

/** Every account that has entries, with their sums. */
const BALANCES = `
  with sums as (
    select id, sum(debits)::bigint as debits, sum(credits)::bigint as credits from (
      select debit as id, amount as debits, 0 as credits from transfers
      union all select credit, 0, amount from transfers) s group by id),
  named as (
    select x.* from people p cross join lateral (values
      (p.held, 'held', 'ord_' || ${hex('p.n')}, true, false), (p.refund, 'refund', 'ref_' || ${hex('p.n')}, true, false),
      (p.seller, 'seller', 'sel_' || ${hex('p.n')}, true, false),
      (p.reserve, 'reserve', 'sel_' || ${hex('p.n')}, true, false)) x(id, name, owner, floored, debit_normal)
    union all values ${[RECEIVABLE, FEES, TAX]
      .map(
        (account) =>
          `('${accountUuid(account)}'::uuid, '${account.name}', '${account.owner}', ${account === TAX}, ${account === RECEIVABLE})`,
      )
      .join(', ')})
  insert into accounts (journal_id, id, name, owner, currency, floored, debit_normal, debits, credits)
    select 1, id, name, owner, 'USD', floored, debit_normal, debits, credits from named join sums using (id)`;

/** One in 1,024 entries, by chance, of the accounts that have as many. */
const CHECKPOINTS = `
  select setseed(0.25);
  with busy as materialized (
    select id from (select debit as id from transfers union all select credit from transfers) s group by id having count(*) >= 1024)
  insert into account_checkpoints (journal_id, account, seq, debits, credits)
    select 1, id, seq, debits, credits from (
      select b.id, e.seq, sum(e.debit) over w as debits, sum(e.credit) over w as credits
        from busy b cross join lateral (
          select seq, leg, amount as debit, 0 as credit from transfers where debit = b.id
          union all select seq, leg, 0, amount from transfers where credit = b.id) e
      window w as (partition by b.id order by e.seq, e.leg)) sums
     where random() < 1.0 / 1024`;

/** The rows that the load writes: what was paid in, less the refund. */
async function insertRows(client: pg.Client): Promise<void> {
  const paidIn = { value: PAID_IN, currency: 'USD' };
  const refunded = { value: '5000', currency: 'USD' };
  for (const [{ table, document }, state] of [
    [PAYMENTS, 'captured'],
    [ORDERS, 'received'],
  ] as const)
    await client.query(
      `insert into ${table} (id, version, state, data)
         select ${hex('n')}::uuid, 1, $2, $3::jsonb || jsonb_build_object('reference', 'PO-' || n, 'order', 'ord_' || ${hex('n')})
           from generate_series(1, $1::int) n`,
      [ROWS, state, JSON.stringify({ ...document, captured: paidIn, refunded })],
    );
}
