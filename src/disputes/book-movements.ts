/**
 * The day's dispute report: what the network moved. Each line is either in our books already, because the stage of the
 * dispute said so before, or it is booked now; the n-th debit of the report is the n-th debit of ours, and so for credits
 * and fees. A line that cannot be booked, or an amount that is not ours, is a difference for a person, never a reason to
 * refuse the report.
 */
import type { Day, Instant } from '../base/clock.ts';
import { equals, formatMoney } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { type Decision, type JournalRefusal, merge, part, update } from '../journal/index.ts';
import type { EventType } from '../ledger/index.ts';
import { type Case, disputes, isFinal } from './case.ts';
import type { Difference, DisputeDeps } from './deps.ts';
import { retryOnConflict } from './errors.ts';
import { moneyOfLines } from './money.ts';
import { atRiskOf, observeDispute, recordFact, withOrder } from './record-word.ts';
import { besideCase } from './seller-side.ts';
import { startMoney } from './step.ts';
import { disputesAheadOfReports, findByClaim, keepMovements, type ReportLine, reportLines } from './store.ts';
import { loadSurroundings } from './surroundings.ts';

/** Books a report; a report that is there already changes nothing. @throws MalformedFile */
export async function bookReport(deps: DisputeDeps, day: Day, bytes: Uint8Array): Promise<void> {
  const movements = deps.reports.parseDisputeMovements(bytes);
  await keepMovements(deps.journal.db, { network: deps.network, day }, movements);
  for (const claim of new Set(movements.map(({ dispute }) => dispute))) await bookLines(deps, claim);
}

/** Movements of ours that the reports should have shown by now and have not. */
export async function findUnreported(deps: DisputeDeps, before: Instant): Promise<void> {
  for (const row of await disputesAheadOfReports(deps.journal.db, before)) {
    const lines = countedLines(row, await reportLines(deps.journal.db, row));
    const missing = row.movements.filter((movement, index) => {
      const earlier = row.movements.slice(0, index).filter(({ kind }) => kind === movement.kind).length;
      return earlier >= lines.filter(({ kind }) => kind === movement.kind).length;
    });
    await deps.tellDifferences(
      missing.map(({ kind, amount, at }) => ({
        kind: 'missing_in_file',
        subject: `${row.id}:${kind}:${at}`,
        amount,
        reason: `the dispute's stage said ${kind} at ${at}, in no dispute report since`,
      })),
    );
  }
}

async function bookLines(deps: DisputeDeps, claim: string): Promise<void> {
  const observed = await observeDispute(deps, claim);
  if (observed.found === 'nothing') {
    const lines = await reportLines(deps.journal.db, { network: deps.network, claim });
    return deps.tellDifferences(
      lines.map((line, index) => unbooked(`claim ${claim}:${index + 1}`, line, observed.reason)),
    );
  }
  const booked = await recordFact(deps, (bare) => decide(deps, claim, bare));
  retryOnConflict(booked);
  const current = (await findByClaim(deps.journal.db, deps.network, claim)) as Case;
  await deps.tellDifferences(
    differencesOf(current, await reportLines(deps.journal.db, { network: deps.network, claim })),
  );
}

const FEES: readonly EventType[] = ['chargeback.fee_charged', 'charge.levied'];

async function decide(
  deps: DisputeDeps,
  claim: string,
  bare: boolean,
): Promise<Result<Decision<null>, Refusal<'nothing_new'> | JournalRefusal>> {
  const { db } = deps.journal;
  const row = (await findByClaim(db, deps.network, claim)) as Case;
  const lines = notBooked(row, await reportLines(db, row));
  if (lines.length === 0) return refuse('nothing_new', 'every line is booked');
  const around = await loadSurroundings(deps, row, bare);
  const { step } = moneyOfLines(startMoney(row, around), lines, around);
  if (step.events.length === 0) return refuse('nothing_new', 'what is left cannot be booked');
  const after: Case = { ...step.row, atRisk: atRiskOf(step.row, around) };
  const own = part({ events: step.events, writes: [update(disputes, row, after)] });
  const beside = besideCase(step, around, { before: row, row: after });
  // A fee, or what cancels out after the end, does not touch the order.
  const touches = !isFinal(row.state) && step.events.some(({ type }) => !FEES.includes(type));
  const facts = { row: after, opens: false, ends: false, other: null };
  const changed = touches ? withOrder(own, step, around, facts) : own;
  return ok({ unit: { at: around.at, ...merge(beside, changed) }, value: null });
}

/** A line in another currency than the disputed payment's is a difference; it is not counted against ours. */
const countedLines = ({ amount: { currency } }: Case, lines: readonly ReportLine[]): readonly ReportLine[] =>
  lines.filter(({ amount }) => amount.currency === currency);

/** Lines beyond those of their kind that our books have. */
function notBooked(row: Case, lines: readonly ReportLine[]): readonly ReportLine[] {
  const seen = { debit: 0, credit: 0, fee: 0 };
  const booked = (kind: ReportLine['kind']): number =>
    row.movements.filter((movement) => movement.kind === kind).length;
  return countedLines(row, lines).filter(({ kind }) => {
    seen[kind] += 1;
    return seen[kind] > booked(kind);
  });
}

function differencesOf(row: Case, lines: readonly ReportLine[]): readonly Difference[] {
  const counted = countedLines(row, lines);
  const foreign = lines
    .filter((line) => !counted.includes(line))
    .map((line, index) => unbooked(`${row.id}:foreign:${index + 1}`, line, `the dispute is in ${row.amount.currency}`));
  const ofKinds = (['debit', 'credit', 'fee'] as const).flatMap((kind) => {
    const ours = row.movements.filter((movement) => movement.kind === kind);
    const theirs = counted.filter((line) => line.kind === kind);
    return theirs.flatMap((line, index): Difference[] => {
      const subject = `${row.id}:${kind}:${index + 1}`;
      const booked = ours[index];
      if (booked === undefined) return [unbooked(subject, line, `the dispute is ${row.state}`)];
      if (equals(booked.amount, line.amount)) return [];
      const reason = `the report says ${formatMoney(line.amount)}, booked is ${formatMoney(booked.amount)}`;
      return [{ kind: 'amount_differs', subject, amount: line.amount, reason }];
    });
  });
  return [...ofKinds, ...foreign];
}

const unbooked = (subject: string, { kind, amount }: ReportLine, why: string): Difference => ({
  kind: 'missing_in_ledger',
  subject,
  amount,
  reason: `the dispute report says ${kind} ${formatMoney(amount)}, not booked: ${why}`,
});
