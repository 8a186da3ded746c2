/**
 * Deciding a payout that was asked for: the amount leaves the seller's balance at once, so the floor refuses a second
 * payout of the same money. Who is paid what is the rule of plan-payout.ts.
 */
import { addMs } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Money } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { recoverDebts } from '../debts/index.ts';
import { type CommandKey, type Decision, deadline, merge, type Outcome, part } from '../journal/index.ts';
import { findSeller } from '../parties/index.ts';
import type { PayoutDeps } from './deps.ts';
import type { PayoutRefusal } from './errors.ts';
import { loadFunds } from './load-funds.ts';
import type { Payout } from './payout.ts';
import { planPayout } from './plan-payout.ts';

export const FILE_JOB = 'payouts.file';
/** Payouts decided within this time share a file. Business time. */
const GATHER_MS = 15_000;

export interface InitiatePayout {
  readonly marketplace: Id<'mkt'>;
  readonly seller: Id<'sel'>;
  /** Null: everything that is available. */
  readonly amount: Money | null;
}

/** Debts come first: what there is, is taken for them in a unit of its own, and the payout decided again on the rest. */
export async function initiatePayout(
  deps: PayoutDeps,
  command: CommandKey,
  input: InitiatePayout,
): Promise<Result<Outcome<Payout>, PayoutRefusal>> {
  const paid = await deps.journal.run(command, () => decide(deps, command, input));
  if (paid.ok || paid.error.code !== 'debt_open') return paid;
  const recovered = await recoverDebts(deps, input.seller);
  return recovered.ok ? deps.journal.run(command, () => decide(deps, command, input)) : paid;
}

async function decide(
  deps: PayoutDeps,
  { client, key }: CommandKey,
  input: InitiatePayout,
): Promise<Result<Decision<Payout>, PayoutRefusal>> {
  const { db } = deps.journal;
  const seller = await findSeller(db, input.seller);
  if (seller === null || seller.marketplace !== input.marketplace)
    return refuse('unknown_party', 'no such seller', { pointer: '/seller' });
  const { amount } = input;
  const funds = await loadFunds(deps, seller.id);
  const wanted = amount === null ? funds : { ...funds, amount };
  const at = deps.clock.now();
  const planned = planPayout(seller, wanted, at, { client, key });
  if (!planned.ok) return planned;
  const { payout } = planned.value;
  const filing = part({ jobs: [deadline(FILE_JOB, deps.bank, addMs(at, GATHER_MS))] });
  return ok({ unit: { at, ...merge(planned.value.part, filing), answer: payout }, value: payout });
}
