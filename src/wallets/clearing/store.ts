/** All SQL of clearing but collecting (collect.ts). */
import type { Day } from '../../base/clock.ts';
import type { Currency } from '../../base/currency.ts';
import { type Id, uuidOf } from '../../base/ids.ts';
import { fromJson } from '../../base/json.ts';
import { type Money, money } from '../../base/money.ts';
import type { Queryable } from '../../db/pool.ts';
import { findRows, loadRow } from '../../db/state-table.ts';
import { type Participant, participants } from '../../parties/index.ts';
import {
  type ClearingBatch,
  type ClearingFile,
  type ClearingPair,
  clearingBatches,
  clearingFiles,
  clearingPairs,
  type Role,
} from './batch.ts';
import { type ClearingCycle, clearingCycles } from './cycle.ts';

export const findCycle = (db: Queryable, id: Id<'cyc'>): Promise<ClearingCycle | null> =>
  loadRow(db, clearingCycles, id);

export async function findCycleOf(db: Queryable, day: string): Promise<ClearingCycle | null> {
  return (await findRows(db, clearingCycles, 'day = $1', [day]))[0] ?? null;
}

export async function newestCycle(db: Queryable): Promise<ClearingCycle | null> {
  return (await findRows(db, clearingCycles, 'true order by day desc limit 1', []))[0] ?? null;
}

/** Newest first, those before `before`, 32 hex digits. */
export const listCycles = (db: Queryable, before: string, limit: number): Promise<readonly ClearingCycle[]> =>
  findRows(db, clearingCycles, 'id < $1::uuid order by id desc limit $2', [before, limit]);

/** Whether a cycle of an earlier day may still take items. */
export async function isEarlierCollecting(db: Queryable, { day }: ClearingCycle): Promise<boolean> {
  const { rowCount } = await db.query("select 1 from clearing_cycles where state = 'collecting' and day < $1 limit 1", [
    day,
  ]);
  return rowCount !== 0;
}

export const allParticipants = (db: Queryable): Promise<readonly Participant[]> =>
  findRows(db, participants, 'true order by id', []);

export interface ItemCounts {
  readonly payments: number;
  readonly refunds: number;
  /** Pairs of currencies that something crosses between: the wallet's and the settlement's. */
  readonly crossings: readonly { readonly pay: Currency; readonly settle: Currency }[];
}

/** The cycle that a payment or a refund was cleared in; null while it is in none. */
export async function cycleOf(db: Queryable, item: Id<'hpy'> | Id<'hrf'>): Promise<Id<'cyc'> | null> {
  const sql = 'select cycle from clearing_items where item = $1';
  return (await db.query<{ cycle: Id<'cyc'> }>(sql, [uuidOf(item)])).rows[0]?.cycle ?? null;
}

export async function countItems(db: Queryable, cycle: Id<'cyc'>): Promise<ItemCounts> {
  const { rows } = await db.query<{ pay: Currency; settle: Currency; payments: number; refunds: number }>(
    `select pay_currency as pay, settle_currency as settle, count(*) filter (where kind = 'payment')::int as payments,
            count(*) filter (where kind = 'refund')::int as refunds
       from clearing_items where cycle = $1 group by 1, 2 order by 1, 2`,
    [cycle],
  );
  return {
    payments: rows.reduce((sum, { payments }) => sum + payments, 0),
    refunds: rows.reduce((sum, { refunds }) => sum + refunds, 0),
    crossings: rows.filter(({ pay, settle }) => pay !== settle).map(({ pay, settle }) => ({ pay, settle })),
  };
}

export type PairSums = Pick<
  ClearingPair,
  'wallet' | 'acquirer' | 'payments' | 'refunds' | 'paid' | 'paidBack' | 'settled' | 'settledBack'
>;

interface RawSums {
  readonly wallet: Id<'net'>;
  readonly acquirer: Id<'ptc'> | null;
  readonly pay: Currency;
  readonly settle: Currency;
  readonly payments: number;
  readonly refunds: number;
  readonly paid: bigint;
  readonly paid_back: bigint;
  readonly settled: bigint;
  readonly settled_back: bigint;
}

export async function sumPairs(db: Queryable, cycle: Id<'cyc'>): Promise<readonly PairSums[]> {
  const { rows } = await db.query<RawSums>(
    `select wallet, acquirer, pay_currency as pay, settle_currency as settle,
            count(*) filter (where kind = 'payment')::int as payments, count(*) filter (where kind = 'refund')::int as refunds,
            coalesce(sum(pay_amount) filter (where kind = 'payment'), 0)::bigint as paid,
            coalesce(-sum(pay_amount) filter (where kind = 'refund'), 0)::bigint as paid_back,
            coalesce(sum(settle_amount) filter (where kind = 'payment'), 0)::bigint as settled,
            coalesce(-sum(settle_amount) filter (where kind = 'refund'), 0)::bigint as settled_back
       from clearing_items where cycle = $1 group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    [cycle],
  );
  return rows.map(({ wallet, acquirer, pay, settle, payments, refunds, ...sums }) => ({
    wallet,
    acquirer,
    payments,
    refunds,
    paid: money(sums.paid, pay),
    paidBack: money(sums.paid_back, pay),
    settled: money(sums.settled, settle),
    settledBack: money(sums.settled_back, settle),
  }));
}

export const pairsOf = (db: Queryable, cycle: Id<'cyc'>): Promise<readonly ClearingPair[]> =>
  findRows(db, clearingPairs, 'cycle = $1 order by id', [cycle]);

export const batchesOf = (db: Queryable, cycle: Id<'cyc'>): Promise<readonly ClearingBatch[]> =>
  findRows(db, clearingBatches, 'cycle = $1 order by id', [cycle]);

/** Batches without files yet; a few at a time. */
export const unfiledBatches = (db: Queryable, cycle: Id<'cyc'>, limit: number): Promise<readonly ClearingBatch[]> =>
  findRows(db, clearingBatches, "cycle = $1 and state = 'cleared' order by id limit $2", [cycle, limit]);

/** What falls due by `day` and is not settled, of whom and in what. */
export const dueBatches = (db: Queryable, day: Day): Promise<readonly ClearingBatch[]> =>
  findRows(db, clearingBatches, "state = 'filed' and due_on <= $1 order by id", [day]);

export const batchesSettledBy = (db: Queryable, settlement: Id<'stl'>): Promise<readonly ClearingBatch[]> =>
  findRows(db, clearingBatches, 'settlement = $1 order by id', [settlement]);

/** What the files say of an item (collect.ts). */
export interface ItemFacts {
  readonly id: string;
  readonly acquirerRequest: string;
  readonly walletRequest: string;
  readonly merchantId: string;
  readonly merchantName: string;
  readonly categoryCode: string;
  readonly orderReference: string;
  readonly orderCurrency: string;
  readonly orderAmount: string;
  readonly original?: string;
  readonly originalAcquirerRequest?: string;
  readonly originalWalletRequest?: string;
}

export interface Item {
  readonly item: string;
  readonly kind: 'payment' | 'refund';
  readonly at: string;
  readonly wallet: Id<'net'>;
  /** Null: a shop of our own marketplaces. */
  readonly acquirer: Id<'ptc'> | null;
  /** As the batch's currency has it; signed. */
  readonly amount: bigint;
  readonly facts: ItemFacts;
}

export interface ItemsAfter {
  readonly at: string;
  readonly item: string;
}

/** Items of one batch in the order of time, those after `after`. */
export async function itemsOf(
  db: Queryable,
  { cycle, role, owner, net }: Pick<ClearingBatch, 'cycle' | 'role' | 'owner' | 'net'>,
  after: ItemsAfter,
  limit: number,
): Promise<readonly Item[]> {
  const { rows } = await db.query<Omit<Item, 'facts'> & { line: string }>(
    `select item, kind, at, wallet, acquirer, ${AMOUNT_OF[role]} as amount, line::text as line from clearing_items
      where cycle = $1 and ${OF_ROLE[role]} and (at, item) > ($4, $5::uuid) order by at, item limit $6`,
    [cycle, owner, net.currency, after.at, after.item, limit],
  );
  return rows.map(({ line, ...row }) => ({ ...row, facts: fromJson<ItemFacts>(line) }));
}

const AMOUNT_OF: Readonly<Record<Role, string>> = { wallet: 'pay_amount', acquirer: 'settle_amount' };
const OF_ROLE: Readonly<Record<Role, string>> = {
  wallet: 'wallet = $2 and pay_currency = $3',
  acquirer: 'acquirer = $2 and settle_currency = $3',
};

/** Keeps what a file says; the same content is kept once. */
export async function keepContent(db: Queryable, sha256: string, gzip: Buffer): Promise<void> {
  await db.query('insert into clearing_contents (sha256, gzip) values ($1, $2) on conflict (sha256) do nothing', [
    sha256,
    gzip,
  ]);
}

export async function loadContent(db: Queryable, sha256: string): Promise<Buffer | null> {
  const { rows } = await db.query<{ gzip: Buffer }>('select gzip from clearing_contents where sha256 = $1', [sha256]);
  return rows[0]?.gzip ?? null;
}

export const filesIn = (db: Queryable, folder: string): Promise<readonly ClearingFile[]> =>
  findRows(db, clearingFiles, 'folder = $1 order by path', [folder]);

export async function findFile(db: Queryable, path: string): Promise<ClearingFile | null> {
  return (await findRows(db, clearingFiles, 'path = $1', [path]))[0] ?? null;
}

export const filesOf = (db: Queryable, batch: Id<'clb'> | Id<'stl'>): Promise<readonly ClearingFile[]> =>
  findRows(db, clearingFiles, "data ->> 'batch' = $1 order by path", [batch]);

/** A settlement as the operator sees it: reconciliation's row, with whose it is. */
export interface SettlementView {
  readonly id: Id<'stl'>;
  readonly state: string;
  readonly reference: string;
  readonly participant: Id<'ptc'>;
  readonly participantId: string;
  readonly name: string;
  readonly agreementId: string;
  readonly dueOn: string;
  readonly net: Money;
  readonly booked: Money;
}

interface RawSettlement extends Omit<SettlementView, 'net' | 'booked'> {
  readonly currency: Currency;
  readonly net: bigint;
  readonly booked: bigint;
}

export interface SettlementFilter {
  readonly state: string | null;
  readonly participantId: string | null;
  /** 32 hex digits. */
  readonly before: string;
  readonly limit: number;
}

/** Newest first. */
export async function listHubSettlements(db: Queryable, filter: SettlementFilter): Promise<readonly SettlementView[]> {
  return readSettlements(
    db,
    `s.id < $1::uuid and ($2::text is null or s.state = $2) and ($3::text is null or p.participant_id = $3)
      order by s.id desc limit $4`,
    [filter.before, filter.state, filter.participantId, filter.limit],
  );
}

export async function findHubSettlement(db: Queryable, id: Id<'stl'>): Promise<SettlementView | null> {
  return (await readSettlements(db, 's.id = $1::uuid', [uuidOf(id)]))[0] ?? null;
}

async function readSettlements(db: Queryable, condition: string, values: unknown[]): Promise<SettlementView[]> {
  const { rows } = await db.query<RawSettlement>(
    `select 'stl_' || replace(s.id::text, '-', '') as id, s.state, s.batch as reference, s.data ->> 'network' as participant,
            p.participant_id as "participantId", p.data ->> 'name' as name, s.data ->> 'agreementId' as "agreementId",
            s.data ->> 'day' as "dueOn", s.data #>> '{net,currency}' as currency,
            (s.data #>> '{net,value}')::bigint as net, (s.data #>> '{booked,value}')::bigint as booked
       from settlements s join participants p on p.id = substr(s.data ->> 'network', 5)::uuid
      where s.data ->> 'kind' = 'hub' and ${condition}`,
    values,
  );
  return rows.map(({ currency, net, booked, ...row }) => ({
    ...row,
    net: money(net, currency),
    booked: money(booked, currency),
  }));
}
