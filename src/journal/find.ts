/** Looking up in the journal what became of a unit or a command. */
import { fromJson } from '../base/json.ts';
import { type Client, limited, type Pool } from '../db/pool.ts';
import { JOURNAL_ID } from './batch.ts';
import type { PreparedUnit } from './prepare.ts';
import type { CommitResult, CommitUnit } from './unit.ts';

/**
 * The first seq of each unit that is in the journal, by unit id. Waits for commits under way: a unit that is not found was
 * not written, unless it is sent again.
 */
export async function findUnits(
  db: Pool | Client,
  units: readonly PreparedUnit[],
  limitMs: number,
): Promise<ReadonlyMap<string, bigint>> {
  const values = [JOURNAL_ID, units.map(({ events }) => events[0]?.subject), units.map(({ id }) => id)];
  const text = `select replace(unit_id::text, '-', '') as unit, seq from journal_find($1, $2, $3)`;
  const { rows } = await db.query<{ unit: string; seq: bigint }>(limited(limitMs, text, values));
  return new Map(rows.map(({ unit, seq }) => [unit, seq]));
}

/** What the journal holds under a command's key; the caller knows that the key is owned. */
export async function findCommand(pool: Pool, unit: CommitUnit, limitMs: number): Promise<CommitResult> {
  const command = unit.command as NonNullable<CommitUnit['command']>;
  const { rows } = await pool.query<{ fingerprint: Buffer; open: boolean; answer: string | null }>(
    limited(
      limitMs,
      'select fingerprint, open, answer from commands where journal_id = $1 and client = $2 and key = $3',
      [JOURNAL_ID, command.client, command.key],
    ),
  );
  const row = rows[0] as { fingerprint: Buffer; open: boolean; answer: string | null };
  return {
    code: 'repeated',
    sameFields: Buffer.compare(row.fingerprint, command.fingerprint) === 0,
    open: row.open,
    answer: row.answer === null ? null : fromJson(row.answer),
  };
}
