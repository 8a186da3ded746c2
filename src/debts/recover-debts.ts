/**
 * Recovering what a seller owes: from the next release, in its unit, and from a balance that is there, before anything is
 * paid out of it. Oldest first, from the balance, then from the reserve. Only debts are recovered, never what an open
 * dispute has put on the account: that may go away again.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, compare, isPositive, type Money, min, subtract } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { type Decision, type JournalRefusal, merge, part, type UnitPart, update } from '../journal/index.ts';
import { account, balancesOf, event } from '../ledger/index.ts';
import { type Debt, debts, endDebt, leftOf } from './debt.ts';
import type { DebtDeps } from './deps.ts';
import { openDebtsOf } from './store.ts';

/** What there is to recover from; one currency. */
export interface Funds {
  readonly seller: Money;
  readonly reserve: Money;
}

export interface Recovery {
  readonly part: UnitPart;
  /** What is left of the funds. */
  readonly funds: Funds;
}

/** `owed`: oldest first. Those in another currency than the funds are left alone. */
export function recovering(owed: readonly Debt[], funds: Funds, at: Instant): Recovery {
  let left = funds;
  const parts = owed
    .filter(({ amount }) => amount.currency === funds.seller.currency)
    .flatMap((debt): UnitPart[] => {
      const fromSeller = min(leftOf(debt), left.seller);
      const fromReserve = min(subtract(leftOf(debt), fromSeller), left.reserve);
      if (!isPositive(add(fromSeller, fromReserve))) return [];
      left = { seller: subtract(left.seller, fromSeller), reserve: subtract(left.reserve, fromReserve) };
      const recovered = event('debt.recovered', debt.id, {
        debt: debt.id,
        seller: debt.seller,
        fromSeller,
        fromReserve,
      });
      const { seller, reserve, bank } = debt.recovered;
      const sums = { seller: add(seller, fromSeller), reserve: add(reserve, fromReserve), bank };
      return [merge(part({ events: [recovered] }), afterRecovery(debt, sums, at))];
    });
  return { part: merge(...parts), funds: left };
}

/** The debt with new sums: its end when nothing is left, and no more provided for than is left. */
export function afterRecovery(debt: Debt, recovered: Debt['recovered'], at: Instant): UnitPart {
  const left = leftOf({ ...debt, recovered });
  const released = subtract(debt.provisioned, min(debt.provisioned, left));
  const facts = { debt: debt.id, seller: debt.seller, amount: released };
  const events = isPositive(released) ? [event('debt.provision_released', debt.id, facts)] : [];
  const provisioned = subtract(debt.provisioned, released);
  const end = isPositive(left) ? {} : endDebt(debt, 'recovered', at);
  return part({ events, writes: [update(debts, debt, { recovered, provisioned, ...end })] });
}

const ATTEMPTS = 3;

/** Recovers from the balance and reserve that are there, in a unit of its own; `nothing_to_recover` when there is nothing. */
export async function recoverDebts(
  deps: DebtDeps,
  seller: Id<'sel'>,
): Promise<Result<unknown, Refusal<'nothing_to_recover'> | JournalRefusal>> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await deps.journal.run(undefined, () => decide(deps, seller));
    // The balance fell since it was read: what is left of it is taken.
    if (result.ok || result.error.code !== 'insufficient_balance' || attempt >= ATTEMPTS) return result;
  }
}

async function decide(
  deps: DebtDeps,
  id: Id<'sel'>,
): Promise<Result<Decision<null>, Refusal<'nothing_to_recover'> | JournalRefusal>> {
  const { db } = deps.journal;
  const owed = await openDebtsOf(db, id);
  const currency = owed[0]?.amount.currency;
  if (currency === undefined) return refuse('nothing_to_recover', 'the seller owes nothing');
  const [seller, reserve] = (await balancesOf(db, [account('seller', id), account('reserve', id)], currency)) as [
    Money,
    Money,
  ];
  const at = deps.clock.now();
  const { part: taken, funds } = recovering(owed, { seller, reserve }, at);
  if (compare(add(funds.seller, funds.reserve), add(seller, reserve)) === 0)
    return refuse('nothing_to_recover', 'balance and reserve are empty');
  return ok({ unit: { at, ...taken }, value: null });
}
