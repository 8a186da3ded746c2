/** Taking a payout back before it is handed to the bank: the seller has the money again. */
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, type Decision, type Outcome, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { PayoutDeps } from './deps.ts';
import type { PayoutRefusal } from './errors.ts';
import { movePayout, type Payout, payouts } from './payout.ts';
import { findPayout } from './store.ts';

export interface CancelPayout {
  readonly marketplace: Id<'mkt'>;
  readonly payout: Id<'po'>;
  readonly reason: string;
}

export function cancelPayout(
  deps: PayoutDeps,
  command: CommandKey,
  input: CancelPayout,
): Promise<Result<Outcome<Payout>, PayoutRefusal>> {
  return deps.journal.run(command, async (): Promise<Result<Decision<Payout>, PayoutRefusal>> => {
    const payout = await findPayout(deps.journal.db, input.payout);
    if (payout === null || payout.marketplace !== input.marketplace) return refuse('not_found', 'no such payout');
    if (payout.state !== 'initiated' && payout.state !== 'awaiting_funds') {
      return refuse('illegal_move', `a payout that is ${payout.state} cannot be canceled`, {
        facts: { state: payout.state },
      });
    }
    const after: Payout = { ...payout, state: 'canceled', version: payout.version + 1 };
    return ok({ unit: { at: deps.clock.now(), ...canceling(payout, input.reason), answer: after }, value: after });
  });
}

/** The part that takes an unfiled payout back; also of a dispute, which needs the money first. */
export function canceling(payout: Payout, reason: string): UnitPart {
  const { id, seller, marketplace, amount } = payout;
  return part({
    events: [event('payout.canceled', id, { payout: id, seller, marketplace, amount, reason })],
    writes: [update(payouts, payout, movePayout(payout, 'canceled'))],
  });
}
