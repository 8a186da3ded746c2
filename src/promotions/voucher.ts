/**
 * A voucher: a promise to pay a part of an order. A free one is paid by the budget that its issue reserved, a sold one by the money
 * of whoever bought it, who keeps what an order leaves of it.
 *
 *   issued → assigned to a buyer → redeemed | lapsed
 *
 * Invariants: an order has a voucher to itself from when it is applied until the order is paid or canceled; money moves when the
 * order's first money comes in, so an order that is never paid leaves no trace; what is reserved for a campaign's free vouchers is
 * the face of those that are open; `voucher` of a programme is what is left on its sold ones.
 */
import { assert } from '../base/assert.ts';
import { addDays, type Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, isZero, type Money, multiplyRatio, subtract, zero } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type StateRow, stateTable } from '../db/state-table.ts';
import { deadline, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { VoucherUseRefusal } from './errors.ts';
import type { VoucherPolicy } from './policies.ts';

export interface Voucher extends StateRow {
  readonly id: Id<'vch'>;
  readonly state: keyof typeof VOUCHER_MOVES;
  readonly programme: Id<'cmp'>;
  readonly marketplace: Id<'mkt'>;
  readonly name: string;
  readonly sale: 'free' | 'sold';
  readonly holder: Id<'buy'> | null;
  readonly face: Money;
  /** What it can still pay. */
  readonly left: Money;
  /** The order it is applied to, whose first money redeems it, and how much of that it pays. */
  readonly applied: { readonly order: Id<'ord'>; readonly amount: Money } | null;
  /** Of a sold one: the law of where it was sold; null of a free one. */
  readonly policy: VoucherPolicy | null;
  /** Before this it can be applied. */
  readonly expiresAt: Instant;
  readonly lapseJob: string | null;
  readonly createdAt: Instant;
}

/** A refund gives a sold voucher back what it paid, whatever became of it since. */
export const VOUCHER_MOVES = {
  issued: ['assigned', 'lapsed'],
  assigned: ['redeemed', 'lapsed'],
  redeemed: ['assigned'],
  lapsed: ['assigned'],
} as const;

export const vouchers = stateTable<Voucher>('vouchers', 'vch');

export const LAPSE_JOB = 'promotions.lapse_voucher';

export interface VoucherUse {
  readonly marketplace: Id<'mkt'>;
  readonly buyer: Id<'buy'>;
  readonly currency: Money['currency'];
  readonly at: Instant;
}

/** Why a voucher can not pay for an order of this buyer, the first reason. */
export function mayUse(voucher: Voucher | null, use: VoucherUse): Result<Voucher, VoucherUseRefusal> {
  const pointer = '/voucher';
  if (voucher === null || voucher.marketplace !== use.marketplace)
    return refuse('unknown_voucher', 'no such voucher', { pointer });
  if (voucher.holder !== use.buyer) return refuse('voucher_not_theirs', 'it is not this buyer’s', { pointer });
  if (voucher.applied !== null)
    return refuse('voucher_in_use', 'it is applied to an order that is not paid yet', {
      pointer,
      facts: { order: voucher.applied.order },
    });
  if (voucher.state !== 'assigned' || voucher.expiresAt <= use.at)
    return refuse('voucher_expired', 'it is used or has expired', { pointer, facts: { state: voucher.state } });
  if (voucher.left.currency !== use.currency)
    return refuse('voucher_currency', `it pays in ${voucher.left.currency}`, { pointer });
  return ok(voucher);
}

/** The order has it to itself. */
export const applyingVoucher = (voucher: Voucher, order: Id<'ord'>, amount: Money): UnitPart =>
  part({
    events: [event('voucher.applied', voucher.id, { order, amount })],
    writes: [update(vouchers, voucher, { applied: { order, amount } })],
  });

/** The order was never paid. */
export const freeingVoucher = (voucher: Voucher, order: Id<'ord'>): UnitPart =>
  part({
    events: [event('voucher.freed', voucher.id, { order })],
    writes: [update(vouchers, voucher, { applied: null })],
  });

/** With the first money of the order: a free one is used up, a sold one keeps what is left of it. */
export function redeemingVoucher(voucher: Voucher, order: Id<'ord'>, amount: Money): UnitPart {
  const { id, programme, face, sale } = voucher;
  if (sale === 'free') {
    const facts = { order, campaign: programme, discount: amount, reserved: amount, unspent: subtract(face, amount) };
    return usedUp(voucher, event('voucher.redeemed_free', id, facts));
  }
  const redeemed = event('voucher.redeemed', id, { order, programme, amount });
  const left = subtract(voucher.left, amount);
  if (isZero(left)) return usedUp(voucher, redeemed);
  return part({ events: [redeemed], writes: [update(vouchers, voucher, { left, applied: null })] });
}

function usedUp(voucher: Voucher, redeemed: UnitPart['events'][number]): UnitPart {
  assertMove(VOUCHER_MOVES, `voucher ${voucher.id}`, voucher.state, 'redeemed');
  const left = zero(voucher.left.currency);
  return part({
    events: [redeemed],
    writes: [update(vouchers, voucher, { state: 'redeemed', left, applied: null, lapseJob: null })],
    withdraws: jobsOf(voucher),
  });
}

/** A refund of the order gives a sold voucher back its share, for a while at least. */
export function restoringVoucher(
  voucher: Voucher,
  { order, amount, at }: { readonly order: Id<'ord'>; readonly amount: Money; readonly at: Instant },
): UnitPart {
  const { id, programme, policy } = voucher;
  assert(policy !== null, `free voucher ${id} is not money that goes back to anybody`);
  if (voucher.state !== 'assigned') assertMove(VOUCHER_MOVES, `voucher ${id}`, voucher.state, 'assigned');
  const atLeast = addDays(at, policy.goodAgainDays);
  const expiresAt = voucher.expiresAt > atLeast ? voucher.expiresAt : atLeast;
  const lapse = deadline(LAPSE_JOB, id, expiresAt);
  const changes = { state: 'assigned', left: add(voucher.left, amount), expiresAt, lapseJob: lapse.id } as const;
  return part({
    events: [event('voucher.restored', id, { order, programme, amount })],
    writes: [update(vouchers, voucher, changes)],
    jobs: [lapse],
    withdraws: jobsOf(voucher),
  });
}

/** Its time is over: a free one gives its reserve back, what is left of a sold one is kept or owed to an authority. */
export function lapsingVoucher(voucher: Voucher): UnitPart {
  assertMove(VOUCHER_MOVES, `voucher ${voucher.id}`, voucher.state, 'lapsed');
  const left = zero(voucher.left.currency);
  return part({
    events: [endOf(voucher)],
    writes: [update(vouchers, voucher, { state: 'lapsed', left, lapseJob: null })],
  });
}

function endOf({ id, programme, left, policy, face }: Voucher): UnitPart['events'][number] {
  if (policy === null) return event('voucher.lapsed_free', id, { campaign: programme, amount: face });
  const kept = multiplyRatio(left, BigInt(policy.keptBps), 10_000n, 'down');
  const { authority } = policy;
  return event('voucher.expired', id, { programme, kept, escheated: subtract(left, kept), authority });
}

const jobsOf = ({ lapseJob }: Voucher): readonly string[] => (lapseJob === null ? [] : [lapseJob]);
