/**
 * The payout run: every seller of a marketplace with an available balance and no block is paid everything. One unit a
 * seller, keyed by run and seller, so that a run killed in the middle goes on where it stopped when it is started again.
 */
import type { Id } from '../base/ids.ts';
import { add, type Money, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, commandKey, type Decision, type Outcome, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findMarketplace, marketplaces } from '../parties/index.ts';
import type { PayoutDeps } from './deps.ts';
import type { PayoutRefusal } from './errors.ts';
import { initiatePayout } from './initiate-payout.ts';
import type { Payout } from './payout.ts';
import { sellersToPay } from './store.ts';

export interface RunSummary {
  readonly payouts: number;
  readonly total: Money;
}

const AT_ONCE = 64;

/** A run that somebody asked for: its summary is the answer of every repeat. Killed in the middle, a repeat goes on. */
export async function askForRun(
  deps: PayoutDeps,
  command: CommandKey,
  id: Id<'mkt'>,
): Promise<Result<Outcome<RunSummary>, PayoutRefusal>> {
  const kept = await deps.journal.findAnswer(command.client, command.key);
  const known = await findMarketplace(deps.journal.db, id);
  if (known === null) return refuse('not_found', 'no such marketplace', { pointer: '/marketplace' });
  const summary =
    kept === null ? await runPayouts(deps, id, `asked:${command.key}`) : { payouts: 0, total: zero('USD') };
  return deps.journal.run(command, async (): Promise<Result<Decision<RunSummary>, PayoutRefusal>> => {
    const marketplace = await findMarketplace(deps.journal.db, id);
    if (marketplace === null) return refuse('not_found', 'no such marketplace');
    const at = deps.clock.now();
    const ran = event('marketplace.payouts_run', id, { payouts: summary.payouts, total: summary.total });
    const changed = part({ events: [ran], writes: [update(marketplaces, marketplace, { lastPayoutRunAt: at })] });
    return ok({ unit: { at, ...changed, answer: summary }, value: summary });
  });
}

/** `run` names the run: the day of a scheduled one, the idempotency key of one asked for. */
export async function runPayouts(deps: PayoutDeps, marketplace: Id<'mkt'>, run: string): Promise<RunSummary> {
  const waiting = [...(await sellersToPay(deps.journal.db, marketplace))];
  let payouts = 0;
  let total = zero('USD');
  const payNext = async (): Promise<void> => {
    for (let seller = waiting.shift(); seller !== undefined; seller = waiting.shift()) {
      const key = commandKey(marketplace, `payout-run:${run}:${seller}`, 'initiate_payout', { marketplace, seller });
      const result = await initiatePayout(deps, key, { marketplace, seller, amount: null });
      // A refusal here is a seller whose balance or account changed since the list was read: the next run sees it.
      if (!result.ok || result.value.kind === 'repeated') continue;
      const payout: Payout = result.value.value;
      payouts += 1;
      total = add(total, payout.amount);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, payNext));
  return { payouts, total };
}
