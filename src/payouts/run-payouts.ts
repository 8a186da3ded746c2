/**
 * The payout run: every seller of a marketplace with an available balance and no block is paid everything. One unit a
 * seller, keyed by run and seller, so that a run killed in the middle goes on where it stopped when it is started again.
 */
import type { Id } from '../base/ids.ts';
import { add, type Money, zero } from '../base/money.ts';
import { commandKey } from '../journal/index.ts';
import type { PayoutDeps } from './deps.ts';
import { initiatePayout } from './initiate-payout.ts';
import type { Payout } from './payout.ts';
import { sellersToPay } from './store.ts';

export interface RunSummary {
  readonly payouts: number;
  readonly total: Money;
}

const AT_ONCE = 64;

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
