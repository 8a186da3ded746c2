/**
 * What a campaign may spend. The hub's own is set by decision, as often as wanted, in any currency that acquirers are settled in;
 * a sponsor's is what came from him, explained on a line of our bank. What is left of a fund goes back to him when the campaign has
 * ended: nothing pays sponsors by itself, so it is locked for him, he is paid from the bank, and that line is matched.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { newId } from '../base/ids.ts';
import { equals, isPositive, type Money } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, insert, type Outcome, part, type UnitPart, unchanged, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Campaign, campaigns, FUND_RETURN_MOVES, type FundReturn, fundReturns, withBudget } from './campaign.ts';
import type { PromotionDeps } from './deps.ts';
import type { FundLineRefusal, PromotionRefusal } from './errors.ts';
import { findCampaign, leftOf } from './store.ts';

export function setBudget(
  deps: PromotionDeps,
  command: CommandKey,
  { campaign: id, amount }: { readonly campaign: Id<'cmp'>; readonly amount: Money },
): Promise<Result<Outcome<Campaign>, PromotionRefusal>> {
  return deps.journal.run(command, async () => {
    const campaign = await findCampaign(deps.journal.db, id);
    if (campaign === null) return refuse('not_found', 'no such campaign') as Result<never, PromotionRefusal>;
    if (campaign.funder.by !== 'hub')
      return refuse('illegal_move', 'only a campaign of the hub has a budget; a sponsor pays his in', {
        facts: { fundedBy: campaign.funder.by },
      });
    if (campaign.state === 'ended') return refuse('illegal_move', 'the campaign has ended');
    if (!isPositive(amount)) return refuse('invalid_amount', 'must be above zero', { pointer: '/amount/value' });
    const changes = { budgets: withBudget(campaign.budgets, amount) };
    const own = part({
      events: [event('budget.set', id, { campaign: id, amount })],
      writes: [update(campaigns, campaign, changes)],
    });
    const after = { ...campaign, ...changes, version: campaign.version + 1 };
    return ok({ unit: { at: deps.clock.now(), ...own, answer: after }, value: after });
  });
}

export interface FundLine {
  readonly id: Id<'ln'>;
  readonly bank: Id<'bnk'>;
  readonly amount: Money;
}

/** The part that explains a credit on our bank account as a sponsor's payment. */
export function prefundingPart(campaign: Campaign, { bank, amount }: FundLine): Result<UnitPart, FundLineRefusal> {
  if (campaign.funder.by !== 'sponsor') return refuse('illegal_move', 'this campaign has no sponsor');
  if (campaign.state === 'ended') return refuse('illegal_move', 'the campaign has ended');
  const { id } = campaign;
  return ok(
    part({
      events: [
        event('campaign.prefunded', id, { campaign: id, bank, amount }),
        event('budget.set', id, { campaign: id, amount }),
      ],
      writes: [update(campaigns, campaign, { budgets: withBudget(campaign.budgets, amount) })],
    }),
  );
}

/**
 * Locks for the sponsor what nothing is reserved of, in one currency. It may be asked again when a payment that was under way
 * came to nothing, or a refund brought its share back.
 */
export function returnRest(
  deps: PromotionDeps,
  command: CommandKey,
  { campaign: id, currency }: { readonly campaign: Id<'cmp'>; readonly currency: Money['currency'] },
): Promise<Result<Outcome<FundReturn>, PromotionRefusal>> {
  return deps.journal.run(command, async () => {
    const campaign = await findCampaign(deps.journal.db, id);
    if (campaign === null) return refuse('not_found', 'no such campaign') as Result<never, PromotionRefusal>;
    if (campaign.funder.by !== 'sponsor' || campaign.state !== 'ended')
      return refuse('illegal_move', 'the rest of a fund goes back when a sponsored campaign has ended', {
        facts: { state: campaign.state, fundedBy: campaign.funder.by },
      });
    const amount = (await leftOf(deps.journal.db, [id], currency)).get(id);
    if (amount === undefined || !isPositive(amount)) return refuse('nothing_to_return', 'nothing is left of the fund');
    const { own, back } = returningRest(campaign, amount, deps.clock.now());
    return ok({ unit: { at: back.createdAt, ...own, answer: back }, value: back });
  });
}

function returningRest(campaign: Campaign, amount: Money, at: Instant): { own: UnitPart; back: FundReturn } {
  const refund = newId('ref');
  const back: FundReturn = {
    ...{ id: refund, version: 1, state: 'due', campaign: campaign.id, amount, paidBy: null, createdAt: at },
  };
  const facts = { campaign: campaign.id, amount };
  const own = part({
    events: [event('campaign.rest_returned', refund, { ...facts, refund }), event('budget.taken_back', refund, facts)],
    writes: [insert(fundReturns, back)],
    guards: [unchanged(campaigns, campaign)],
  });
  return { own, back: { ...back, version: 2 } };
}

/** The part that explains a debit on our bank account as the payment of it, to the cent. */
export function fundReturnPaid(back: FundReturn, { id, bank, amount }: FundLine): Result<UnitPart, FundLineRefusal> {
  if (back.state !== 'due') return refuse('illegal_move', 'it is paid already', { facts: { state: back.state } });
  if (!equals(back.amount, amount))
    return refuse('amount_differs', 'the line is not the amount that is due', { facts: { due: back.amount } });
  assertMove(FUND_RETURN_MOVES, `fund return ${back.id}`, back.state, 'paid');
  return ok(
    part({
      events: [event('refund.matched', back.id, { refund: back.id, bank, amount })],
      writes: [update(fundReturns, back, { state: 'paid', paidBy: id })],
    }),
  );
}
