/**
 * A new version of a marketplace's fee plan, as a whole. Orders keep the version that was current when their terms were agreed;
 * the journal keeps every version.
 */
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type FeePlanInput, makeFeePlan } from '../fees/index.ts';
import { type CommandKey, type Decision, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { Done, PartyDeps, PartyRefusal } from './create-party.ts';
import { type Marketplace, marketplaces } from './rows.ts';
import { findMarketplace } from './store.ts';

export interface ChangeFeePlan {
  readonly marketplace: Id<'mkt'>;
  /** The whole request. */
  readonly feePlan: FeePlanInput;
}

export function changeFeePlan(
  deps: PartyDeps,
  command: CommandKey | undefined,
  input: ChangeFeePlan,
): Done<Marketplace> {
  return deps.journal.run(command, async (): Promise<Result<Decision<Marketplace>, PartyRefusal>> => {
    const before = await findMarketplace(deps.journal.db, input.marketplace);
    if (before === null) return refuse('not_found', 'no such marketplace');
    const made = makeFeePlan(input.feePlan, { version: before.feePlan.version + 1, at: '' });
    if (!made.ok) return made;
    const plan = made.value;
    const after: Marketplace = { ...before, version: before.version + 1, feePlan: plan };
    const changed = event('marketplace.fee_plan_changed', before.id, { plan, version: plan.version });
    const writes = [update(marketplaces, before, { feePlan: plan })];
    return ok({ unit: { at: deps.clock.now(), ...part({ events: [changed], writes }), answer: after }, value: after });
  });
}
