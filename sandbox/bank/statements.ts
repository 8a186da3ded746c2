/**
 * Statements: at 23:30Z of every calendar day each account gets one, also for a day without lines. After downtime the
 * missing days are issued in order. Each opens with what the one before closed with.
 */
import { assert } from '../../src/base/assert.ts';
import { instant, MS_PER_DAY } from '../../src/base/clock.ts';
import type { Currency } from '../../src/base/currency.ts';
import type { Activity } from '../base/agenda.ts';
import { problem, type Reply, type Request } from '../base/http-server.ts';
import { dayOfMs } from '../base/working-days.ts';
import type { Bank } from './bank.ts';
import { camt053 } from './camt053.ts';
import type { LineRow } from './schema.ts';

/** The bank's routing number. */
export const BANK_ROUTING = '021000021';

interface AccountRow {
  readonly number: string;
  readonly currency: Currency;
  readonly stated_through_ms: bigint;
}

export function issueStatements({ store }: Bank): Activity {
  return {
    name: 'statements',
    nextDue: () => {
      const row = store.first<{ through: bigint | null }>('select min(stated_through_ms) as through from account');
      return row === null || row.through === null ? null : Number(row.through) + MS_PER_DAY;
    },
    run: (dueMs) =>
      store.transaction(() => {
        const due = store.all<AccountRow>('select * from account where stated_through_ms < ?', dueMs);
        for (const account of due) issue(store, account, dueMs);
      }),
  };
}

/** GET /statements?account=&day=[&currency=] */
export function statementOfDay({ store, settings }: Bank, request: Request): Reply {
  const [account, day] = [request.query.get('account') ?? '', request.query.get('day') ?? ''];
  const currency = request.query.get('currency') ?? settings.operatorCurrency;
  const row = store.first<{ name: string; content: string }>(
    'select name, content from statement where account = ? and currency = ? and day = ?',
    ...[account, currency, day],
  );
  if (row === null) return problem(404, 'not_issued', `no ${currency} statement of ${account} for ${day}`);
  const headers = { 'content-type': 'application/xml', 'content-disposition': `attachment; filename="${row.name}"` };
  return { status: 200, headers, body: row.content };
}

function issue(store: Bank['store'], { number: account, currency }: AccountRow, dueMs: number): void {
  const day = dayOfMs(dueMs);
  const before = store.first<{ number: bigint; closing: bigint }>(
    'select number, closing from statement where account = ? and currency = ? order by number desc limit 1',
    ...[account, currency],
  );
  const lines = store.all<LineRow>(
    'select * from line where account = ? and currency = ? and day = ? order by seq',
    ...[account, currency, day],
  );
  const opening = before?.closing ?? 0n;
  const closing = lines.reduce(
    (sum, line) => sum + (line.direction === 'credit' ? line.amount : -line.amount),
    opening,
  );
  const number = (before?.number ?? 0n) + 1n;
  const facts = {
    account,
    currency,
    day,
    number,
    opening,
    closing,
    lines,
    routing: BANK_ROUTING,
    issuedAt: instant(dueMs),
  };
  const name = `camt053_${account}_${currency}_${day}.xml`;
  const insert = 'insert into statement values (?, ?, ?, ?, ?, ?, ?)';
  store.run(insert, account, currency, day, number, closing, name, camt053(facts));
  const through = 'update account set stated_through_ms = ? where number = ? and currency = ?';
  assert(store.run(through, dueMs, account, currency) === 1, 'the account being stated exists');
}
