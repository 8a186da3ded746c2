/**
 * What comes back: two working days after booking, at 14:00Z, each returned entry is credited in a line of its own and the
 * day's return file is written. A day without returns has no file.
 */
import type { Activity } from '../base/agenda.ts';
import { problem, type Reply, type Request } from '../base/http-server.ts';
import { dayOfMs } from '../base/working-days.ts';
import type { Bank } from './bank.ts';
import type { StoredEntry } from './booking.ts';
import { bookLine } from './lines.ts';
import { type ReturnedEntry, returnFile } from './nacha-returns.ts';
import { reasonText } from './return-reasons.ts';

interface ReturnedRow {
  readonly seq: bigint;
  readonly entry: string;
  readonly reason: string;
  readonly due_ms: bigint;
}

export function bookReturns(bank: Bank): Activity {
  const { store } = bank;
  const next = 'select due_ms from returned_entry where due_ms is not null order by due_ms limit 1';
  return {
    name: 'returns',
    nextDue: () => {
      const row = store.first<{ due_ms: bigint }>(next);
      return row === null ? null : Number(row.due_ms);
    },
    run: (dueMs) => store.transaction(() => bookDay(bank, dueMs)),
  };
}

/** GET /returns?day= */
export function returnsOfDay({ store }: Bank, request: Request): Reply {
  const day = request.query.get('day') ?? '';
  const row = store.first<{ name: string; content: string }>(
    'select name, content from return_file where day = ?',
    day,
  );
  if (row === null) return problem(404, 'no_returns', `no return file for ${day}`);
  const headers = { 'content-type': 'text/plain', 'content-disposition': `attachment; filename="${row.name}"` };
  return { status: 200, headers, body: row.content };
}

function bookDay({ store, settings }: Bank, dueMs: number): void {
  const rows = store.all<ReturnedRow>('select * from returned_entry where due_ms = ? order by seq', dueMs);
  const day = dayOfMs(dueMs);
  const returned = rows.map(revive);
  for (const { detail, reason } of returned) {
    bookLine(store, dueMs, {
      account: settings.operatorAccount,
      currency: settings.operatorCurrency,
      direction: 'credit',
      amount: detail.amount,
      kind: 'return',
      instructionId: detail.individualId.trim(),
      clearingReference: detail.trace,
      returnReason: reason,
      returnText: reasonText(reason),
      counterparty: detail.individualName.trim(),
      text: `ACH RETURN ${reason} ${detail.individualId.trim()}`,
    });
  }
  store.run('insert into return_file values (?, ?, ?)', day, `ACHRET_${day}.ach`, returnFile(day, returned));
  store.run('update returned_entry set due_ms = null, returned_on = ? where due_ms = ?', day, dueMs);
}

function revive(row: ReturnedRow): ReturnedEntry {
  // Written by booking.ts; JSON has no bigint, so the amount comes back as text.
  const stored: StoredEntry = JSON.parse(row.entry);
  const detail = { ...stored.detail, amount: BigInt(stored.detail.amount) };
  return { header: stored.header, batch: stored.batch, detail, reason: row.reason, sequence: Number(row.seq) };
}
