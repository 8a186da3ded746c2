/**
 * Handing payouts to the bank: one file of what settled funds cover, oldest first; the rest awaits funds. The bank account's
 * row changes with every file, so two workers cannot spend the same funds or number the same entries. The bytes are kept
 * before anything is sent; sending is a job of its own (submit-file.ts).
 */
import { createHash } from 'node:crypto';
import { addDays, type Day, dayOf, type Instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { type Money, min, money, subtract, sum } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { type Decision, deadline, insert, merge, part, type UnitPart, update } from '../journal/index.ts';
import { account, balanceOf, event } from '../ledger/index.ts';
import { keepOutboundFile } from '../network-log/index.ts';
import { type BankAccount, bankAccounts, loadBankAccount } from '../parties/index.ts';
import { mintReference } from '../payments/index.ts';
import type { PayoutDeps } from './deps.ts';
import type { PayoutRefusal } from './errors.ts';
import { movePayout, type Payout, type PayoutFile, payoutFiles, payouts } from './payout.ts';
import { initiatedPayouts, openFilesTotal, unfiledPayouts } from './store.ts';
import { SUBMIT_JOB } from './submit-file.ts';

/**
 * Entries of one file. Banks tell 36 files of a day apart (NACHA file id modifier, A–Z and 0–9), so 200,000 sellers are to
 * fit 36 files. A file is one unit of the journal, and everybody's commit waits while it is written: 0.35 s for 6,000
 * entries on two cores.
 */
export const ENTRIES_A_FILE = 6000;
/** The most a file carries: twelve digits of cents, as wide as the totals of an ACH file (NACHA file control record). */
const FILE_TOTAL_MAX = money(999_999_999_999n, 'USD');

/** The job: files what can be filed, one file at a time; the unit of a file that leaves something over enqueues the next. */
export async function filePayoutsJob(deps: PayoutDeps, job: Job, entriesAFile = ENTRIES_A_FILE): Promise<JobResult> {
  const result = await deps.journal.run(undefined, () => decide(deps, job, entriesAFile));
  if (result.ok) return COMMITTED;
  if (result.error.code === 'conflict') return { kind: 'again', afterMs: 1000, reason: 'conflict' };
  return FINISHED;
}

async function decide(
  deps: PayoutDeps,
  job: Job,
  entriesAFile: number,
): Promise<Result<Decision<null>, PayoutRefusal>> {
  const { db } = deps.journal;
  const at = deps.clock.now();
  const waiting = await unfiledPayouts(db, entriesAFile);
  if (waiting.length === 0) return refuse('nothing_to_pay_out', 'nothing waits to be filed');
  const bank = (await loadBankAccount(db, deps.bank)) as BankAccount;
  const funds = await settledFunds(deps, bank);
  const covered = cover(waiting, min(funds, FILE_TOTAL_MAX));
  const late = covered.length > 0 ? [] : await initiatedPayouts(db, entriesAFile);
  if (covered.length === 0 && late.length === 0)
    return refuse('nothing_to_pay_out', 'what waits is not covered by settled funds');
  const worked = covered.length > 0 ? await fileThem(deps, bank, covered, at) : awaitFunds(late, funds);
  const rest = covered.length < waiting.length || waiting.length === entriesAFile;
  const next = part({ jobs: rest ? [deadline(job.kind, job.subject, at)] : [] });
  return ok({ unit: { at, ...merge(worked, next), done: { job: job.id, lease: job.lease } }, value: null });
}

/**
 * What the bank has booked to us, less what it has been asked to pay and has not booked yet. In this order: a file that the
 * bank books between the two reads counts twice, never not at all.
 */
async function settledFunds(deps: PayoutDeps, bank: BankAccount): Promise<Money> {
  const underway = await openFilesTotal(deps.journal.db, bank);
  const booked = await balanceOf(deps.journal.db, account('bank', bank.id), bank.currency);
  return subtract(booked, underway);
}

/** Oldest first until the funds end; a later, smaller one does not overtake. */
function cover(waiting: readonly Payout[], funds: Money): readonly Payout[] {
  let left = funds;
  const end = waiting.findIndex(({ amount }) => {
    left = subtract(left, amount);
    return left.amount < 0n;
  });
  return end === -1 ? waiting : waiting.slice(0, end);
}

const awaitFunds = (late: readonly Payout[], available: Money): UnitPart =>
  part({
    events: late.map((payout) => event('payout.funds_awaited', payout.id, { available })),
    writes: late.map((payout) => update(payouts, payout, movePayout(payout, 'awaiting_funds'))),
  });

async function fileThem(
  deps: PayoutDeps,
  bank: BankAccount,
  covered: readonly Payout[],
  at: Instant,
): Promise<UnitPart> {
  const [reference, expectedOn] = [fileReference(bank), nextBankingDay(at)];
  const built = deps.rail.buildCreditFile({
    fileReference: reference,
    createdAt: at,
    effectiveDay: expectedOn,
    entries: covered.map((payout, index) => ({
      reference: payout.reference,
      amount: payout.amount,
      account: payout.account,
      sequence: bank.nextEntry + index,
    })),
  });
  await keepOutboundFile(deps.journal.db, built);
  const total = sum(
    covered.map(({ amount }) => amount),
    bank.currency,
  );
  const file: PayoutFile = {
    id: newId('pof'),
    version: 0,
    state: 'sent',
    bank: bank.id,
    reference,
    name: built.name,
    total,
    entries: covered.length,
    sha256: createHash('sha256').update(built.bytes).digest('hex'),
    receipt: null,
    createdAt: at,
  };
  const { id, sha256, entries } = file;
  const own = part({
    events: [
      event('payout_file.built', id, { bank: bank.id, reference, entries, total, sha256 }),
      event('bank_account.filing_planned', bank.id, { file: id }),
    ],
    writes: [
      insert(payoutFiles, file),
      update(bankAccounts, bank, { nextEntry: bank.nextEntry + entries, nextFile: bank.nextFile + 1 }),
    ],
    jobs: [deadline(SUBMIT_JOB, id, at)],
  });
  return merge(own, inFile(covered, id, { traces: built.traces, expectedOn }));
}

/** What becomes of each payout in the file. */
function inFile(
  covered: readonly Payout[],
  file: PayoutFile['id'],
  { traces, expectedOn }: { readonly traces: readonly string[]; readonly expectedOn: Day },
): UnitPart {
  const traced = covered.map((payout, index) => ({ payout, trace: traces[index] as string }));
  return part({
    events: traced.map(({ payout: { id, amount }, trace }) =>
      event('payout.filed', id, { payout: id, file, amount, trace }),
    ),
    writes: traced.map(({ payout, trace }) =>
      update(payouts, payout, movePayout(payout, 'filed', { file, trace, expectedOn })),
    ),
  });
}

/**
 * Seven letters by chance: a decision that is made again never meets the bytes that were kept under another one's name. The
 * last counts: rails tell the files of a day apart by it, and no two of 36 in a row share it.
 */
const fileReference = ({ nextFile }: BankAccount): string =>
  `${mintReference(7)}${(nextFile % 36).toString(36).toUpperCase()}`;

/** The next Monday to Friday after an instant; bank holidays are not known here. */
export function nextBankingDay(at: Instant): Day {
  let next = addDays(at, 1);
  while ([0, 6].includes(new Date(next).getUTCDay())) next = addDays(next, 1);
  return dayOf(next);
}
