/** The naive engine from Node: a pool of 32 connections, one prepared call a unit, over `pg` or `postgres`. */
import pg from 'pg';
import postgres from 'postgres';
import { uuidOf, uuidV7Hex } from '../../src/base/ids.ts';
import { toJson } from '../../src/base/json.ts';
import { documentOf } from '../../src/db/state-table.ts';
import type { CommitUnit } from '../../src/journal/index.ts';
import { accountUuid } from '../../src/ledger/account.ts';
import { transfersOf } from '../../src/ledger/postings.ts';

export type Driver = 'pg' | 'postgres';

export interface Engine {
  commit(unit: CommitUnit): Promise<{ readonly code: string }>;
  close(): Promise<void>;
}

const TYPES = `uuid timestamptz text text bytea jsonb uuid int text jsonb text text uuid int json
  uuid[] uuid[] bigint[] uuid[] bigint[] bigint[] uuid text text timestamptz json`.split(/\s+/);
const CALL = `select naive_commit(${TYPES.map((type, index) => `$${index + 1}::text::${type}`.replace('::text::bytea', '::bytea')).join(', ')}) as code`;
/** Written out without casts where the driver sends text that PostgreSQL infers from the function's signature. */
const INFERRED = `select naive_commit(${TYPES.map((_, index) => `$${index + 1}`).join(', ')}) as code`;

export function createNaive(driver: Driver, url: string, connections: number): Engine {
  const call = driver === 'pg' ? withPg(url, connections) : withPostgres(url, connections);
  return {
    commit: async (unit) => {
      try {
        return { code: (await call.run(parameters(unit))) === 0 ? 'committed' : 'repeated' };
      } catch (error) {
        const { code } = error as { code?: string };
        if (code === 'CW002') return { code: 'version_conflict' };
        if (code === '23514') return { code: 'insufficient_balance' };
        throw error;
      }
    },
    close: call.close,
  };
}

interface Call {
  run(values: unknown[]): Promise<number>;
  close(): Promise<void>;
}

function withPg(url: string, max: number): Call {
  const pool = new pg.Pool({ connectionString: url, max });
  return {
    run: async (values) => (await pool.query({ name: 'naive', text: INFERRED, values })).rows[0].code,
    close: () => pool.end(),
  };
}

function withPostgres(url: string, max: number): Call {
  const sql = postgres(url, { max });
  return {
    run: async (values) => {
      const rows = await sql.unsafe<{ code: number }[]>(CALL, values as never[], { prepare: true });
      return rows[0]?.code as number;
    },
    close: () => sql.end(),
  };
}

function parameters({ at, command, answer, events, writes, jobs }: CommitUnit): unknown[] {
  const [event, write, job] = [events[0], writes[0], jobs[0]];
  if (event === undefined || command === undefined) throw new Error('the naive call takes a command with one event');
  const transfers = transfersOf(event.type, event.data).map(({ debit, credit, amount }) => ({
    debit: accountUuid(debit),
    credit: accountUuid(credit),
    amount: amount.amount,
  }));
  const accounts = [...new Set(transfers.flatMap(({ debit, credit }) => [debit, credit]))].sort();
  const sum = (side: 'debit' | 'credit', id: string): bigint =>
    transfers.reduce((total, transfer) => (transfer[side] === id ? total + transfer.amount : total), 0n);
  const array = (values: readonly unknown[]): string => `{${values.join(',')}}`;
  return [
    uuidV7Hex(),
    at,
    command.client,
    command.key,
    command.fingerprint,
    toJson(answer ?? null),
    write === undefined ? null : uuidOf(write.id),
    write?.expected ?? null,
    write?.row.state ?? null,
    write === undefined ? null : toJson(documentOf(write.row)),
    event.type,
    event.subject.slice(0, 3),
    uuidOf(event.subject),
    (write?.expected ?? 0) + 1,
    toJson(event.data),
    array(transfers.map(({ debit }) => debit)),
    array(transfers.map(({ credit }) => credit)),
    array(transfers.map(({ amount }) => amount)),
    array(accounts),
    array(accounts.map((id) => sum('debit', id))),
    array(accounts.map((id) => sum('credit', id))),
    job === undefined ? null : uuidV7Hex(),
    job?.kind ?? null,
    job?.subject ?? null,
    job?.due ?? null,
    job === undefined ? null : toJson(job.payload),
  ];
}
