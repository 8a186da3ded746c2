/**
 * Deciding a payout: the amount leaves the seller's balance at once, so the floor refuses a second payout of the same
 * money. Checks in this order: the seller, the block, the amount, the balance.
 */
import { addMs } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { isZero, type Money } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, type Decision, deadline, insert, type Outcome, part, unchanged } from '../journal/index.ts';
import { account, balanceOf, event } from '../ledger/index.ts';
import { findSeller, sellers } from '../parties/index.ts';
import { mintReference } from '../payments/index.ts';
import type { PayoutDeps } from './deps.ts';
import type { PayoutRefusal } from './errors.ts';
import { type Payout, payouts } from './payout.ts';

export const FILE_JOB = 'payouts.file';
/** Payouts decided within this time share a file. Business time. */
const GATHER_MS = 15_000;

export interface InitiatePayout {
  readonly marketplace: Id<'mkt'>;
  readonly seller: Id<'sel'>;
  /** Null: everything that is available. */
  readonly amount: Money | null;
}

export function initiatePayout(
  deps: PayoutDeps,
  command: CommandKey,
  input: InitiatePayout,
): Promise<Result<Outcome<Payout>, PayoutRefusal>> {
  return deps.journal.run(command, () => decide(deps, input));
}

async function decide(deps: PayoutDeps, input: InitiatePayout): Promise<Result<Decision<Payout>, PayoutRefusal>> {
  const { db } = deps.journal;
  const seller = await findSeller(db, input.seller);
  if (seller === null || seller.marketplace !== input.marketplace)
    return refuse('unknown_party', 'no such seller', { pointer: '/seller' });
  if (seller.payoutsBlocked !== null) {
    return refuse('payouts_blocked', 'the bank returned a payout; correct the bank account first', {
      facts: { ...seller.payoutsBlocked },
    });
  }
  if (input.amount !== null && input.amount.currency !== 'USD') {
    return refuse('no_rail', `no rail pays out ${input.amount.currency} yet`, {
      pointer: '/amount/currency',
      facts: { currencies: ['USD'] },
    });
  }
  if (input.amount !== null && input.amount.amount <= 0n)
    return refuse('invalid_amount', 'must be above zero', { pointer: '/amount/value' });
  const amount = input.amount ?? (await balanceOf(db, account('seller', seller.id), 'USD'));
  if (isZero(amount)) return refuse('nothing_to_pay_out', 'the available balance is zero');
  const at = deps.clock.now();
  const payout: Payout = {
    id: newId('po'),
    version: 0,
    state: 'initiated',
    marketplace: seller.marketplace,
    seller: seller.id,
    amount,
    account: seller.bankAccount,
    reference: mintReference(),
    file: null,
    trace: null,
    returnReason: null,
    expectedOn: null,
    createdAt: at,
  };
  const initiated = event('payout.initiated', payout.id, {
    payout: payout.id,
    seller: seller.id,
    marketplace: seller.marketplace,
    amount,
  });
  const unit = {
    at,
    ...part({
      events: [initiated],
      writes: [insert(payouts, payout)],
      guards: [unchanged(sellers, seller)],
      jobs: [deadline(FILE_JOB, deps.bank, addMs(at, GATHER_MS))],
    }),
    answer: { ...payout, version: 1 },
  };
  return ok({ unit, value: { ...payout, version: 1 } });
}
