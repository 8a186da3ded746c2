/**
 * The daily rhythm: after the networks have closed their day, fetch what they issued (and what is missing of the last
 * days), store it raw, process it as jobs, match, and sweep for what should have come. A day can be asked for by hand.
 */
import { addDays, addMs, type Day, dayOf, type Instant, instant, msOf } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { formatMoney } from '../base/money.ts';
import type { NetworkFile } from '../connectors/ports/card-acquirer.ts';
import { FINISHED, type JobHandlers } from '../jobs/index.ts';
import { knownMessages, loadInbound, storeInbound } from '../network-log/index.ts';
import { untilNext } from '../payouts/index.ts';
import { closeSettledBreaks, openBreaks } from './breaks.ts';
import type { ReconciliationDeps } from './deps.ts';
import { importReturns } from './import-returns.ts';
import { importSettlementFile } from './import-settlement.ts';
import { importStatement } from './import-statement.ts';
import { matchLines } from './match.ts';
import { openSettlements, operationsMissingInFiles } from './store.ts';

export const DAILY_IMPORT_JOB = 'reconciliation.daily_import';
export const PROCESS_JOB = 'reconciliation.process_file';
/** 23:45 UTC: the acquirer closes at 22:00, the bank issues at 23:30. Milliseconds into the day. */
export const DAILY_IMPORT_AT_MS = (23 * 60 + 45) * 60_000;

/** How many days back a missing file is still asked for. */
const LOOK_BACK_DAYS = 5;
/** A batch not booked after this many days is overdue; an approved operation in no file after this long is missing. */
const OVERDUE_DAYS = 5;
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
      if (message.kind === 'settlement')
        await importSettlementFile(deps, message.bytes, message.messageId.slice('settlement:'.length) as Day);
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
  const { acquirer, rail } = deps;
  const settlement = whole((each) => acquirer.fetchSettlement(each), acquirer.parseSettlement);
  await fetchDays(deps, days, 'acquirer', 'settlement', settlement);
  await fetchDays(
    deps,
    days,
    'bank',
    'returns',
    whole((each) => rail.fetchReturns(each), rail.parseReturns),
  );
  await fetchDays(
    deps,
    days,
    'bank',
    'statement',
    whole((each) => rail.fetchStatement(each), rail.parseStatement),
  );
}

type Fetch = (day: Day) => Promise<NetworkFile | null>;

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
  network: string,
  kind: string,
  fetchDay: Fetch,
): Promise<void> {
  const ids = days.map((day) => `${kind}:${day}`);
  const known = await knownMessages(deps.journal.db, network, ids);
  for (const [index, day] of days.entries()) {
    const messageId = ids[index] as string;
    if (known.has(messageId)) continue;
    const file = await fetchDay(day);
    if (file === null) continue;
    await storeInbound(
      deps.journal.db,
      { network, messageId, kind, bytes: file.bytes },
      { kind: PROCESS_JOB, due: deps.clock.now() },
    );
  }
}

/** What should have come and has not. */
async function sweep(deps: ReconciliationDeps): Promise<void> {
  const now = deps.clock.now();
  const overdue = (await openSettlements(deps.journal.db)).filter(
    ({ state, reportedAt, net }) =>
      state === 'reported' && net.amount !== 0n && reportedAt < addDays(now, -OVERDUE_DAYS),
  );
  await openBreaks(
    deps,
    overdue.map((settlement) => ({
      kind: 'settlement_overdue',
      subject: settlement.id,
      amount: settlement.net,
      reason: `batch ${settlement.batch} of ${settlement.day}: ${formatMoney(settlement.net)} reported, nothing booked after ${OVERDUE_DAYS} days`,
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
