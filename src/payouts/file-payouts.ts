/**
 * Handing payouts to the bank: one file of what settled funds cover, oldest first; the rest awaits funds. The bank account's
 * row changes with every file, so two workers cannot spend the same funds or number the same entries. The bytes are kept
 * before anything is sent; sending is a job of its own (submit-file.ts).
 */
import { createHash } from 'node:crypto';
import { addDays, type Day, dayOf, type Instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { add, compare, type Money, subtract, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { type Decision, deadline, insert, merge, part, type UnitPart, update } from '../journal/index.ts';
import { account, balanceOf, event, totalOf } from '../ledger/index.ts';
import { keepOutboundFile } from '../network-log/index.ts';
import { type BankAccount, bankAccounts, loadBankAccount } from '../parties/index.ts';
import { mintReference } from '../payments/index.ts';
import type { PayoutDeps } from './deps.ts';
import type { PayoutRefusal } from './errors.ts';
import { movePayout, type Payout, type PayoutFile, payoutFiles, payouts } from './payout.ts';
import { unfiledPayouts } from './store.ts';
import { SUBMIT_JOB } from './submit-file.ts';

const ENTRIES_A_FILE = 500;

/** The job: files what can be filed; comes back at once while a full file was written. */
export async function filePayoutsJob(deps: PayoutDeps, job: Job): Promise<JobResult> {
  const result = await deps.journal.run(undefined, () => decide(deps, job));
  if (result.ok) return COMMITTED;
  if (result.error.code === 'conflict') return { kind: 'again', afterMs: 1000, reason: 'conflict' };
  return FINISHED;
}

async function decide(deps: PayoutDeps, job: Job): Promise<Result<Decision<null>, PayoutRefusal>> {
  const { db } = deps.journal;
  const waiting = await unfiledPayouts(db, ENTRIES_A_FILE);
  if (waiting.length === 0) return refuse('nothing_to_pay_out', 'nothing waits to be filed');
  const bank = (await loadBankAccount(db, deps.bank)) as BankAccount;
  const at = deps.clock.now();
  const { covered, uncovered, left } = cover(waiting, await availableFunds(deps, bank));
  const late = uncovered.filter(({ state }) => state === 'initiated');
  if (covered.length === 0 && late.length === 0)
    return refuse('nothing_to_pay_out', 'what waits is not covered by settled funds');
  const waits = part({
    events: late.map((payout) => event('payout.funds_awaited', payout.id, { available: left })),
    writes: late.map((payout) => update(payouts, payout, movePayout(payout, 'awaiting_funds'))),
  });
  const filed = covered.length === 0 ? part({}) : await fileThem(deps, bank, covered, at);
  const more = waiting.length === ENTRIES_A_FILE ? part({ jobs: [deadline(job.kind, job.subject, at)] }) : part({});
  return ok({ unit: { at, ...merge(filed, waits, more), done: { job: job.id, lease: job.lease } }, value: null });
}

/** What the bank has booked to us, less what it has been asked to pay and has not booked yet. */
export async function availableFunds(deps: PayoutDeps, bank: BankAccount): Promise<Money> {
  const booked = await balanceOf(deps.journal.db, account('bank', bank.id), bank.currency);
  const underway = await totalOf(deps.journal.db, 'payout_file', bank.currency);
  return subtract(booked, underway);
}

/** Oldest first until the funds end; a later, smaller one does not overtake. */
function cover(
  waiting: readonly Payout[],
  funds: Money,
): { covered: readonly Payout[]; uncovered: readonly Payout[]; left: Money } {
  let spent = zero(funds.currency);
  let count = 0;
  for (const { amount } of waiting) {
    const next = add(spent, amount);
    if (compare(next, funds) > 0) break;
    spent = next;
    count += 1;
  }
  return { covered: waiting.slice(0, count), uncovered: waiting.slice(count), left: subtract(funds, spent) };
}

async function fileThem(
  deps: PayoutDeps,
  bank: BankAccount,
  covered: readonly Payout[],
  at: Instant,
): Promise<UnitPart> {
  const reference = mintReference(8);
  const built = deps.rail.buildCreditFile({
    fileReference: reference,
    createdAt: at,
    effectiveDay: nextBankingDay(at),
    entries: covered.map((payout, index) => ({
      reference: payout.reference,
      amount: payout.amount,
      account: payout.account,
      sequence: bank.nextEntry + index,
    })),
  });
  await keepOutboundFile(deps.journal.db, built);
  const total = covered.reduce((sum, { amount }) => add(sum, amount), zero(bank.currency));
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
  return part({
    events: [
      event('payout_file.built', id, { bank: bank.id, reference, entries, total, sha256 }),
      event('bank_account.filing_planned', bank.id, { file: id }),
      ...covered.map((payout, index) =>
        event('payout.filed', payout.id, {
          payout: payout.id,
          file: id,
          amount: payout.amount,
          trace: built.traces[index] as string,
        }),
      ),
    ],
    writes: [
      insert(payoutFiles, file),
      update(bankAccounts, bank, { nextEntry: bank.nextEntry + covered.length }),
      ...covered.map((payout, index) =>
        update(
          payouts,
          payout,
          movePayout(payout, 'filed', {
            file: id,
            trace: built.traces[index] as string,
            expectedOn: nextBankingDay(at),
          }),
        ),
      ),
    ],
    jobs: [deadline(SUBMIT_JOB, id, at)],
  });
}

/** The next Monday to Friday after an instant; bank holidays are not known here. */
export function nextBankingDay(at: Instant): Day {
  let next = addDays(at, 1);
  while ([0, 6].includes(new Date(next).getUTCDay())) next = addDays(next, 1);
  return dayOf(next);
}
