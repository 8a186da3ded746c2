/**
 * The daily close at 22:00Z, every calendar day: what was captured, sold and refunded since the last close becomes one batch
 * per currency, and the day's report is written and never changes again. A day without anything has a report too.
 * Invariant: an operation is in exactly one batch, that of the first close after its instant.
 */
import { MS_PER_DAY } from '../../src/base/clock.ts';
import type { Currency } from '../../src/base/currency.ts';
import type { Activity } from '../base/agenda.ts';
import { problem, type Reply, type Request } from '../base/http-server.ts';
import { dayOfMs, nextDaily, nextWorking, timeOfDay } from '../base/working-days.ts';
import type { Acquirer } from './acquirer.ts';
import { type SettledOperation, settlementReport } from './settlement-file.ts';

const CLOSE_AT = timeOfDay(22);
const FUNDS_AT = timeOfDay(14);

export function dailyClose(acquirer: Acquirer): Activity {
  const { store, time } = acquirer;
  // The first start opens the books at the last close that has already passed.
  const opened = nextDaily(time.nowMs(), CLOSE_AT) - MS_PER_DAY;
  store.run('insert into closing values (1, ?) on conflict (only) do nothing', opened);
  const closedThrough = (): number => {
    const row = store.first<{ closed_through_ms: bigint }>('select closed_through_ms from closing');
    return Number(row?.closed_through_ms ?? opened);
  };
  return {
    name: 'daily close',
    nextDue: () => closedThrough() + MS_PER_DAY,
    run: (dueMs) => store.transaction(() => close(acquirer, dueMs)),
  };
}

/** GET /reports/settlement-details?day= */
export function settlementDetails({ store }: Acquirer, request: Request): Reply {
  const day = request.query.get('day') ?? '';
  const row = store.first<{ name: string; content: string }>('select name, content from report where day = ?', day);
  if (row === null) return problem(404, 'not_issued', `no settlement details for ${day}`);
  const headers = { 'content-type': 'text/csv', 'content-disposition': `attachment; filename="${row.name}"` };
  return { status: 200, headers, body: row.content };
}

interface CurrencyNet {
  readonly currency: Currency;
  readonly net: bigint;
}

function close({ store, settings }: Acquirer, dueMs: number): void {
  const day = dayOfMs(dueMs);
  const effective = nextWorking(dueMs, FUNDS_AT);
  const open = `batch_id is null and status = 'CLOSED' and created_ms < ?`;
  const perCurrency = store.all<CurrencyNet>(
    `select currency, sum(${NET}) as net from operation where ${open} group by currency order by currency`,
    dueMs,
  );
  for (const { currency, net } of perCurrency) {
    const id = nextBatchId(store.first<{ last: bigint | null }>('select max(seq) as last from batch')?.last ?? 0n);
    const firstTry = net === 0n ? null : effective;
    const insert = 'insert into batch (id, day, currency, net, effective_ms, next_try_ms) values (?, ?, ?, ?, ?, ?)';
    store.run(insert, id, day, currency, net, effective, firstTry);
    store.run(`update operation set batch_id = ? where ${open} and currency = ?`, id, dueMs, currency);
  }
  const settled = store.all<SettledOperation>(
    `select operation.*, batch.effective_ms, masked, card_type, card_type_name, approval_code
     from batch join operation on operation.batch_id = batch.id join payment on payment.id = operation.payment_id
     where batch.day = ? order by operation.seq`,
    day,
  );
  const report = settlementReport(settings.merchantId, day, settled);
  store.run('insert into report values (?, ?, ?)', day, report.name, report.content);
  store.run('update closing set closed_through_ms = ?', dueMs);
}

/** What an operation adds to the funds transfer, fees taken off. */
export const NET = `case kind when 'refund' then -amount else amount end - interchange - assessment - processing`;

/** Eleven digits, counting up. */
const nextBatchId = (last: bigint): string => `137${String(last + 1n).padStart(8, '0')}`;
