/**
 * What the network's word, or a line of its report, does to the money of a case; pure. The word says where a dispute stands,
 * not what was booked, so it posts only what its stage proves: a chargeback, pre-arbitration or arbitration holds the
 * amount, a won dispute holds nothing, a lost one the amount for good. Fees and provisional credits are learned from the
 * report alone. Whichever of the two says it first is booked, once: movements of one kind are counted. What an outcome
 * means for the seller is in outcome.ts.
 */
import { compare, isPositive, type Money, min, subtract } from '../base/money.ts';
import { event } from '../ledger/index.ts';
import { isFinal, type Movement, takenOf, withMovement } from './case.ts';
import { coverOf } from './cover.ts';
import { levy, lose, win } from './outcome.ts';
import type { MoneyStep, Surroundings } from './step.ts';
import type { ReportLine } from './store.ts';

/** The case has the state, stage and amount of the word already. */
export function moneyOfState(step: MoneyStep, around: Surroundings): MoneyStep {
  const { row } = step;
  // A wallet takes nothing: what it is promised is a refund.
  if (row.stage === 'inquiry' || row.stage === 'escalation') return step;
  switch (row.state) {
    case 'inquiry':
    case 'escalation':
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
      // Learned of only now: it was taken and came back. Nothing has to be frozen for that.
      const bears = { ...around, limit: subtract(around.limit, around.limit) };
      const taken = row.debited.amount === 0n ? debit(step, row.amount, 'stage', bears) : step;
      return win(taken, around);
    }
    case 'lost':
    case 'accepted': {
      const missing = subtract(row.amount, min(row.amount, takenOf(row)));
      return lose(isPositive(missing) ? debit(step, missing, 'stage', around) : step, around);
    }
  }
}

/**
 * What lines of the report add that is not in our books yet, in their order; `left` are those that cannot be booked. They are
 * of the case's currency.
 */
export function moneyOfLines(
  step: MoneyStep,
  lines: readonly ReportLine[],
  around: Surroundings,
): { readonly step: MoneyStep; readonly left: readonly ReportLine[] } {
  return isFinal(step.row.state) ? linesOfFinal(step, lines, around) : linesOfOpen(step, lines, around);
}

function linesOfOpen(step: MoneyStep, lines: readonly ReportLine[], around: Surroundings) {
  const left: ReportLine[] = [];
  let now = step;
  for (const line of lines) {
    if (line.kind === 'fee') now = fee(now, line.amount, around);
    else if (line.kind === 'debit') now = debit(now, line.amount, 'report', around);
    // Lines are counted: once a credit is left out, the later ones are, or the next look would take one for another.
    else if (left.length === 0 && compare(line.amount, takenOf(now.row)) <= 0)
      now = creditBack(now, line.amount, around);
    else left.push(line);
  }
  return { step: now, left };
}

/** After the outcome only what cancels out can still be booked, such as a provisional credit and the debit that ended it. */
function linesOfFinal(step: MoneyStep, lines: readonly ReportLine[], around: Surroundings) {
  let now = step;
  for (const line of lines.filter(({ kind }) => kind === 'fee')) now = fee(now, line.amount, around);
  const moved = lines.filter(({ kind }) => kind !== 'fee');
  const net = moved.reduce(
    (total, { kind, amount }) => total + (kind === 'debit' ? amount.amount : -amount.amount),
    0n,
  );
  if (net !== 0n) return { step: now, left: moved };
  for (const line of moved.filter(({ kind }) => kind === 'debit')) now = debitAgain(now, line.amount, 'report', around);
  for (const line of moved.filter(({ kind }) => kind === 'credit')) now = creditBack(now, line.amount, around);
  return { step: now, left: [] };
}

function debit(step: MoneyStep, amount: Money, source: Movement['source'], around: Surroundings): MoneyStep {
  const { row } = step;
  if (row.cover !== null) return debitAgain(step, amount, source, around);
  const { cover, canceled, balance } = coverOf(amount, around.limit, { ...around.purse, seller: step.balance });
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
    balance,
    frozen: cover.held,
  };
}

function debitAgain(step: MoneyStep, amount: Money, source: Movement['source'], { at }: Surroundings): MoneyStep {
  const { id, network } = step.row;
  const again = event('chargeback.debited_again', id, { dispute: id, network, amount });
  return {
    ...step,
    row: withMovement(step.row, { kind: 'debit', amount, at, source }),
    events: [...step.events, again],
  };
}

function creditBack(step: MoneyStep, amount: Money, { at }: Surroundings): MoneyStep {
  const { id, network } = step.row;
  const credited = event('chargeback.credited_back', id, { dispute: id, network, amount });
  const row = withMovement(step.row, { kind: 'credit', amount, at, source: 'report' });
  return { ...step, row, events: [...step.events, credited] };
}

/** The operator's cost; who bears it in the end is the fee plan's to say. */
function fee(step: MoneyStep, amount: Money, around: Surroundings): MoneyStep {
  const { id, network } = step.row;
  const charged = event('chargeback.fee_charged', id, { dispute: id, network, amount });
  const row = withMovement(step.row, { kind: 'fee', amount, at: around.at, source: 'report' });
  return levy({ ...step, row, events: [...step.events, charged] }, amount, around);
}
