/**
 * The reports of a network's day, read together. Each is kept raw as it comes; the day is posted when all are there. One that
 * stays away is a break, and the day waits for it.
 */
import { addDays, type Day, instant } from '../base/clock.ts';
import { ok } from '../base/result.ts';
import {
  type DayReports,
  MalformedFile,
  type NetworkFile,
  type ReportName,
} from '../connectors/ports/card-acquirer.ts';
import { merge } from '../journal/index.ts';
import { findInbound, storeInbound } from '../network-log/index.ts';
import type { CardAccount } from '../parties/index.ts';
import { closeExplained, openBreaks } from './breaks.ts';
import type { ReconciliationDeps } from './deps.ts';
import { retryOnConflict } from './errors.ts';

/** From when on a report that is not there is a break. */
const MISSING_DAYS = 2;

/** The reports beside the settlement file; what is stored already is not asked for again. */
export const otherReports = ({ acquirer }: CardAccount): readonly ReportName[] =>
  acquirer.reports.filter((report) => report !== 'settlement');

export const reportId = (report: ReportName, day: Day): string => `${report}:${day}`;

/** Null when one is not issued yet. @throws NetworkFault */
export async function readDay(
  deps: ReconciliationDeps,
  account: CardAccount,
  { bytes, day }: { readonly bytes: Uint8Array; readonly day: Day },
): Promise<DayReports | null> {
  const files: Partial<Record<ReportName, NetworkFile>> = {};
  for (const report of otherReports(account)) {
    const found = await storedReport(deps, account, report, day);
    if (found === null) {
      await tellMissing(deps, account, report, day);
      return null;
    }
    files[report] = { name: reportId(report, day), bytes: found };
  }
  return { ...files, settlement: { name: reportId('settlement', day), bytes } };
}

/**
 * Holds the day's reports against each other before anything is posted. What does not hold is a break with both sums, and
 * the day is posted as its files say: it happened outside.
 */
export async function checkDay(
  deps: ReconciliationDeps,
  account: CardAccount,
  day: Day,
  reports: DayReports,
): Promise<void> {
  try {
    account.acquirer.checkReports(reports);
  } catch (error) {
    if (!(error instanceof MalformedFile)) throw error;
    const subject = `${account.id}:${day}`;
    await openBreaks(deps, [{ kind: 'report_identity', subject, amount: null, reason: `${day}: ${error.message}` }]);
  }
}

/** Everything is there: what was missing is missing no longer. */
export async function closeMissing(deps: ReconciliationDeps, account: CardAccount, day: Day): Promise<void> {
  const at = deps.clock.now();
  const subjects = otherReports(account).map((report) => missingSubject(account, report, day));
  const parts = [];
  for (const subject of subjects) parts.push(await closeExplained(deps, 'report_missing', subject, 'it came', at));
  const closed = merge(...parts);
  if (closed.events.length > 0)
    retryOnConflict(await deps.journal.run(undefined, async () => ok({ unit: { at, ...closed }, value: null })));
}

async function storedReport(
  { journal: { db } }: ReconciliationDeps,
  { id: network, acquirer }: CardAccount,
  report: ReportName,
  day: Day,
): Promise<Uint8Array | null> {
  const messageId = reportId(report, day);
  const stored = await findInbound(db, network, messageId);
  if (stored !== null) return stored;
  const file = await acquirer.fetchReport(report, day);
  if (file === null) return null;
  await storeInbound(db, { network, messageId, kind: 'report', bytes: file.bytes }, null);
  return file.bytes;
}

const missingSubject = ({ id }: CardAccount, report: ReportName, day: Day): string => `${id}:${report}:${day}`;

async function tellMissing(
  deps: ReconciliationDeps,
  account: CardAccount,
  report: ReportName,
  day: Day,
): Promise<void> {
  if (instant(Date.parse(`${day}T00:00:00.000Z`)) > addDays(deps.clock.now(), -MISSING_DAYS - 1)) return;
  const reason = `the ${report} report of ${day} is not issued; the day's settlement waits for it`;
  const subject = missingSubject(account, report, day);
  await openBreaks(deps, [{ kind: 'report_missing', subject, amount: null, reason }]);
}
