/**
 * The daily close at 22:00Z, every calendar day: what was captured, sold, refunded and moved by disputes since the last
 * close becomes one transfer per currency of settlement (and one of its fees, when funded gross), and the day's reports are
 * written and never change again. A day without anything has reports too.
 * Invariant: an operation or movement is in exactly one batch, that of the first close after its instant.
 */
import { type Day, MS_PER_DAY } from '../../src/base/clock.ts';
import type { Activity } from '../base/agenda.ts';
import { FILE_KINDS } from '../base/faults.ts';
import { dayOfMs, nextDaily, nextWorking, timeOfDay } from '../base/working-days.ts';
import { accountOf } from './account.ts';
import type { Acquirer } from './acquirer.ts';
import { type FundTransfer, type OpenMovement, type OpenOperation, settleDay } from './day-books.ts';
import { depositReport } from './deposit-file.ts';
import { disputeReport } from './dispute-file.ts';
import { feeReport } from './fee-file.ts';
import { settlementReport } from './settlement-file.ts';

const CLOSE_AT = timeOfDay(22);
const FUNDS_AT = timeOfDay(14);

/** The reports of a day, as they are asked for. */
export const REPORTS = {
  'settlement-details': settlementReport,
  'fee-details': feeReport,
  'deposit-details': depositReport,
  'dispute-details': disputeReport,
} as const;

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

const OPEN_OPERATIONS = `batch_id is null and status = 'CLOSED' and created_ms < ?`;
const OPEN_MOVEMENTS = 'batch_id is null and created_ms < ?';

function close(acquirer: Acquirer, dueMs: number): void {
  const { store, settings, faults } = acquirer;
  const day = dayOfMs(dueMs);
  const transfers = settleDay(openOperations(acquirer, dueMs), openMovements(acquirer, dueMs), {
    day,
    funding: accountOf(store).funding,
    settlementCurrency: settings.settlementCurrency,
    depositAtMs: nextWorking(dueMs, FUNDS_AT),
    feesAtMs: thirdOfNextMonth(day),
    nextId: batchIds(acquirer),
  });
  for (const transfer of transfers) book(acquirer, transfer, day, dueMs);
  const late = faults.take('reports', FILE_KINDS) !== null;
  const issuedMs = late ? dueMs + MS_PER_DAY : dueMs;
  for (const [kind, draw] of Object.entries(REPORTS)) {
    const { name, content } = draw(settings.merchantId, day, transfers);
    const insert = 'insert into report (day, kind, name, content, issued_ms) values (?, ?, ?, ?, ?)';
    store.run(insert, day, kind, name, content, issuedMs);
  }
  store.run('update closing set closed_through_ms = ?', dueMs);
}

const openOperations = ({ store }: Acquirer, dueMs: number): OpenOperation[] =>
  store.all<OpenOperation>(
    `select open.*, masked, card_type, card_type_name, approval_code
     from (select * from operation where ${OPEN_OPERATIONS}) as open join payment on payment.id = open.payment_id
     order by open.seq`,
    dueMs,
  );

const openMovements = ({ store }: Acquirer, dueMs: number): OpenMovement[] =>
  store.all<OpenMovement>(
    `select open.*, payment_id, order_number, reason_code
     from (select * from dispute_movement where ${OPEN_MOVEMENTS}) as open
     join dispute on dispute.id = open.dispute_id join payment on payment.id = payment_id order by open.seq`,
    dueMs,
  );

/** Writes the transfer as a batch and puts into it what it settles. */
function book({ store }: Acquirer, transfer: FundTransfer, day: Day, dueMs: number): void {
  const { id, kind, currency, net, effectiveMs } = transfer;
  const firstTry = net === 0n ? null : effectiveMs;
  store.run(
    'insert into batch (id, day, currency, net, kind, effective_ms, next_try_ms) values (?, ?, ?, ?, ?, ?, ?)',
    ...[id, day, currency, net, kind, effectiveMs, firstTry],
  );
  const own = (rows: readonly { readonly currency: string }[]): Set<string> => new Set(rows.map((row) => row.currency));
  for (const original of own(transfer.operations.map(({ operation }) => operation))) {
    store.run(`update operation set batch_id = ? where ${OPEN_OPERATIONS} and currency = ?`, id, dueMs, original);
  }
  for (const original of own(transfer.movements.map(({ movement }) => movement))) {
    store.run(`update dispute_movement set batch_id = ? where ${OPEN_MOVEMENTS} and currency = ?`, id, dueMs, original);
  }
}

/** Eleven digits, counting up after the last three of the merchant id: two merchants' batches are never one. */
function batchIds({ store, settings }: Acquirer): () => string {
  let last = store.first<{ last: bigint | null }>('select max(seq) as last from batch')?.last ?? 0n;
  return () => {
    last += 1n;
    return `${settings.merchantId.slice(-3)}${String(last).padStart(8, '0')}`;
  };
}

/** When the fees of a month are debited: on the third day of the next, or the first working day after it. */
function thirdOfNextMonth(day: Day): number {
  const [year, month] = day.split('-').map(Number);
  return nextWorking(Date.UTC(year ?? 0, month ?? 0, 3) - 1, FUNDS_AT);
}
