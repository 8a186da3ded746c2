/**
 * `causeway ledger check`: the laws of the ledger on live data. All laws are read from one snapshot: a check while money
 * moves must not see half a unit. Nothing is loaded but what breaks a law.
 */

import { toJson } from '../base/json.ts';
import type { Pool, Queryable } from '../db/pool.ts';
import { BOOK_LAWS } from './check/books.ts';
import { CLEARING_LAWS } from './check/clearing.ts';
import { EXCHANGE_LAWS } from './check/exchange.ts';
import { HUB_LAWS } from './check/hub.ts';
import { JOURNAL_LAWS } from './check/journal.ts';
import type { Law } from './check/law.ts';

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

const MAX_FINDINGS = 20;

/** Hashes of a large ledger spill to disk beyond this; it is for each hash, so not more than a small machine has. */
const WORK_MEM = '64MB';

/** Reads all laws from one snapshot. Ten million transfers take about a minute. */
export async function checkLedger(pool: Pool): Promise<CheckResult> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    // Before the snapshot is taken: a partition archived behind it would be missing from both sides.
    await client.query('lock table journal_events, transfers in access share mode');
    await client.query(`set local work_mem = '${WORK_MEM}'`);
    const laws: LawResult[] = [];
    for (const law of [...JOURNAL_LAWS, ...BOOK_LAWS, ...EXCHANGE_LAWS, ...HUB_LAWS, ...CLEARING_LAWS])
      laws.push(await checkLaw(client as unknown as Queryable, law));
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
