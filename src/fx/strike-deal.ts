/** Recording a deal that a bank has confirmed. A fact: only what cannot be a deal is refused, and a reference that is known. */
import { newId } from '../base/ids.ts';
import { isPositive } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { absent, type CommandKey, type Decision, insert, type Outcome, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Deal, fxDeals } from './deal.ts';
import type { FxDeps } from './deps.ts';
import type { FxRefusal } from './errors.ts';
import { findDealByReference } from './store.ts';

export type StrikeDeal = Pick<Deal, 'counterparty' | 'reference' | 'sold' | 'bought' | 'settlesOn'>;

export function strikeDeal(
  deps: FxDeps,
  command: CommandKey,
  input: StrikeDeal,
): Promise<Result<Outcome<Deal>, FxRefusal>> {
  return deps.journal.run(command, async (): Promise<Result<Decision<Deal>, FxRefusal>> => {
    const { counterparty, reference, sold, bought, settlesOn } = input;
    if (sold.currency === bought.currency)
      return refuse('same_currency', 'there is nothing to exchange', { pointer: '/bought/currency' });
    if (!isPositive(sold) || !isPositive(bought))
      return refuse('invalid_amount', 'must be above zero', { pointer: isPositive(sold) ? '/bought' : '/sold' });
    if ((await findDealByReference(deps.journal.db, reference)) !== null)
      return refuse('duplicate_reference', 'a deal has this reference', { pointer: '/reference' });
    const at = deps.clock.now();
    const facts = { counterparty, reference, sold, bought };
    const settled = { paidBy: null, receivedBy: null };
    const deal: Deal = {
      ...{ id: newId('fxd'), version: 1, state: 'struck', ...facts, settlesOn, ...settled, struckAt: at },
    };
    const own = part({
      events: [event('fx.deal_struck', deal.id, { deal: deal.id, ...facts })],
      writes: [insert(fxDeals, deal)],
      guards: [absent(fxDeals, 'reference', reference)],
    });
    return ok({ unit: { at, ...own, answer: deal }, value: deal });
  });
}
