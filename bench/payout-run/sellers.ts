/**
 * Sellers by the hundred thousand, each with one released order behind its balance: events, transfers, accounts and rows as
 * the platform itself would have left them, written by the owner of the database in one statement a table, so that the laws
 * of the ledger hold before the run as they must after it.
 */
import pg from 'pg';
import type { Id } from '../../src/base/ids.ts';

export interface Sellers {
  readonly marketplace: Id<'mkt'>;
  readonly network: Id<'net'>;
  readonly count: number;
  /** Tells the ids of one marketplace from those of the others; below 256. */
  readonly block: number;
}

/** What all of them have together, in cents. */
export async function addSellers(ownerUrl: string, sellers: Sellers): Promise<bigint> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('set synchronous_commit = off');
    await client.query('begin');
    await client.query('select seq from journal_head where journal_id = 1 for update');
    await client.query(`create temp table made on commit drop as ${made(sellers)}`);
    for (const statement of STATEMENTS) await client.query(statement);
    const { rows } = await client.query<{ total: string }>('select sum(cents)::text as total from made');
    await client.query('commit');
    for (const table of FILLED) await client.query(`vacuum analyze ${table}`);
    await client.query('checkpoint');
    return BigInt((rows[0] as { total: string }).total);
  } finally {
    await client.end();
  }
}

/** The n-th seller with order and payment, between 10.00 and 1,009.99 each; ids are shaped like UUIDv7 and ascend. */
function made({ marketplace, network, count, block }: Sellers): string {
  const id = (kind: number): string =>
    `('01970000000${kind}700080${block.toString(16).padStart(2, '0')}' || lpad(to_hex(n), 12, '0'))::uuid`;
  return `select n, ${id(1)} as seller, ${id(2)} as "order", ${id(3)} as payment, gen_random_uuid() as unit,
                 '${marketplace}' as marketplace, '${network}' as network,
                 1000 + (n::bigint * 7919) % 100000 as cents, h.seq + n * 3 - 2 as seq
            from generate_series(1, ${count}) n, journal_head h where h.journal_id = 1`;
}

const shown = (prefix: string, column: string): string => `'${prefix}_' || replace(${column}::text, '-', '')`;
const usd = (cents: string): string => `jsonb_build_object('value', ${cents}::text, 'currency', 'USD')`;
const [SELLER, ORDER] = [shown('sel', 'seller'), shown('ord', '"order"')];

/** The account's id as src/ledger/account.ts makes it. */
const accountId = (name: string, owner: string): string => {
  const hash = `substr(sha256(convert_to('${name}|' || ${owner} || '|USD', 'UTF8')), 1, 16)`;
  const version = `set_byte(${hash}, 6, 128 | (get_byte(${hash}, 6) & 15))`;
  return `encode(set_byte(${version}, 8, 128 | (get_byte(${hash}, 8) & 63)), 'hex')::uuid`;
};

const event = (offset: number, type: string, subject: { prefix: string; column: string }, data: string): string =>
  `insert into journal_events (journal_id, seq, unit_id, type, prefix, subject, version, at, data)
     select 1, seq + ${offset}, unit, '${type}', '${subject.prefix}', ${subject.column}, 1, now(),
            jsonb_build_object('marketplace', marketplace, ${data}) from made order by n`;

const transfer = (offset: number, debit: string, credit: string): string =>
  `insert into transfers (journal_id, seq, leg, debit, credit, amount)
     select 1, seq + ${offset}, 0, ${debit}, ${credit}, cents from made order by n`;

const accounts = (name: string, owner: string, sums: { debits: string; credits: string }): string =>
  `insert into accounts (journal_id, id, name, owner, currency, floored, debit_normal, debits, credits)
     select 1, ${accountId(name, owner)}, '${name}', ${owner}, 'USD', ${name !== 'receivable'}, ${name === 'receivable'},
            ${sums.debits}, ${sums.credits} from made`;

/** Only these: a table that is analyzed while it is empty is planned for as if it stayed so. */
const FILLED = ['sellers', 'journal_events', 'transfers', 'accounts'];

const RECEIVABLE = accountId('receivable', 'network');

const STATEMENTS: readonly string[] = [
  `insert into sellers (id, version, state, data)
     select seller, 1, 'active', jsonb_build_object('marketplace', marketplace, 'name', 'Seller ' || n, 'country', 'CN',
              'email', 'accounts@supplier' || n || '.example', 'categoryCode', '5732', 'payoutsBlocked', null,
              'bankAccount', jsonb_build_object('country', 'US', 'routingNumber', '121042882', 'accountType', 'checking',
                'accountNumber', lpad(n::text, 10, '4'), 'holderName', 'Supplier No ' || n || ' Trading Company'),
              'createdAt', '2026-11-22T09:00:00.000Z') from made order by n`,
  event(0, 'seller.created', { prefix: 'sel', column: 'seller' }, `'country', 'CN'`),
  event(
    1,
    'payment.captured',
    { prefix: 'pay', column: 'payment' },
    `'network', network, 'order', ${ORDER}, 'captured', ${usd('cents')}`,
  ),
  event(
    2,
    'order.released',
    { prefix: 'ord', column: '"order"' },
    `'order', ${ORDER}, 'seller', ${SELLER}, 'net', ${usd('cents')}, 'fee', ${usd('0')}, 'by', 'deadline'`,
  ),
  transfer(1, RECEIVABLE, accountId('held', ORDER)),
  transfer(2, accountId('held', ORDER), accountId('seller', SELLER)),
  accounts('held', ORDER, { debits: 'cents', credits: 'cents' }),
  accounts('seller', SELLER, { debits: '0', credits: 'cents' }),
  `${accounts('receivable', 'network', { debits: 'sum(cents)', credits: '0' })} group by network`,
  `insert into account_checkpoints (journal_id, account, seq, debits, credits)
     select 1, ${RECEIVABLE}, seq + 1, debits, 0
       from (select n, seq, network, sum(cents) over (order by n) as debits from made) counted where n % 1024 = 0`,
  'update journal_head set seq = seq + (select count(*) * 3 from made), at = greatest(at, now()) where journal_id = 1',
];
