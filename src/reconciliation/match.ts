/**
 * Why a bank line does not match, or what it is. Each unexplained line is tried by the references it carries, strongest
 * first: our file reference (a payout file), the network's fund transfer (a settlement, or a bill of its fees), a bank's name
 * for a treasury deal, an original trace (a returned payout). Amounts never match by themselves. What explains the line and the line's own state commit in one unit.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, compare, equals, formatMoney, type Money, money, subtract, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type Deal, findDealByReference, settlingDeal } from '../fx/index.ts';
import { type Decision, merge, part, type UnitPart, unchanged, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import {
  entryReturned,
  fileBooked,
  findPayoutByTrace,
  findPayoutFileByReference,
  payoutsOfFile,
} from '../payouts/index.ts';
import { bothWays, negative } from './batch-figures.ts';
import { closeExplained, openBreak } from './breaks.ts';
import type { ReconciliationDeps } from './deps.ts';
import { type ReconciliationRefusal, retryOnConflict } from './errors.ts';
import { type BankLine, bankLines, type Settlement, settlements } from './rows.ts';
import { findBankLine, findSettlement, unexplainedLines } from './store.ts';

/** What a line turned out to be, or the reason why it is not known. */
export type Explanation =
  | { readonly known: true; readonly as: string; readonly subject: string; readonly part: UnitPart }
  | { readonly known: false; readonly reason: string };

/** Tries every unexplained line; one that stays unexplained is a break with its reason. Returns how many were explained. */
export async function matchLines(deps: ReconciliationDeps): Promise<number> {
  let explained = 0;
  for (const line of await unexplainedLines(deps.journal.db)) {
    const result = await deps.journal.run(undefined, () => decide(deps, line));
    retryOnConflict(result);
    if (result.ok) explained += 1;
    else if (result.error.code === 'not_found') await openUnexplained(deps, line, result.error.detail);
  }
  return explained;
}

/** Holds to the line as it was judged: another import may explain it at this moment, and then there is no break. */
async function openUnexplained(deps: ReconciliationDeps, line: BankLine, reason: string): Promise<void> {
  const result = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, ReconciliationRefusal>> => {
    const current = await findBankLine(deps.journal.db, line.id);
    if (current?.state !== 'unexplained') return refuse('illegal_move', 'the line is explained already');
    const at = deps.clock.now();
    const found = { kind: 'bank_line_unexplained', subject: line.id, amount: line.amount, reason } as const;
    const opened = await openBreak(deps, found, at);
    if (opened.events.length === 0) return refuse('already_imported', 'the break is open');
    return ok({ unit: { at, ...merge(opened, part({ guards: [unchanged(bankLines, current)] })) }, value: null });
  });
  retryOnConflict(result);
}

async function decide(
  deps: ReconciliationDeps,
  { id }: BankLine,
): Promise<Result<Decision<null>, ReconciliationRefusal>> {
  const line = await findBankLine(deps.journal.db, id);
  if (line === null || line.state !== 'unexplained') return refuse('illegal_move', 'the line is explained already');
  const at = deps.clock.now();
  const explanation = await explain(deps, line, at);
  if (!explanation.known) return refuse('not_found', explanation.reason);
  return ok({ unit: { at, ...(await explainedPart(deps, line, explanation, at)) }, value: null });
}

/** The line's own move, and the end of the break that waited for it. */
export async function explainedPart(
  deps: ReconciliationDeps,
  line: BankLine,
  explanation: Extract<Explanation, { known: true }>,
  at: Instant,
): Promise<UnitPart> {
  const own = part({
    events: [event('bank.line_explained', line.id, { as: explanation.as, subject: explanation.subject })],
    writes: [
      update(bankLines, line, { state: 'explained', explainedAs: explanation.as, subject: explanation.subject }),
    ],
  });
  return merge(
    explanation.part,
    own,
    await closeExplained(deps, 'bank_line_unexplained', line.id, `explained as ${explanation.as}`, at),
  );
}

async function explain(deps: ReconciliationDeps, line: BankLine, at: Instant): Promise<Explanation> {
  if (line.direction === 'debit' && line.paymentInformationId !== null) {
    const asFile = await explainAsFile(deps, line, line.paymentInformationId);
    if (asFile !== null) return asFile;
  }
  if (line.endToEndId !== null) {
    const settlement = await findSettlement(deps.journal.db, line.endToEndId);
    if (settlement?.kind === 'fees') return explainAsFees(deps, line, settlement, at);
    if (settlement !== null) return explainAsSettlement(deps, line, settlement, at);
    const deal = await findDealByReference(deps.journal.db, line.endToEndId);
    if (deal !== null) return explainAsDeal(line, deal);
  }
  if (line.direction === 'credit' && line.clearingReference !== null) {
    const asReturn = await explainAsReturn(deps, line, line.clearingReference);
    if (asReturn !== null) return asReturn;
  }
  const references = [line.endToEndId, line.clearingReference, line.instructionId, line.paymentInformationId].filter(
    (each) => each !== null,
  );
  const carried = references.length === 0 ? 'it carries no reference' : `nothing of ours has ${references.join(', ')}`;
  return { known: false, reason: `${line.direction} of ${formatMoney(line.amount)}, "${line.text}": ${carried}` };
}

async function explainAsFile(deps: ReconciliationDeps, line: BankLine, reference: string): Promise<Explanation | null> {
  const file = await findPayoutFileByReference(deps.journal.db, reference);
  if (file === null) return null;
  if (file.state === 'matched' || file.state === 'rejected')
    return { known: false, reason: `payout file ${reference} is ${file.state} already` };
  if (compare(file.total, line.amount) !== 0) {
    return {
      known: false,
      reason: `payout file ${reference} is for ${formatMoney(file.total)}, the bank booked ${formatMoney(line.amount)}`,
    };
  }
  const entries = await payoutsOfFile(deps.journal.db, file.id);
  return { known: true, as: 'payout_file', subject: file.id, part: fileBooked(file, entries, line.bank) };
}

async function explainAsReturn(deps: ReconciliationDeps, line: BankLine, trace: string): Promise<Explanation | null> {
  const payout = await findPayoutByTrace(deps.journal.db, trace);
  if (payout === null) return null;
  if (payout.state !== 'filed' && payout.state !== 'paid')
    return { known: false, reason: `the payout of trace ${trace} is ${payout.state}` };
  if (compare(line.amount, payout.amount) !== 0) {
    return {
      known: false,
      reason: `trace ${trace} was for ${formatMoney(payout.amount)}, ${formatMoney(line.amount)} came back`,
    };
  }
  // The reason comes with the return file, on the same day; until then the line waits.
  if (payout.returnReason === null)
    return { known: false, reason: `trace ${trace} came back, its return file has not arrived` };
  return {
    known: true,
    as: 'payout_returned',
    subject: payout.id,
    part: entryReturned(payout, line.bank, line.amount, payout.returnReason.code),
  };
}

/** One side of a deal, to the cent; anything else is for a person. */
function explainAsDeal(line: BankLine, deal: Deal): Explanation {
  const settled = settlingDeal(deal, line);
  if (settled.ok) return { known: true, as: 'fx_deal', subject: deal.id, part: settled.value };
  const agreed = `sold ${formatMoney(deal.sold)}, bought ${formatMoney(deal.bought)}`;
  const booked = `the bank booked a ${line.direction} of ${formatMoney(line.amount)}`;
  return { known: false, reason: `deal ${deal.reference}: ${settled.error.detail}; ${agreed}; ${booked}` };
}

/** Another sum than the bill's is for a person to explain. */
async function explainAsFees(
  deps: ReconciliationDeps,
  line: BankLine,
  bill: Settlement,
  at: Instant,
): Promise<Explanation> {
  if (line.direction !== 'debit' || !equals(line.amount, bill.fees) || bill.state !== 'reported') {
    const { batch, day, state } = bill;
    const billed = `fees ${batch} of ${day}: billed ${formatMoney(bill.fees)}, ${state}`;
    return { known: false, reason: `${billed}; the bank booked a ${line.direction} of ${formatMoney(line.amount)}` };
  }
  return { known: true, as: 'network_fees', subject: bill.id, part: await feesPaid(deps, line, bill, at) };
}

/** The bill is paid by this line; `signed` says why, where the sums differ. */
export async function feesPaid(
  deps: ReconciliationDeps,
  { bank, amount }: BankLine,
  bill: Settlement,
  at: Instant,
  signed = '',
): Promise<UnitPart> {
  const { fees } = bill;
  const network = bill.network as Id<'net'>; // only networks bill fees
  const [short, over] = bothWays(subtract(fees, amount));
  const differs = !equals(amount, fees);
  const own = part({
    events: [
      event('network_fees.matched', bill.id, { network, bank, amount }),
      ...(differs ? [event('network_fees.difference_closed', bill.id, { network, short, over, reason: signed })] : []),
    ],
    writes: [update(settlements, bill, { state: differs ? 'closed' : 'matched', booked: negative(amount) })],
  });
  return merge(own, await closeExplained(deps, 'settlement_overdue', bill.id, 'booked', at));
}

/** Books what came, whatever it is; a difference leaves the batch `differs` with a break that says how much. */
async function explainAsSettlement(
  deps: ReconciliationDeps,
  line: BankLine,
  settlement: Settlement,
  at: Instant,
): Promise<Explanation> {
  if (settlement.state !== 'reported' && settlement.state !== 'differs') {
    return { known: false, reason: `batch ${settlement.batch} is ${settlement.state} already` };
  }
  if (line.amount.currency !== settlement.net.currency) {
    const booked = `the bank booked ${formatMoney(line.amount)}`;
    return { known: false, reason: `batch ${settlement.batch} is of ${formatMoney(settlement.net)}, ${booked}` };
  }
  const none = zero(line.amount.currency);
  const [credited, debited] = line.direction === 'credit' ? [line.amount, none] : [none, line.amount];
  const booked = add(settlement.booked, subtract(credited, debited));
  const missing = subtract(settlement.net, booked);
  const matched = event('settlement.matched', settlement.id, {
    batch: settlement.id,
    bank: line.bank,
    credited,
    debited,
  });
  const state = missing.amount === 0n ? 'matched' : 'differs';
  const own = part({ events: [matched], writes: [update(settlements, settlement, { state, booked })] });
  const found =
    state === 'matched'
      ? merge(
          await closeExplained(deps, 'settlement_short', settlement.id, 'booked in full', at),
          await closeExplained(deps, 'settlement_overdue', settlement.id, 'booked', at),
        )
      : await openBreak(deps, differenceOf(settlement, missing, booked), at);
  return { known: true, as: 'settlement', subject: settlement.id, part: merge(own, found) };
}

function differenceOf(settlement: Settlement, missing: Money, booked: Money) {
  const short = missing.amount > 0n;
  const gap = money(short ? missing.amount : -missing.amount, missing.currency);
  return {
    kind: short ? ('settlement_short' as const) : ('settlement_over' as const),
    subject: settlement.id,
    amount: gap,
    reason: `batch ${settlement.batch} of ${settlement.day}: reported ${formatMoney(settlement.net)}, booked ${formatMoney(booked)}, ${short ? 'short' : 'over'} by ${formatMoney(gap)}`,
  };
}
