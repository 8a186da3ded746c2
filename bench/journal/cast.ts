/**
 * The small world every cell starts from: orders to release, accounts to move money between. Ids are made from numbers,
 * so that the load knows them without reading; a database is made once and cloned for every cell.
 */
import pg from 'pg';
import type { Id, IdPrefix } from '../../src/base/ids.ts';

const HEAD = '01970000000070008000';

export const MARKETPLACE = numbered('mkt', 1);

/** The n-th id of a kind: shaped like a UUIDv7, in the order of creation. */
export function numbered<Prefix extends IdPrefix>(prefix: Prefix, n: number): Id<Prefix> {
  return `${prefix}_${HEAD}${n.toString(16).padStart(12, '0')}` as Id<Prefix>;
}

export interface CastSize {
  /** Payments, and as many orders: each unit of the load writes one row. */
  readonly rows: number;
  /** Half of them hold money (`held`); refunds, or sellers, receive it. */
  readonly accounts: number;
}

/** Fills a migrated database. The held accounts start with a balance that no load can use up. */
export async function fillCast(ownerUrl: string, { rows, accounts }: CastSize): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('set synchronous_commit = off');
    for (const { table, document } of [PAYMENTS, ORDERS])
      await client.query(
        `insert into ${table} (id, version, state, data)
           select (${uuid('n')})::uuid, 1, $2, $3::jsonb || jsonb_build_object('reference', 'PO-' || n)
             from generate_series(1, $1::int) n`,
        [rows, table === 'orders' ? 'received' : 'captured', JSON.stringify(document)],
      );
    for (const { name, owners, credits } of ACCOUNTS)
      await client.query(
        `insert into accounts (journal_id, id, name, owner, currency, floored, debit_normal, credits)
           select 1, ${hashed(`'${name}|' || owner || '|USD'`)}, '${name}', owner, 'USD', ${credits !== null}, false, $2
             from (select ${owners} as owner from generate_series(1, $1::int) n) o`,
        [owners.includes('to_hex') ? accounts / 2 : 1, credits ?? '0'],
      );
    await client.query('vacuum analyze');
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}

const uuid = (n: string): string => `'${HEAD}' || lpad(to_hex(${n}), 12, '0')`;

/** By name: whose they are, and what they start with; null for accounts without a floor. */
const ACCOUNTS = [
  { name: 'held', owners: `'ord_' || ${uuid('n')}`, credits: '1000000000000' },
  { name: 'refund', owners: `'ref_' || ${uuid('n')}`, credits: '0' },
  { name: 'seller', owners: `'sel_' || ${uuid('n')}`, credits: '0' },
  { name: 'reserve', owners: `'sel_' || ${uuid('n')}`, credits: '0' },
  { name: 'fee_income', owners: `'${MARKETPLACE}'`, credits: null },
  { name: 'tax_payable', owners: `'US-IL'`, credits: '0' },
] as const;

/** The account's id as src/ledger/account.ts makes it. */
const hashed = (key: string): string =>
  `encode(set_byte(set_byte(h, 6, 128 | (get_byte(h, 6) & 15)), 8, 128 | (get_byte(h, 8) & 63)), 'hex')::uuid`.replaceAll(
    'h,',
    `substr(sha256(convert_to(${key}, 'UTF8')), 1, 16),`,
  );

const usd = (value: string): unknown => ({ value, currency: 'USD' });

/** A captured payment, as src/payments writes it. */
const PAYMENTS = {
  table: 'payments',
  document: {
    marketplace: MARKETPLACE,
    order: numbered('ord', 1),
    seller: numbered('sel', 1),
    instalment: 1,
    network: numbered('net', 1),
    amount: usd('125000'),
    captured: usd('125000'),
    refunded: usd('0'),
    refunding: usd('0'),
    capture: 'automatic',
    card: { token: numbered('tok', 1), brand: 'visa', last4: '1111' },
    networkPaymentId: '3f0a4c1e-7d1b-4c55-9a36-0b6a5c6c9f10',
    openOperation: null,
    decline: null,
    createdAt: '2026-11-22T09:00:00.000Z',
  },
};

/** A received order of one instalment, as src/protection writes it. */
const ORDERS = {
  table: 'orders',
  document: {
    marketplace: MARKETPLACE,
    seller: numbered('sel', 1),
    buyer: numbered('buy', 1),
    reference: 'PO-1',
    description: '400 cotton shirts, sizes S to XL',
    total: usd('125000'),
    instalments: [{ number: 1, amount: usd('125000'), due: 'now', state: 'paid', payment: numbered('pay', 1) }],
    captured: usd('125000'),
    refunded: usd('0'),
    refunding: usd('0'),
    feePlan: { commissionBasisPoints: 250, fixed: usd('30') },
    fee: null,
    policy: 'standard',
    shipBy: { daysAfterFirstPayment: 14 },
    shipByAt: '2026-12-06T09:00:00.000Z',
    payBy: '2027-01-21T09:00:00.000Z',
    shipment: { carrier: 'DHL', trackingNumber: 'JD014600003RU', shippedAt: '2026-11-25T09:00:00.000Z' },
    autoReceiptAt: '2027-01-24T09:00:00.000Z',
    receivedAt: '2026-12-02T09:00:00.000Z',
    receivedBy: 'buyer',
    releaseDueAt: '2026-12-04T09:00:00.000Z',
    releasedAt: null,
    canceledAt: null,
    cancelReason: null,
    createdAt: '2026-11-22T09:00:00.000Z',
  },
};

export { ORDERS, PAYMENTS };
