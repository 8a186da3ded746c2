/** All SQL of reconciliation. */
import type { Day, Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import { type Id, uuidOf } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import type { SettlementBatch } from '../connectors/ports/card-acquirer.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import { type Paid, paidOf, paidUnder } from '../payments/index.ts';
import {
  type BankLine,
  type Break,
  bankLines,
  breaks,
  type NetworkFee,
  networkFees,
  type Settlement,
  type SettlementFile,
  type Statement,
  settlementFiles,
  settlements,
  statements,
} from './rows.ts';

export const findBankLine = (db: Queryable, id: Id<'ln'>): Promise<BankLine | null> => loadRow(db, bankLines, id);
export const findBreak = (db: Queryable, id: Id<'brk'>): Promise<Break | null> => loadRow(db, breaks, id);
export const loadSettlement = (db: Queryable, id: Id<'stl'>): Promise<Settlement | null> =>
  loadRow(db, settlements, id);

export async function findSettlement(db: Queryable, batch: string): Promise<Settlement | null> {
  return (await findRows(db, settlements, 'batch = $1', [batch]))[0] ?? null;
}

/** Batches the bank has not booked in full, oldest first. */
export const openSettlements = (db: Queryable): Promise<readonly Settlement[]> =>
  findRows(db, settlements, "state in ('reported', 'differs') order by id", []);

/** Under its key: bank, day and currency. */
export async function findStatement(db: Queryable, key: string): Promise<Statement | null> {
  return (await findRows(db, statements, 'day_key = $1', [key]))[0] ?? null;
}

export async function lastStatement(db: Queryable, bank: Id<'bnk'>, currency: Currency): Promise<Statement | null> {
  const condition = "bank = $1 and data #>> '{closing,currency}' = $2 order by data ->> 'day' desc limit 1";
  return (await findRows(db, statements, condition, [bank, currency]))[0] ?? null;
}

export const unexplainedLines = (db: Queryable): Promise<readonly BankLine[]> =>
  findRows(db, bankLines, "state = 'unexplained' order by id", []);

export async function knownLineKeys(db: Queryable, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ line_key: string }>('select line_key from bank_lines where line_key = any ($1)', [
    keys,
  ]);
  return new Set(rows.map(({ line_key }) => line_key));
}

export const listBankLines = (
  db: Queryable,
  state: string | null,
  before: string,
  limit: number,
): Promise<readonly BankLine[]> =>
  findRows(db, bankLines, 'id < $1::uuid and ($2::text is null or state = $2) order by id desc limit $3', [
    before,
    state,
    limit,
  ]);

/** There is one of a kind about a thing at most, open or closed. */
export async function findBreakAbout(db: Queryable, kind: string, subject: string): Promise<Break | null> {
  return (await findRows(db, breaks, 'break_key = $1', [`${kind}:${subject}`]))[0] ?? null;
}

export const listBreaks = (
  db: Queryable,
  state: string | null,
  before: string,
  limit: number,
): Promise<readonly Break[]> =>
  findRows(db, breaks, 'id < $1::uuid and ($2::text is null or state = $2) order by id desc limit $3', [
    before,
    state,
    limit,
  ]);

/** Keeps the lines of a batch; a repeat changes nothing. */
export async function keepSettlementLines(db: Queryable, batch: SettlementBatch): Promise<void> {
  const lines = batch.lines;
  await db.query(
    `insert into settlement_lines (batch, kind, reference, network_id, currency, amount, interchange, scheme_fee, processing_fee,
                                   presented_currency, presented_amount)
     select $1, x.kind, x.reference, x.network_id, $2, x.amount, x.interchange, x.scheme_fee, x.processing_fee,
            x.presented_currency, x.presented_amount
       from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[], $11::bigint[])
            x(kind, reference, network_id, amount, interchange, scheme_fee, processing_fee, presented_currency, presented_amount)
     on conflict do nothing`,
    [
      batch.batch,
      batch.currency,
      lines.map(({ kind }) => kind),
      lines.map(({ reference }) => reference),
      lines.map(({ networkId }) => networkId),
      lines.map(({ amount }) => amount.amount),
      lines.map(({ interchange }) => interchange.amount),
      lines.map(({ schemeFee }) => schemeFee.amount),
      lines.map(({ processingFee }) => processingFee.amount),
      lines.map(({ presentment }) => presentment?.currency ?? null),
      lines.map(({ presentment }) => presentment?.amount ?? null),
    ],
  );
}

export interface LineMismatch {
  readonly kind: 'missing_in_ledger' | 'amount_differs';
  readonly reference: string;
  readonly amount: Money;
  readonly ours: string;
}

/** Amount and currency in which we know a line's operation: as presented. */
const OWN_AMOUNT = 'coalesce(l.presented_amount, l.amount)';
const OWN_CURRENCY = 'coalesce(l.presented_currency, l.currency)';
const SAME_MONEY = `((o.data #>> '{amount,value}')::bigint = ${OWN_AMOUNT} and o.data #>> '{amount,currency}' = ${OWN_CURRENCY})`;

/** Lines of a batch that no approved operation of ours explains, by reference, direction and amount. */
export async function mismatchedLines(db: Queryable, batch: string): Promise<readonly LineMismatch[]> {
  const { rows } = await db.query<{
    reference: string;
    amount: bigint;
    currency: Currency;
    ours: string | null;
    state: string | null;
    code: string | null;
  }>(
    `select l.reference, ${OWN_AMOUNT} as amount, ${OWN_CURRENCY} as currency, o.data #>> '{amount,value}' as ours, o.state,
            o.data #>> '{answer,code}' as code
       from settlement_lines l left join operations o on o.reference = l.reference
      where l.batch = $1
        and (o.id is null or o.state <> 'approved' or not ${SAME_MONEY} or (l.kind = 'refund') <> (o.data ->> 'kind' = 'refund'))`,
    [batch],
  );
  return rows.map((row) => ({
    kind: row.state === 'approved' ? 'amount_differs' : 'missing_in_ledger',
    reference: row.reference,
    amount: money(row.amount, row.currency),
    ours: oursOf(row),
  }));
}

/** What the network settled although it had said no is money of the cardholder's: it cannot be voided any more. */
function oursOf({ ours, state, code }: { ours: string | null; state: string | null; code: string | null }): string {
  if (ours === null) return 'no operation with this reference';
  const known = `operation ${state}, ${ours} minor units`;
  return state === 'declined'
    ? `${known}, ${code ?? 'declined'}; to decide: give it back by a refund at the network`
    : known;
}

export interface MissingOperation {
  readonly reference: string;
  readonly amount: Money;
  readonly answeredAt: Instant;
}

/** Money-moving operations approved before `before` that no file has shown. What wallets move is in no acquirer's file. */
export async function operationsMissingInFiles(db: Queryable, before: Instant): Promise<readonly MissingOperation[]> {
  const { rows } = await db.query<{ reference: string; value: string; currency: Currency; answeredAt: Instant }>(
    `select o.reference, o.data #>> '{amount,value}' as value, o.data #>> '{amount,currency}' as currency, o.data ->> 'answeredAt' as "answeredAt"
       from operations o
      where o.state = 'approved' and o.data ->> 'kind' in ('sale', 'capture', 'refund') and o.data ->> 'answeredAt' < $1
        and o.data -> 'moved' is null
        and not exists (select 1 from settlement_lines l where l.reference = o.reference)`,
    [before],
  );
  return rows.map(({ reference, value, currency, answeredAt }) => ({
    reference,
    amount: money(BigInt(value), currency),
    answeredAt,
  }));
}

/**
 * The line of a dispute report that a break is about (`dsp_…:credit:2`) is booked by now, as when a later report brought the
 * other half of what cancels out.
 */
const LINE_BOOKED = `exists (
  select 1 from disputes d, lateral (
    select m ->> 'kind' as kind, m -> 'amount' as amount, row_number() over (partition by m ->> 'kind' order by n) as nth
      from jsonb_array_elements(d.data -> 'movements') with ordinality x(m, n)) booked
   where d.id = case when breaks.data ->> 'subject' ~ '^dsp_[0-9a-f]{32}:' then substr(breaks.data ->> 'subject', 5, 32)::uuid end
     and substr(breaks.data ->> 'subject', 38) = booked.kind || ':' || booked.nth and booked.amount = breaks.data -> 'amount')`;

/** Open breaks about single operations or lines that agree by now: the file shows them, or our own record has caught up. */
export const settledBreaks = (db: Queryable): Promise<readonly Break[]> =>
  findRows(
    db,
    breaks,
    `state = 'open' and data ->> 'kind' in ('missing_in_file', 'missing_in_ledger', 'amount_differs')
      and (${LINE_BOOKED} or exists (
        select 1 from settlement_lines l join operations o on o.reference = l.reference
         where l.reference = breaks.data ->> 'subject' and o.state = 'approved'
           and ${SAME_MONEY}))`,
    [],
  );

/** Of these references, those whose operation has no final outcome yet. */
export async function openReferences(db: Queryable, references: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ reference: string }>(
    "select reference from operations where reference = any ($1) and state in ('sent', 'pending', 'unknown')",
    [references],
  );
  return new Set(rows.map(({ reference }) => reference));
}

export interface UnseenOperation {
  readonly id: Id<'opn'>;
  readonly reference: string;
  readonly sentAt: Instant;
}

/** Open operations of a network that move money, sent before `before`, that no file has shown. */
export async function unseenOperations(
  db: Queryable,
  network: Id<'net'>,
  before: Instant,
): Promise<readonly UnseenOperation[]> {
  const { rows } = await db.query<UnseenOperation>(
    `select 'opn_' || replace(o.id::text, '-', '') as id, o.reference, o.data ->> 'sentAt' as "sentAt"
       from operations o
      where o.state in ('sent', 'pending', 'unknown') and o.data ->> 'network' = $1 and o.data ->> 'sentAt' < $2
        and o.data ->> 'kind' in ('sale', 'capture', 'refund')
        and not exists (select 1 from settlement_lines l where l.reference = o.reference)
      order by o.id`,
    [network, before],
  );
  return rows;
}

export const fileKey = (network: Id<'net'>, day: Day): string => `${network}:${day}`;

/** How many of these days' files of a network are imported. */
export async function importedFiles(db: Queryable, network: Id<'net'>, days: readonly Day[]): Promise<number> {
  return (await findSettlementFiles(db, network, days)).length;
}

const findSettlementFiles = (
  db: Queryable,
  network: Id<'net'>,
  days: readonly Day[],
): Promise<readonly SettlementFile[]> =>
  findRows(db, settlementFiles, 'file_key = any ($1)', [days.map((day) => fileKey(network, day))]);

/** As the database makes it (migrations/0020): what a fee is posted under once. */
export const feeKey = (
  fee: Pick<NetworkFee, 'network' | 'day' | 'batch' | 'returned' | 'networkId' | 'reference'>,
): string => [fee.network, fee.day, fee.batch, fee.returned.currency, fee.networkId, fee.reference].join(':');

export async function knownFeeKeys(db: Queryable, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ fee_key: string }>('select fee_key from network_fees where fee_key = any ($1)', [
    keys,
  ]);
  return new Set(rows.map(({ fee_key }) => fee_key));
}

/** The fees of payments, oldest first. */
export const feesOf = (db: Queryable, payments: readonly string[]): Promise<readonly NetworkFee[]> =>
  findRows(db, networkFees, 'payment = any ($1) order by id', [payments]);

/** What was posted for a batch or bill, by currency: fees less what was given back. */
export async function postedFees(db: Queryable, settlement: Id<'stl'>): Promise<readonly Money[]> {
  const value = (field: string): string => `(data #>> '{${field},value}')::bigint`;
  const { rows } = await db.query<{ currency: Currency; total: bigint }>(
    `select data #>> '{returned,currency}' as currency,
            sum(${value('interchange')} + ${value('schemeFee')} + ${value('processingFee')} - ${value('returned')})::bigint as total
       from network_fees where settlement = $1 group by 1 order by 1`,
    [settlement],
  );
  return rows.map(({ currency, total }) => money(total, currency));
}

/** Whose payment each of our references is. */
export async function ownersByReference(
  db: Queryable,
  network: Id<'net'>,
  references: readonly string[],
): Promise<ReadonlyMap<string, Paid>> {
  const { rows } = await db.query<Paid & { readonly id: string }>(
    `select reference as id, payment, data ->> 'order' as "order" from operations
      where reference = any ($2) and data ->> 'network' = $1`,
    [network, references],
  );
  return paidOf(rows);
}

/** The same by the network's ids: as earlier files have shown them of our references, and as we know them. */
export async function ownersByNetworkId(
  db: Queryable,
  network: Id<'net'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Paid>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<Paid & { readonly id: string }>(
    `select l.network_id as id, o.payment, o.data ->> 'order' as "order"
       from settlement_lines l join operations o on o.reference = l.reference
      where l.network_id = any ($2) and o.data ->> 'network' = $1`,
    [network, ids],
  );
  return new Map([...paidOf(rows), ...(await paidUnder(db, network, ids))]);
}

/**
 * Currencies that are not the bank account's own, which it holds beside: those that networks and participants settle in, that were dealt in,
 * and that sponsors of campaigns may pay in, what an order or an acquirer is paid in.
 */
export async function otherCurrencies(db: Queryable, bank: Id<'bnk'>): Promise<readonly Currency[]> {
  const { rows } = await db.query<{ currency: Currency }>(
    `select x.currency from bank_accounts b, (
         select data #>> '{net,currency}' as currency from settlements where data #>> '{net,value}' <> '0'
         union select data #>> '{sold,currency}' from fx_deals
         union select data #>> '{bought,currency}' from fx_deals
         union select terms #>> '{threshold,currency}' from campaigns, jsonb_array_elements(data #> '{gives,terms}') terms
                where data #>> '{funder,by}' = 'sponsor'
         union select jsonb_array_elements_text(data #> '{acquirer,settlementCurrencies}') from participants
                where data #> '{acquirer,settlementCurrencies}' is not null
                  and exists (select from campaigns where data #>> '{funder,by}' = 'sponsor')) x
      where b.id = $1 and x.currency <> b.data ->> 'currency'`,
    [uuidOf(bank)],
  );
  return rows.map(({ currency }) => currency);
}
