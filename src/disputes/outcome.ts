/**
 * What the end of a dispute, and the network's fee for it, mean for the seller; pure. Won: everybody has again what was
 * frozen. Lost: the cover pays, the operator bears the gap, and the commission on what was lost goes back if the order's
 * fee plan says so. What then is still on the seller's account is a debt from here on. The network's fee is passed on by
 * the plan as well, when it is charged and whatever the outcome: the network keeps it.
 */
import { add, isPositive, type Money, min, subtract } from '../base/money.ts';
import type { NewDebt } from '../debts/index.ts';
import { feeReturnedOn } from '../fees/index.ts';
import { event } from '../ledger/index.ts';
import { type Case, coverTotal, emptyCover, takenOf, withMovement } from './case.ts';
import type { MoneyStep, Surroundings } from './step.ts';

/** What is still taken comes back, and everybody has again what was frozen. */
export function win(step: MoneyStep, { at }: Surroundings): MoneyStep {
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

/** A cover that is more than what was taken, and a commission that goes back, end the debt first; the rest is the seller's. */
export function lose(step: MoneyStep, around: Surroundings): MoneyStep {
  const { row } = step;
  const taken = takenOf(row);
  const cover = row.cover ?? emptyCover(row.amount);
  const covered = min(coverTotal(cover), taken);
  const uncovered = subtract(taken, covered);
  const [excessDebt, excessSeller] = debtFirst(subtract(coverTotal(cover), covered), cover.debt);
  const borne = {
    ...cover,
    debt: subtract(cover.debt, excessDebt),
    seller: subtract(cover.seller, excessSeller),
  };
  const feeReturned = feeReturnedOn(around.feePlan, { ...around, lost: covered });
  const [feeDebt, feeSeller] = debtFirst(feeReturned, borne.debt);
  const lost = event('chargeback.lost', row.id, {
    dispute: row.id,
    marketplace: row.marketplace,
    seller: row.seller,
    covered,
    uncovered,
    feeReturned,
    toSeller: add(excessSeller, feeSeller),
    toDebt: add(excessDebt, feeDebt),
  });
  const split = { seller: feeSeller, debt: feeDebt };
  return {
    ...step,
    row: { ...row, cover: borne, feeReturned: split, lostOfReleased: min(covered, around.released) },
    events: [...step.events, lost],
    feeReturned,
    debts: [...step.debts, ...debtOf(row, 'chargeback_lost', subtract(borne.debt, feeDebt))],
  };
}

/** Charges the seller for the network's fee, where the plan says so: from the balance, the rest as a debt. */
export function levy(step: MoneyStep, amount: Money, { feePlan }: Surroundings): MoneyStep {
  if (feePlan.chargebacks.networkFee === 'operator' || !isPositive(amount)) return step;
  const { row } = step;
  const fromSeller = min(amount, step.balance);
  const fromDebt = subtract(amount, fromSeller);
  const { id, seller, marketplace } = row;
  const reason = 'dispute_fee';
  const charge = event('charge.levied', id, { seller, marketplace, fromSeller, fromDebt, reason, dispute: id });
  const levied = { seller: add(row.levied.seller, fromSeller), debt: add(row.levied.debt, fromDebt) };
  return {
    ...step,
    row: { ...row, levied },
    events: [...step.events, charge],
    balance: subtract(step.balance, fromSeller),
    debts: [...step.debts, ...debtOf(row, reason, fromDebt)],
  };
}

const debtFirst = (amount: Money, debt: Money): readonly [toDebt: Money, toSeller: Money] => {
  const toDebt = min(amount, debt);
  return [toDebt, subtract(amount, toDebt)];
};

function debtOf(row: Case, because: NewDebt['because'], amount: Money): readonly NewDebt[] {
  const { marketplace, seller, order, id: dispute } = row;
  return isPositive(amount) ? [{ marketplace, seller, because, dispute, order, amount }] : [];
}
