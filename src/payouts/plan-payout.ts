/**
 * The one rule of who is paid what; pure. A payout that is asked for and a run over all sellers plan by it alike. Checks in
 * this order: the block, debts, the currency, the amount, open disputes. Whoever owes is paid nothing: what there was has been
 * taken for the debt before (initiate-payout.ts, run-page.ts). Whether the balance covers an amount that was asked for
 * is the ledger's to refuse: the seller's account has a floor.
 */
import type { Instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { compare, isPositive, type Money, min, subtract } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { insert, part, type UnitPart, unchanged } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Seller, sellers } from '../parties/index.ts';
import { mintReference } from '../payments/index.ts';
import type { PayoutRefusal } from './errors.ts';
import { PAYOUT_MAX, type Payout, payouts } from './payout.ts';

/** What the seller has, what of it open disputes keep back, and what the seller owes. */
export interface Funds {
  readonly available: Money;
  readonly keptBack: Money | undefined;
  readonly owed: Money;
}

/** Of these funds: an amount, or everything, as much of it as one payout carries. */
export type Wanted = Funds & { readonly amount?: Money };

export interface PlannedPayout {
  /** As it stands once the part has committed. */
  readonly payout: Payout;
  readonly part: UnitPart;
}

/** `command`: who asked for it, when somebody did. */
export function planPayout(
  seller: Seller,
  wanted: Wanted,
  at: Instant,
  command: Payout['command'] = null,
): Result<PlannedPayout, PayoutRefusal> {
  if (seller.payoutsBlocked !== null) {
    return refuse('payouts_blocked', 'the bank returned a payout; correct the bank account first', {
      facts: { ...seller.payoutsBlocked },
    });
  }
  if (isPositive(wanted.owed))
    return refuse('debt_open', 'the seller owes; what comes in is taken for it first', {
      facts: { owed: wanted.owed },
    });
  const amount = amountOf(wanted);
  return amount.ok ? ok(planned(seller, amount.value, at, command)) : amount;
}

function amountOf(wanted: Wanted): Result<Money, PayoutRefusal> {
  const { amount, available, keptBack } = wanted;
  const free = keptBack === undefined ? available : subtract(available, min(available, keptBack));
  if (amount === undefined) {
    if (isPositive(free)) return ok(min(free, PAYOUT_MAX));
    return isPositive(available) ? disputed(free) : refuse('nothing_to_pay_out', 'the available balance is zero');
  }
  if (amount.currency !== 'USD') {
    return refuse('no_rail', `no rail pays out ${amount.currency} yet`, {
      pointer: '/amount/currency',
      facts: { currencies: ['USD'] },
    });
  }
  if (!isPositive(amount)) return refuse('invalid_amount', 'must be above zero', { pointer: '/amount/value' });
  if (compare(amount, PAYOUT_MAX) > 0) {
    return refuse('invalid_amount', 'is more than one payout carries', {
      pointer: '/amount/value',
      facts: { max: PAYOUT_MAX },
    });
  }
  const reachesIn = compare(amount, free) > 0 && compare(amount, available) <= 0;
  return keptBack !== undefined && reachesIn ? disputed(free) : ok(amount);
}

const disputed = (free: Money): Result<never, PayoutRefusal> =>
  refuse('dispute_open', 'an open dispute may take this money back; what is free can be paid out', {
    pointer: '/amount/value',
    facts: { free },
  });

function planned(seller: Seller, amount: Money, at: Instant, command: Payout['command']): PlannedPayout {
  const payout: Payout = {
    id: newId('po'),
    version: 1,
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
    command,
    createdAt: at,
  };
  const { id, marketplace } = payout;
  const initiated = event('payout.initiated', id, { payout: id, seller: seller.id, marketplace, amount });
  return {
    payout,
    part: part({ events: [initiated], writes: [insert(payouts, payout)], guards: [unchanged(sellers, seller)] }),
  };
}
