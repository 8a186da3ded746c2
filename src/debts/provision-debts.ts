/**
 * Providing for debts as they grow old: every day each open debt is brought to the share of its age class, up, or down after a
 * part was recovered. The expense then comes before the write-off, in the months in which the debt goes bad.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { compare, equals, type Money, multiplyRatio, subtract } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { type Decision, type JournalRefusal, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { ageDays, type Debt, debts, leftOf } from './debt.ts';
import type { DebtDeps } from './deps.ts';
import { currentProvisions, percentAt } from './policies.ts';
import { findDebt, openDebtsAfter } from './store.ts';

const PAGE = 500;

/** All open debts, a page at a time; begun again, nothing is provided for twice. */
export async function provisionDebts(deps: DebtDeps): Promise<void> {
  for (let after: Id<'dbt'> | null = null; ; ) {
    const page: readonly Debt[] = await openDebtsAfter(deps.journal.db, after, PAGE);
    for (const { id } of page) await deps.journal.run(undefined, () => decide(deps, id));
    if (page.length < PAGE) return;
    after = page.at(-1)?.id ?? null;
  }
}

async function decide(
  deps: DebtDeps,
  id: Id<'dbt'>,
): Promise<Result<Decision<null>, Refusal<'nothing_new'> | JournalRefusal>> {
  const debt = await findDebt(deps.journal.db, id);
  const at = deps.clock.now();
  if (debt === null || debt.state !== 'open' || equals(provisionAt(debt, at), debt.provisioned))
    return refuse('nothing_new', 'provided for already');
  const provisioned = provisionAt(debt, at);
  const facts = { debt: id, seller: debt.seller };
  const { name, version } = currentProvisions();
  const changed =
    compare(provisioned, debt.provisioned) > 0
      ? event('debt.provisioned', id, {
          ...facts,
          amount: subtract(provisioned, debt.provisioned),
          percent: percentAt(currentProvisions(), ageDays(debt, at)),
          policy: `${name}@${version}`,
        })
      : event('debt.provision_released', id, { ...facts, amount: subtract(debt.provisioned, provisioned) });
  const unit = { at, ...part({ events: [changed], writes: [update(debts, debt, { provisioned })] }) };
  return ok({ unit, value: null });
}

/** What should be provided for: half-up. */
export const provisionAt = (debt: Debt, at: Instant): Money =>
  multiplyRatio(leftOf(debt), BigInt(percentAt(currentProvisions(), ageDays(debt, at))), 100n, 'half-up');
