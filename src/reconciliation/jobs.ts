/**
 * The daily rhythm: after the networks have closed their day, fetch what they issued (and what is missing of the last
 * days), store it raw, process it as jobs, match, and sweep for what should have come. A day can be asked for by hand.
 */
import { addDays, addMs, type Day, dayOf, type Instant, instant, msOf } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { formatMoney } from '../base/money.ts';
import type { NetworkFile } from '../connectors/ports/card-acquirer.ts';
import { FINISHED, type JobHandlers } from '../jobs/index.ts';
import { unchanged } from '../journal/index.ts';
import { knownMessages, loadInbound, storeInbound } from '../network-log/index.ts';
import type { CardAccount } from '../parties/index.ts';
import { closeNotInFiles } from '../payments/index.ts';
import { untilNext } from '../payouts/index.ts';
import { closeSettledBreaks, openBreaks } from './breaks.ts';
import { otherReports, reportId } from './day-reports.ts';
import type { ReconciliationDeps } from './deps.ts';
import { importReturns } from './import-returns.ts';
import { importSettlementFile } from './import-settlement.ts';
import { importStatement } from './import-statement.ts';
import { matchLines } from './match.ts';
import { settlements } from './rows.ts';
import {
  importedFiles,
  openSettlements,
  operationsMissingInFiles,
  otherCurrencies,
  unseenOperations,
} from './store.ts';

export const DAILY_IMPORT_JOB = 'reconciliation.daily_import';
export const PROCESS_JOB = 'reconciliation.process_file';
/** 23:45 UTC: the acquirer closes at 22:00, the bank issues at 23:30. Milliseconds into the day. */
export const DAILY_IMPORT_AT_MS = (23 * 60 + 45) * 60_000;

/** How many days back a missing file is still asked for. */
const LOOK_BACK_DAYS = 5;
/** Business milliseconds until a report that was not there is asked for again. */
const WAIT_MS = 30 * 60_000;
/** A batch not booked after this many days is overdue; a bill of fees is debited in the month after it, the hub's on its day. */
const OVERDUE_DAYS = { deposit: 5, fees: 40, hub: 3 } as const;
/** An approved operation in no file after this long is missing. */
const MISSING_HOURS = 50;

export interface ReconciliationHooks {
  /** New funds may be there: payouts that await them can go. */
  readonly fundsArrived: (at: Instant) => Promise<void>;
}

export function reconciliationJobs(deps: ReconciliationDeps, hooks: ReconciliationHooks): JobHandlers {
  return {
    [DAILY_IMPORT_JOB]: async () => {
      const now = deps.clock.now();
      // At 23:45 the day is over; a run that comes late, after midnight, closes the day before.
      const today = dayOf(now);
      const closedToday = msOf(now) % 86_400_000 >= DAILY_IMPORT_AT_MS;
      await importDays(deps, closedToday ? today : dayOf(addDays(now, -1)));
      return { kind: 'again', afterMs: untilNext(msOf(deps.clock.now()), DAILY_IMPORT_AT_MS), reason: 'scheduled' };
    },
    [PROCESS_JOB]: async (job) => {
      const message = await loadInbound(deps.journal.db, job.subject as Id<'inb'>);
      if (message === null) return FINISHED;
      if (message.kind === 'settlement') {
        const account = deps.accounts.of(message.network as Id<'net'>);
        const day = message.messageId.slice(reportId('settlement', '' as Day).length) as Day;
        if ((await importSettlementFile(deps, account, { bytes: message.bytes, day })) === 'waiting')
          return { kind: 'again', afterMs: WAIT_MS, reason: `a report of ${day} is not issued yet` };
        await closeUnseen(deps, account);
      }
      if (message.kind === 'statement') await importStatement(deps, message.bytes);
      if (message.kind === 'returns') await importReturns(deps, message.bytes);
      await matchLines(deps);
      await closeSettledBreaks(deps);
      if (message.kind === 'statement') {
        await sweep(deps);
        await hooks.fundsArrived(deps.clock.now());
      }
      return FINISHED;
    },
  };
}

/** Fetches and stores what was issued for `day` and the days before it that are still missing. */
export async function importDays(deps: ReconciliationDeps, day: Day): Promise<void> {
  const last = instant(Date.parse(`${day}T00:00:00.000Z`));
  const days = Array.from({ length: LOOK_BACK_DAYS + 1 }, (_, back) => dayOf(addDays(last, -back))).reverse();
  const { rail } = deps;
  for (const account of deps.accounts.all) await fetchReports(deps, days, account);
  const returns = whole((each) => rail.fetchReturns(each), rail.parseReturns);
  await fetchDays(deps, days, { network: 'bank', kind: 'returns' }, returns);
  const statement = whole((each) => rail.fetchStatement(each), rail.parseStatement);
  await fetchDays(deps, days, { network: 'bank', kind: 'statement' }, statement);
  for (const currency of await otherCurrencies(deps.journal.db, deps.bank)) {
    const statements = { network: 'bank', kind: 'statement', prefix: `statement:${currency}` };
    const other = whole((each) => rail.fetchStatement(each, currency), rail.parseStatement);
    await fetchDays(deps, days, statements, other);
  }
}

/** The settlement file last: its job reads the others beside it. */
async function fetchReports(deps: ReconciliationDeps, days: readonly Day[], account: CardAccount): Promise<void> {
  const { id: network, acquirer } = account;
  const parsers = {
    settlement: acquirer.parseSettlement,
    fees: acquirer.parseFees,
    disputes: acquirer.parseDisputeMovements,
    // Nobody reads it alone: the day's reports are checked against each other.
    deposits: () => null,
  };
  for (const report of otherReports(account)) {
    const stored = { network, kind: 'report', prefix: report, read: false };
    const file = whole((each) => acquirer.fetchReport(report, each), parsers[report]);
    await fetchDays(deps, days, stored, file);
  }
  const settlement = whole((each) => acquirer.fetchSettlement(each), parsers.settlement);
  await fetchDays(deps, days, { network, kind: 'settlement' }, settlement);
}

type Fetch = (day: Day) => Promise<NetworkFile | null>;

interface Kept {
  readonly network: string;
  readonly kind: string;
  /** Of the message's id, the kind itself if not named; the day follows. */
  readonly prefix?: string;
  /** False: no job of its own. */
  readonly read?: boolean;
}

const FETCHES = 3;

/**
 * A file is kept once, so one that came broken, as when a connection ended in the middle, is fetched again before it is kept.
 * What stays broken is kept for a person: its job fails and is seen.
 */
const whole =
  (fetch: Fetch, parse: (bytes: Uint8Array) => unknown): Fetch =>
  async (day) => {
    for (let tries = 1; ; tries += 1) {
      const file = await fetch(day);
      if (file === null || tries === FETCHES || isReadable(file.bytes, parse)) return file;
    }
  };

function isReadable(bytes: Uint8Array, parse: (bytes: Uint8Array) => unknown): boolean {
  try {
    parse(bytes);
    return true;
  } catch {
    return false;
  }
}

async function fetchDays(
  deps: ReconciliationDeps,
  days: readonly Day[],
  { network, kind, prefix = kind, read = true }: Kept,
  fetchDay: Fetch,
): Promise<void> {
  const ids = days.map((day) => `${prefix}:${day}`);
  const known = await knownMessages(deps.journal.db, network, ids);
  for (const [index, day] of days.entries()) {
    const messageId = ids[index] as string;
    if (known.has(messageId)) continue;
    const file = await fetchDay(day);
    if (file === null) continue;
    await storeInbound(
      deps.journal.db,
      { network, messageId, kind, bytes: file.bytes },
      read ? { kind: PROCESS_JOB, due: deps.clock.now() } : null,
    );
  }
}

/** Capture, sale or refund: its day and so many after it, all imported, must have shown it. */
const DAYS_TO_SHOW = 2;

/** What nobody answered and no file shows was never done. An authorization is in no file: it stays with inquiry. */
async function closeUnseen(deps: ReconciliationDeps, { id: network }: CardAccount): Promise<void> {
  const before = addDays(deps.clock.now(), -DAYS_TO_SHOW);
  for (const { id, sentAt } of await unseenOperations(deps.journal.db, network, before)) {
    const days = Array.from({ length: DAYS_TO_SHOW + 1 }, (_, after) => dayOf(addDays(sentAt, after)));
    if ((await importedFiles(deps.journal.db, network, days)) === days.length)
      await closeNotInFiles(deps.payments, id, `files of ${days.join(', ')}`);
  }
}

/** What should have come and has not. */
async function sweep(deps: ReconciliationDeps): Promise<void> {
  const now = deps.clock.now();
  const overdue = (await openSettlements(deps.journal.db)).filter(
    ({ state, kind, reportedAt }) => state === 'reported' && reportedAt < addDays(now, -OVERDUE_DAYS[kind]),
  );
  await openBreaks(
    deps,
    overdue.map((settlement) => ({
      kind: 'settlement_overdue',
      subject: settlement.id,
      amount: settlement.net,
      reason: `batch ${settlement.batch} of ${settlement.day}: ${formatMoney(settlement.net)} reported, nothing booked after ${OVERDUE_DAYS[settlement.kind]} days`,
      guards: [unchanged(settlements, settlement)],
    })),
  );
  const missing = await operationsMissingInFiles(deps.journal.db, addMs(now, -MISSING_HOURS * 3_600_000));
  await openBreaks(
    deps,
    missing.map(({ reference, amount, answeredAt }) => ({
      kind: 'missing_in_file',
      subject: reference,
      amount,
      reason: `approved at ${answeredAt}, in no settlement file since`,
    })),
  );
}
