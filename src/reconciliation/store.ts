/** All SQL of reconciliation. */
import type { Instant } from '../base/clock.ts';
import type { Currency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import { type Money, money } from '../base/money.ts';
import type { SettlementBatch } from '../connectors/ports/card-acquirer.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow } from '../db/state-table.ts';
import {
  type BankLine,
  type Break,
  bankLines,
  breaks,
  type Settlement,
  type Statement,
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

export async function findStatement(db: Queryable, bank: Id<'bnk'>, day: string): Promise<Statement | null> {
  return (await findRows(db, statements, 'day_key = $1', [`${bank}:${day}`]))[0] ?? null;
}

export async function lastStatement(db: Queryable, bank: Id<'bnk'>): Promise<Statement | null> {
  return (await findRows(db, statements, "bank = $1 order by data ->> 'day' desc limit 1", [bank]))[0] ?? null;
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

export async function findOpenBreak(db: Queryable, kind: string, subject: string): Promise<Break | null> {
  return (await findRows(db, breaks, "break_key = $1 and state = 'open'", [`${kind}:${subject}`]))[0] ?? null;
}

export async function breakExists(db: Queryable, kind: string, subject: string): Promise<boolean> {
  return (await findRows(db, breaks, 'break_key = $1', [`${kind}:${subject}`])).length > 0;
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
    `insert into settlement_lines (batch, kind, reference, network_id, currency, amount, interchange, scheme_fee, processing_fee)
     select $1, x.kind, x.reference, x.network_id, $2, x.amount, x.interchange, x.scheme_fee, x.processing_fee
       from unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
            x(kind, reference, network_id, amount, interchange, scheme_fee, processing_fee)
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
    ],
  );
}

export interface LineMismatch {
  readonly kind: 'missing_in_ledger' | 'amount_differs';
  readonly reference: string;
  readonly amount: Money;
  readonly ours: string;
}

/** Lines of a batch that no approved operation of ours explains, by reference, direction and amount. */
export async function mismatchedLines(db: Queryable, batch: string): Promise<readonly LineMismatch[]> {
  const { rows } = await db.query<{
    reference: string;
    amount: bigint;
    currency: Currency;
    ours: string | null;
    state: string | null;
  }>(
    `select l.reference, l.amount, l.currency, o.data #>> '{amount,value}' as ours, o.state
       from settlement_lines l left join operations o on o.reference = l.reference
      where l.batch = $1
        and (o.id is null or o.state <> 'approved' or (o.data #>> '{amount,value}')::bigint <> l.amount
             or (l.kind = 'refund') <> (o.data ->> 'kind' = 'refund'))`,
    [batch],
  );
  return rows.map((row) => ({
    kind: row.state === 'approved' ? 'amount_differs' : 'missing_in_ledger',
    reference: row.reference,
    amount: money(row.amount, row.currency),
    ours: row.ours === null ? 'no operation with this reference' : `operation ${row.state}, ${row.ours} minor units`,
  }));
}

export interface MissingOperation {
  readonly reference: string;
  readonly amount: Money;
  readonly answeredAt: Instant;
}

/** Money-moving operations approved before `before` that no file has shown. */
export async function operationsMissingInFiles(db: Queryable, before: Instant): Promise<readonly MissingOperation[]> {
  const { rows } = await db.query<{ reference: string; value: string; currency: Currency; answeredAt: Instant }>(
    `select o.reference, o.data #>> '{amount,value}' as value, o.data #>> '{amount,currency}' as currency, o.data ->> 'answeredAt' as "answeredAt"
       from operations o
      where o.state = 'approved' and o.data ->> 'kind' in ('sale', 'capture', 'refund') and o.data ->> 'answeredAt' < $1
        and not exists (select 1 from settlement_lines l where l.reference = o.reference)`,
    [before],
  );
  return rows.map(({ reference, value, currency, answeredAt }) => ({
    reference,
    amount: money(BigInt(value), currency),
    answeredAt,
  }));
}

/** Open breaks about single operations that agree by now: the file shows them, or our own record has caught up. */
export const settledBreaks = (db: Queryable): Promise<readonly Break[]> =>
  findRows(
    db,
    breaks,
    `state = 'open' and data ->> 'kind' in ('missing_in_file', 'missing_in_ledger', 'amount_differs')
      and exists (select 1 from settlement_lines l join operations o on o.reference = l.reference
                   where l.reference = breaks.data ->> 'subject' and o.state = 'approved'
                     and (o.data #>> '{amount,value}')::bigint = l.amount)`,
    [],
  );
