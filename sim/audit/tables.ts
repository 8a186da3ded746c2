/**
 * The auditor's way to the tables: a connection of its own, its own SQL, one snapshot an audit. It reads the journal only
 * from where it stopped, and proves with checksums that what it read before is still there unchanged.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

export interface EventRow {
  readonly seq: bigint;
  readonly unit: string;
  readonly type: string;
  readonly subject: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface TransferRow {
  readonly seq: bigint;
  readonly leg: number;
  readonly debit: string;
  readonly debitCurrency: string;
  readonly credit: string;
  readonly creditCurrency: string;
  readonly amount: bigint;
}

export interface AccountRow {
  readonly account: string;
  readonly debits: bigint;
  readonly credits: bigint;
}

export interface StateRows {
  readonly orders: readonly OrderRow[];
  readonly payments: readonly PaymentRow[];
  readonly operations: readonly OperationRow[];
  readonly refunds: readonly RefundRow[];
  readonly payouts: readonly PayoutRow[];
  readonly disputes: readonly DisputeRow[];
  readonly files: readonly { readonly id: string; readonly state: string; readonly amount: bigint }[];
  readonly settlements: readonly {
    readonly id: string;
    readonly state: string;
    readonly batch: string;
    readonly kind: string;
    /** Everything of its day's file is posted; before, a disturbed import may stand in the middle. */
    readonly whole: boolean;
    readonly currency: string;
    readonly amount: bigint;
    readonly fees: bigint;
  }[];
  /** What was posted for each operation that a file charges for. */
  readonly fees: readonly FeeRow[];
  readonly hub: readonly HubRow[];
  /** What wallets were asked for, under the reference that they know it by. */
  readonly walletDeeds: readonly WalletDeed[];
  /** Of each account of the hub's wallets and acquirers, whose it is in the world outside: `pspId` or `acquirerId`. */
  readonly participants: ReadonlyMap<string, string>;
  readonly markets: ReadonlyMap<string, number>;
  /** By currency. */
  readonly lastStatementDays: ReadonlyMap<string, string>;
  readonly deadJobs: readonly string[];
  readonly openBreaks: readonly string[];
}

/** What one kind of row adds to what wallets owe and acquirers are owed, by owner and currency; signed. */
export interface HubRow {
  readonly side: 'wallet' | 'acquirer';
  /** The wallet's account, or the acquirer. */
  readonly owner: string;
  readonly currency: string;
  readonly amount: bigint;
}

/** One payment or refund by wallet, of an order or of a shop. */
export interface WalletDeed {
  /** Ours: the payment, the refund or the operation. */
  readonly id: string;
  readonly kind: 'payment' | 'refund';
  readonly reference: string;
  /** Whether the wallet has paid or given back, as we know it; open while its last word is not known. */
  readonly state: 'done' | 'open' | 'none';
  /** In the wallet's currency. */
  readonly amount: bigint;
}

export interface FeeRow {
  readonly id: string;
  readonly settlement: string;
  readonly payment: string | null;
  readonly apart: boolean;
  readonly amount: bigint;
}
export interface OrderRow {
  readonly id: string;
  readonly state: string;
  readonly captured: bigint;
  readonly refunded: bigint;
  readonly refunding: bigint;
  /** Frozen for disputes that are open, or lost to them. */
  readonly disputed: bigint;
}
export interface PaymentRow {
  readonly id: string;
  readonly state: string;
  readonly order: string;
  readonly instalment: number;
  readonly byWallet: boolean;
  readonly amount: bigint;
  readonly captured: bigint;
  readonly refunded: bigint;
}
export interface OperationRow {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly reference: string;
  readonly payment: string;
  readonly byWallet: boolean;
  readonly amount: bigint;
}
export interface RefundRow {
  readonly id: string;
  readonly state: string;
  readonly payment: string;
  readonly order: string;
  readonly amount: bigint;
}
export interface PayoutRow {
  readonly id: string;
  readonly state: string;
  readonly seller: string;
  readonly amount: bigint;
}

export interface DisputeRow {
  readonly id: string;
  readonly state: string;
  /** The network's id. */
  readonly claim: string;
  readonly order: string;
  readonly seller: string;
  readonly amount: bigint;
  readonly debited: bigint;
  readonly credited: bigint;
  readonly fees: bigint;
}

export interface Sums {
  readonly past: string;
  readonly present: string;
}

export interface Snapshot {
  readonly head: bigint;
  readonly events: readonly EventRow[];
  readonly transfers: readonly TransferRow[];
  readonly accounts: readonly AccountRow[];
  readonly rows: StateRows;
  /** Count and hash of the rows up to an earlier seq as they stand now, and of all rows. Null when not asked for. */
  readonly sums: Readonly<Record<'transfers' | 'events', Sums>> | null;
}

const id = (prefix: string, column = 'id'): string => `'${prefix}_' || replace(${column}::text, '-', '')`;
const value = (field: string): string => `coalesce((data #>> '{${field},value}')::bigint, 0)`;

/** The superuser's connection to the world's database. */
export async function connectDirectly(dataDir: string): Promise<pg.Client> {
  const read = (name: string): string => readFileSync(join(dataDir, name), 'utf8').trim();
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(read('postgres-port')),
    user: 'postgres',
    password: read('postgres-password'),
    database: 'causeway',
    application_name: 'sim-auditor',
    options: '-c timezone=UTC -c lock_timeout=5000',
  });
  client.on('error', () => undefined); // the next query says so
  await client.connect();
  return client;
}

/** Everything after `after`, the state as it stands and, when asked for, the checksums, from one snapshot. */
export async function readSnapshot(db: pg.Client, after: bigint, sumsUpTo: bigint | null): Promise<Snapshot> {
  await db.query('begin transaction isolation level repeatable read read only');
  try {
    const [head] = await all<{ seq: string }>(db, 'select seq from journal_head where journal_id = 1');
    return {
      head: BigInt(head?.seq ?? -1),
      sums: sumsUpTo === null ? null : await readSums(db, sumsUpTo),
      events: (await all<Raw<EventRow>>(db, EVENTS, [after.toString()])).map((row) => ({
        ...row,
        seq: BigInt(row.seq),
      })),
      transfers: (await all<Raw<TransferRow>>(db, TRANSFERS, [after.toString()])).map((row) => ({
        ...row,
        seq: BigInt(row.seq),
        amount: BigInt(row.amount),
      })),
      accounts: (await all<Raw<AccountRow>>(db, ACCOUNTS)).map((row) => ({
        ...row,
        debits: BigInt(row.debits),
        credits: BigInt(row.credits),
      })),
      rows: await readRows(db),
    };
  } finally {
    await db.query('rollback');
  }
}

async function readSums(db: pg.Client, upTo: bigint): Promise<Snapshot['sums']> {
  const [transfers] = await all<Sums>(db, SUMS_OF.transfers, [upTo.toString()]);
  const [events] = await all<Sums>(db, SUMS_OF.events, [upTo.toString()]);
  return { transfers: transfers as Sums, events: events as Sums };
}

/** The same rows with 64-bit numbers as the driver brings them: text. */
type Raw<Row> = { readonly [Key in keyof Row]: Row[Key] extends bigint ? string : Row[Key] };

const SUMS = (table: string, columns: string): string => `
  select count(*) filter (where seq <= $1) || '/' || coalesce(sum(hash) filter (where seq <= $1), 0) as past,
         count(*) || '/' || coalesce(sum(hash), 0) as present
    from (select seq, hashtextextended(concat_ws('|', seq, ${columns}), 0)::numeric as hash from ${table}) hashed`;
const SUMS_OF = {
  transfers: SUMS('transfers', 'leg, debit, credit, amount'),
  events: SUMS('journal_events', 'type, subject, version, data'),
};
const EVENTS = `
  select seq, unit_id::text as unit, type, prefix || '_' || replace(subject::text, '-', '') as subject, version, data
    from journal_events where seq > $1 order by seq`;
const TRANSFERS = `
  select t.seq, t.leg, d.name || ':' || d.owner as debit, d.currency as "debitCurrency", c.name || ':' || c.owner as credit,
         c.currency as "creditCurrency", t.amount
    from transfers t left join accounts d on d.id = t.debit left join accounts c on c.id = t.credit
   where t.seq > $1 order by t.seq, t.leg`;
const ACCOUNTS = `select name || ':' || owner || ':' || currency as account, debits, credits from accounts`;

async function readRows(db: pg.Client): Promise<StateRows> {
  const days = await all<{ currency: string; day: string }>(
    db,
    `select data #>> '{closing,currency}' as currency, max(data ->> 'day') as day from statements group by 1`,
  );
  const markets = await all<{ id: string; bps: string }>(
    db,
    `select ${id('mkt')} as id, data #>> '{feePlan,percentBps}' as bps from marketplaces`,
  );
  return {
    orders: await amounts(
      db,
      `select ${id('ord')} as id, state, ${value('captured')} as captured, ${value('refunded')} as refunded, ${value('refunding')} as refunding,
              ${value('disputed')} as disputed from orders`,
    ),
    payments: await amounts(
      db,
      `select ${id('pay')} as id, state, data ->> 'order' as "order", (data ->> 'instalment')::int as instalment, data -> 'wallet' is not null as "byWallet",
              ${value('amount')} as amount,
              ${value('captured')} as captured, ${value('refunded')} as refunded from payments`,
    ),
    operations: await amounts(
      db,
      `select ${id('opn')} as id, state, data ->> 'kind' as kind, data ->> 'reference' as reference, data ->> 'payment' as payment,
              data -> 'moved' is not null as "byWallet", ${value('amount')} as amount from operations`,
    ),
    refunds: await amounts(
      db,
      `select ${id('ref')} as id, state, data ->> 'payment' as payment, data ->> 'order' as "order", ${value('amount')} as amount from refunds`,
    ),
    payouts: await amounts(
      db,
      `select ${id('po')} as id, state, data ->> 'seller' as seller, ${value('amount')} as amount from payouts`,
    ),
    disputes: await amounts(
      db,
      `select ${id('dsp')} as id, state, data ->> 'claim' as claim, data ->> 'order' as "order", data ->> 'seller' as seller, ${value('amount')} as amount,
              ${value('debited')} as debited, ${value('credited')} as credited, ${value('fees')} as fees from disputes`,
    ),
    files: await amounts(db, `select ${id('pof')} as id, state, ${value('total')} as amount from payout_files`),
    settlements: await amounts(
      db,
      `select ${id('stl')} as id, state, data ->> 'batch' as batch, data ->> 'kind' as kind, data #>> '{net,currency}' as currency, ${value('net')} as amount, ${value('fees')} as fees,
              exists (select from settlement_files f where f.data ->> 'network' = s.data ->> 'network' and f.data ->> 'day' = s.data ->> 'day') as whole
         from settlements s`,
    ),
    fees: await amounts(
      db,
      `select ${id('fee')} as id, data ->> 'settlement' as settlement, data ->> 'payment' as payment, (data ->> 'apart')::boolean as apart,
              ${value('interchange')} + ${value('schemeFee')} + ${value('processingFee')} - ${value('returned')} as amount from network_fees`,
    ),
    hub: await amounts(db, HUB),
    walletDeeds: await amounts(db, WALLET_DEEDS),
    participants: await readParticipants(db),
    markets: new Map(markets.map((row) => [row.id, Number(row.bps)])),
    lastStatementDays: new Map(days.map(({ currency, day }) => [currency, day])),
    deadJobs: await texts(
      db,
      `select kind || ' ' || subject || ': ' || coalesce(last_error, '') as text from jobs where dead`,
    ),
    openBreaks: await texts(
      db,
      `select concat_ws(' ', data ->> 'kind', data ->> 'subject', data ->> 'reason') as text from breaks where state = 'open'`,
    ),
  };
}

const inCurrency = (path: string): string => `data #>> '{${path},currency}'`;
const PAID_AT_HUB = "from hub_payments where data ->> 'paidAt' is not null and state in ('paid', 'canceling')";
const fee = (...parts: readonly string[]): string => parts.map(value).join(' - ');

/** Paid, refunded, moved by orders of our own, fees of clearing, what was instructed: of wallets, then of acquirers. */
const HUB = `
  select side, owner, currency, sum(amount)::bigint as amount from (
    select 'wallet' as side, data ->> 'walletAccount' as owner, ${inCurrency('price,payTo')} as currency, ${value('price,payTo')} as amount
      ${PAID_AT_HUB}
    union all select 'wallet', p.data ->> 'walletAccount', r.data #>> '{payBack,currency}', -(r.data #>> '{payBack,value}')::bigint
      from hub_refunds r join hub_payments p on 'hpy_' || replace(p.id::text, '-', '') = r.data ->> 'payment' where r.state = 'refunded'
    union all select 'wallet', data ->> 'network', ${inCurrency('moved')}, case data ->> 'kind' when 'sale' then 1 else -1 end * ${value('moved')}
      from operations where state = 'approved' and data -> 'moved' is not null
    union all select 'wallet', data ->> 'wallet', ${inCurrency('paid')}, ${value('walletFee')} - (${fee('interchangePaid', 'interchangeBack')})
      from clearing_pairs
    union all select data ->> 'role', data ->> 'owner', ${inCurrency('net')}, -${value('net')} from clearing_batches where state = 'instructed'
    union all select 'acquirer', data ->> 'acquirer', ${inCurrency('price,settlement')}, ${value('price,settlement')} ${PAID_AT_HUB}
    union all select 'acquirer', data ->> 'acquirer', ${inCurrency('settled')},
        -${value('settled')} - ${value('hubDiscount')} - ${value('sponsorDiscount')} from hub_refunds where state = 'refunded'
    union all select 'acquirer', data ->> 'acquirer', ${inCurrency('settled')},
        -(${fee('interchange', 'interchangeReturned')}) - ${value('acquirerFee')} from clearing_pairs where data ->> 'acquirer' is not null
  ) parts group by 1, 2, 3`;

/**
 * A closed payment of a shop is open while its wallet has not let it go. A sale that was taken back is none; while that is under way,
 * and from the wish to give up, it is open.
 */
const WALLET_DEEDS = `
  select ${id('hpy')} as id, 'payment' as kind, data ->> 'reference' as reference, ${value('price,payTo')} as amount,
         case when state = 'paid' then 'done' when state in ('in_process', 'canceling') or state = 'closed' and data ->> 'waitJob' is not null
              then 'open' else 'none' end as state
    from hub_payments where data ->> 'wallet' is not null
  union all
  select ${id('hrf')}, 'refund', data ->> 'reference', ${value('payBack')},
         case state when 'refunded' then 'done' when 'sent' then 'open' else 'none' end from hub_refunds
  union all
  select ${id('opn', 'o.id')}, 'payment', o.data ->> 'reference', (o.data #>> '{moved,value}')::bigint,
         case when o.state in ('sent', 'pending', 'unknown') or p.data ->> 'openOperation' is not null then 'open'
              when p.state = 'captured' then 'done' else 'none' end
    from operations o join payments p on ${id('pay', 'p.id')} = o.data ->> 'payment' where o.data -> 'moved' is not null and o.data ->> 'kind' = 'sale'
  union all
  select ${id('opn')}, 'refund', data ->> 'reference', (data #>> '{moved,value}')::bigint,
         case when state = 'approved' then 'done' when state = 'declined' then 'none' else 'open' end
    from operations where data -> 'moved' is not null and data ->> 'kind' = 'refund'`;

const AMOUNT_COLUMNS = [
  'amount',
  'captured',
  'refunded',
  'refunding',
  'disputed',
  'debited',
  'credited',
  'fees',
] as const;

/** Rows whose amount columns become bigint. */
async function amounts<Row>(db: pg.Client, sql: string): Promise<readonly Row[]> {
  const rows = await all<Record<string, unknown>>(db, sql);
  for (const row of rows)
    for (const column of AMOUNT_COLUMNS) if (column in row) row[column] = BigInt(row[column] as string);
  // The SQL above names exactly the fields of Row; the driver cannot know.
  return rows as Row[];
}

/** Of the hub: a wallet by its account, and each by its own id. */
async function readParticipants(db: pg.Client): Promise<StateRows['participants']> {
  const rows = await all<{ account: string; name: string }>(
    db,
    `select coalesce(data #>> '{wallet,account}', ${id('ptc')}) as account, data ->> 'participantId' as name from participants
      union select ${id('ptc')}, data ->> 'participantId' from participants`,
  );
  return new Map(rows.map(({ account, name }) => [account, name]));
}

const texts = async (db: pg.Client, sql: string): Promise<readonly string[]> =>
  (await all<{ text: string }>(db, sql)).map(({ text }) => text);

async function all<Row>(db: pg.Client, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  const { rows } = await db.query(sql, [...values]);
  return rows as Row[];
}
