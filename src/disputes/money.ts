/**
 * What the network's word, or a line of its report, does to the money of a case; pure. The word says where a dispute stands,
 * not what was booked, so it posts only what its stage proves: a chargeback, pre-arbitration or arbitration holds the
 * amount, a won dispute holds nothing, a lost one the amount for good. Fees and provisional credits are learned from the
 * report alone. Whichever of the two says it first is booked, once: movements of one kind are counted.
 */
import type { Instant } from '../base/clock.ts';
import { compare, isPositive, type Money, min, subtract, zero } from '../base/money.ts';
import { event, type NewEvent } from '../ledger/index.ts';
import type { Payout } from '../payouts/index.ts';
import { type Case, coverTotal, emptyCover, isFinal, type Movement, takenOf, withMovement } from './case.ts';
import { coverOf, type Purse } from './cover.ts';
import type { ReportLine } from './store.ts';

/** What is known around the case when it is decided. */
export interface Surroundings {
  readonly at: Instant;
  /** What the seller side may bear of the payment yet. */
  readonly limit: Money;
  readonly purse: Purse;
}

/** A case on its way through one decision. */
export interface MoneyStep {
  readonly row: Case;
  readonly events: readonly NewEvent[];
  /** Unfiled payouts that are taken back before the money is frozen. */
  readonly canceled: readonly Payout[];
  /** Taken out of what the order holds, and put back. */
  readonly frozen: Money;
  readonly returned: Money;
}

export const startMoney = (row: Case): MoneyStep => {
  const none = zero(row.amount.currency);
  return { row, events: [], canceled: [], frozen: none, returned: none };
};

/** The case has the state, stage and amount of the word already. */
export function moneyOfState(step: MoneyStep, around: Surroundings): MoneyStep {
  const { row } = step;
  if (row.stage === 'inquiry') return step;
  const none = zero(row.amount.currency);
  switch (row.state) {
    case 'inquiry':
      return step;
    case 'chargeback':
    case 'represented': {
      // A later credit of what was debited may be provisional: only the first debit follows from these states.
      const begun = row.cover !== null || isPositive(takenOf(row));
      return begun ? step : debit(step, row.amount, 'stage', around);
    }
    case 'pre_arbitration':
    case 'arbitration':
      return isPositive(takenOf(row)) ? step : debit(step, row.amount, 'stage', around);
    case 'won': {
      // Learned of only now: it was taken and came back.
      const taken = row.debited.amount === 0n ? debit(step, row.amount, 'stage', around) : step;
      return win(taken, around);
    }
    case 'lost':
    case 'accepted': {
      const missing = subtract(row.amount, min(row.amount, takenOf(row)));
      return lose(compare(missing, none) > 0 ? debit(step, missing, 'stage', around) : step);
    }
  }
}

/** What lines of the report add that is not in our books yet, in their order; `left` are those that cannot be booked. */
export function moneyOfLines(
  step: MoneyStep,
  lines: readonly ReportLine[],
  around: Surroundings,
): { readonly step: MoneyStep; readonly left: readonly ReportLine[] } {
  if (isFinal(step.row.state)) return linesOfFinal(step, lines, around);
  const left: ReportLine[] = [];
  let now = step;
  for (const line of lines) {
    if (line.kind === 'fee') now = fee(now, line.amount, around.at);
    else if (line.kind === 'debit') now = debit(now, line.amount, 'report', around);
    else if (compare(line.amount, takenOf(now.row)) <= 0) now = creditBack(now, line.amount, around.at);
    else left.push(line);
  }
  return { step: now, left };
}

/** After the outcome only what cancels out can still be booked, such as a provisional credit and the debit that ended it. */
function linesOfFinal(step: MoneyStep, lines: readonly ReportLine[], { at }: Surroundings) {
  let now = step;
  for (const line of lines.filter(({ kind }) => kind === 'fee')) now = fee(now, line.amount, at);
  const moved = lines.filter(({ kind }) => kind !== 'fee');
  const net = moved.reduce(
    (total, { kind, amount }) => total + (kind === 'debit' ? amount.amount : -amount.amount),
    0n,
  );
  if (net !== 0n) return { step: now, left: moved };
  for (const line of moved.filter(({ kind }) => kind === 'debit')) now = debitAgain(now, line.amount, 'report', at);
  for (const line of moved.filter(({ kind }) => kind === 'credit')) now = creditBack(now, line.amount, at);
  return { step: now, left: [] };
}

function debit(step: MoneyStep, amount: Money, source: Movement['source'], around: Surroundings): MoneyStep {
  const { row } = step;
  if (row.cover !== null) return debitAgain(step, amount, source, around.at);
  const { cover, canceled } = coverOf(amount, around.limit, around.purse);
  const debited = event('chargeback.debited', row.id, {
    dispute: row.id,
    network: row.network,
    order: row.order,
    seller: row.seller,
    amount,
    fromHeld: cover.held,
    fromReserve: cover.reserve,
    fromSeller: cover.seller,
    fromDebt: cover.debt,
  });
  return {
    ...step,
    row: { ...withMovement(row, { kind: 'debit', amount, at: around.at, source }), cover },
    events: [...step.events, debited],
    canceled,
    frozen: cover.held,
  };
}

function debitAgain(step: MoneyStep, amount: Money, source: Movement['source'], at: Instant): MoneyStep {
  const { id, network } = step.row;
  const again = event('chargeback.debited_again', id, { dispute: id, network, amount });
  return {
    ...step,
    row: withMovement(step.row, { kind: 'debit', amount, at, source }),
    events: [...step.events, again],
  };
}

function creditBack(step: MoneyStep, amount: Money, at: Instant): MoneyStep {
  const { id, network } = step.row;
  const credited = event('chargeback.credited_back', id, { dispute: id, network, amount });
  const row = withMovement(step.row, { kind: 'credit', amount, at, source: 'report' });
  return { ...step, row, events: [...step.events, credited] };
}

function fee(step: MoneyStep, amount: Money, at: Instant): MoneyStep {
  const { id, network } = step.row;
  const charged = event('chargeback.fee_charged', id, { dispute: id, network, amount });
  const row = withMovement(step.row, { kind: 'fee', amount, at, source: 'report' });
  return { ...step, row, events: [...step.events, charged] };
}

/** What is still taken comes back, and everybody has again what was frozen. */
function win(step: MoneyStep, { at }: Surroundings): MoneyStep {
  const { row } = step;
  const credited = takenOf(row);
  const cover = row.cover ?? emptyCover(row.amount);
  const won = event('chargeback.won', row.id, {
    dispute: row.id,
    network: row.network,
    order: row.order,
    seller: row.seller,
    credited,
    toHeld: cover.held,
    toReserve: cover.reserve,
    toSeller: cover.seller,
    toDebt: cover.debt,
  });
  const after = isPositive(credited)
    ? withMovement(row, { kind: 'credit', amount: credited, at, source: 'stage' })
    : row;
  return { ...step, row: { ...after, cover: null }, events: [...step.events, won], returned: cover.held };
}

/** The cover pays, the operator bears the gap. A cover that is more than what was taken goes back: debt first. */
function lose(step: MoneyStep): MoneyStep {
  const { row } = step;
  const taken = takenOf(row);
  const cover = row.cover ?? emptyCover(row.amount);
  const covered = min(coverTotal(cover), taken);
  const excess = subtract(coverTotal(cover), covered);
  const toDebt = min(excess, cover.debt);
  const toSeller = subtract(excess, toDebt);
  const uncovered = subtract(taken, covered);
  const { id, marketplace, seller } = row;
  const lost = event('chargeback.lost', id, { dispute: id, marketplace, seller, covered, uncovered, toSeller, toDebt });
  const borne = { ...cover, debt: subtract(cover.debt, toDebt), seller: subtract(cover.seller, toSeller) };
  return { ...step, row: { ...row, cover: borne }, events: [...step.events, lost] };
}
