/**
 * Giving a debt up: the operator's decision, with a reason and who made it. What was provided for is used, the rest is a loss
 * now. From then on nothing is taken from the seller's balance for it; what the seller pays later is income against the loss.
 */
import type { Id } from '../base/ids.ts';
import { subtract, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, type Decision, type Outcome, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { ageDays, type Debt, debts, endDebt, leftOf } from './debt.ts';
import type { DebtDeps } from './deps.ts';
import type { DebtRefusal } from './errors.ts';
import { findDebt } from './store.ts';

export interface WriteOffDebt {
  readonly debt: Id<'dbt'>;
  readonly reason: string;
  readonly by: string;
}

export function writeOffDebt(
  deps: DebtDeps,
  command: CommandKey,
  { debt: id, reason, by }: WriteOffDebt,
): Promise<Result<Outcome<Debt>, DebtRefusal>> {
  return deps.journal.run(command, async (): Promise<Result<Decision<Debt>, DebtRefusal>> => {
    const debt = await findDebt(deps.journal.db, id);
    if (debt === null) return refuse('not_found', 'no such debt');
    if (debt.state !== 'open')
      return refuse('illegal_move', `a debt that is ${debt.state} cannot be written off`, {
        facts: { state: debt.state },
      });
    const at = deps.clock.now();
    const [provided, writtenOff] = [debt.provisioned, leftOf(debt)];
    const rest = subtract(writtenOff, provided);
    const changes = {
      ...endDebt(debt, 'written_off', at),
      writtenOff,
      provisioned: zero(provided.currency),
      writeOff: { reason, by, at },
    };
    const facts = { debt: id, seller: debt.seller, provided, rest, ageDays: ageDays(debt, at), reason, by };
    const events = [event('debt.written_off', id, facts)];
    const after: Debt = { ...debt, ...changes, version: debt.version + 1 };
    const unit = { at, ...part({ events, writes: [update(debts, debt, changes)] }), answer: after };
    return ok({ unit, value: after });
  });
}
