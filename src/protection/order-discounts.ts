/**
 * What others pay of an order: discounts of campaigns and vouchers. The order's total is what the seller sells for; its instalments
 * are what the buyer pays.
 *
 *   applied  the instalments are lower, and budget or voucher are kept for it
 *   funded   with the buyer's first money; what the order holds is then his money and theirs
 *   returned its share of what goes back to the buyer: to the campaign or onto the sold voucher, never to the buyer
 *
 * Invariants: Σ instalments + Σ off = total; what discounts pay is `discounted` until the order is released or refunded; the shares
 * that went back come to what was funded when everything the buyer paid has gone back.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, compare, isPositive, isZero, type Money, min, money, subtract, sum, zero } from '../base/money.ts';
import type { Queryable } from '../db/pool.ts';
import { merge, part, type UnitPart } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import {
  findVoucher,
  freeingVoucher,
  fundingOrder,
  lettingGoPart,
  type OrderShare,
  type Person,
  redeemingVoucher,
  restoringVoucher,
  returningOrder,
  type Voucher,
} from '../promotions/index.ts';
import { discountedOf, discountsOf, type Instalment, type Order, type OrderDiscount } from './order.ts';

/** A card payment of less costs more than it brings: so much is left to the buyer, in whole units of the currency. */
export const leastToPay = (currency: Money['currency']): Money => money(100n, currency);

export const toPay = ({ instalments, total }: Order): Money =>
  sum(
    instalments.filter(({ state }) => state === 'due').map(({ amount }) => amount),
    total.currency,
  );

/** The most that may still be taken off: something is left to pay. Zero when nothing can be. */
export function mostOff(order: Order): Money {
  const [left, least] = [toPay(order), leastToPay(order.total.currency)];
  return compare(left, least) <= 0 ? zero(left.currency) : subtract(left, least);
}

/** With less to pay: off the last instalment first; one that comes to nothing is left out. `off` ≤ mostOff. */
export function lowerInstalments(instalments: readonly Instalment[], off: Money): readonly Instalment[] {
  let rest = off;
  const lowered = instalments.toReversed().map((instalment) => {
    if (instalment.state !== 'due') return instalment;
    const taken = min(rest, instalment.amount);
    rest = subtract(rest, taken);
    return { ...instalment, amount: subtract(instalment.amount, taken) };
  });
  return lowered.toReversed().filter(({ amount }) => !isZero(amount));
}

/** What an order reads of promotions before it moves money: the vouchers it has, and how often its buyer had what. */
export interface OrderPromotions {
  readonly vouchers: readonly Voucher[];
  readonly person: Person | null;
}

export async function vouchersOf(db: Queryable, order: Order): Promise<readonly Voucher[]> {
  const ids = discountsOf(order).flatMap(({ voucher }) => (voucher === null ? [] : [voucher]));
  const found = await Promise.all(ids.map((id) => findVoucher(db, id)));
  return found.filter((voucher) => voucher !== null);
}

export interface DiscountChange {
  readonly changes: Partial<Pick<Order, 'discounts' | 'discounted'>>;
  readonly part: UnitPart;
}

const NO_CHANGE: DiscountChange = { changes: {}, part: part({}) };

/** With money of the buyer, the first after they were applied: discounts are funded. Null: none came in. */
export function fundDiscounts(order: Order, vouchers: readonly Voucher[] | null): DiscountChange {
  const applied = discountsOf(order).filter(({ state }) => state === 'applied');
  if (applied.length === 0 || vouchers === null) return NO_CHANGE;
  const redeemed = applied.flatMap(({ voucher, off }) =>
    voucher === null ? [] : [redeemingVoucher(voucherOf(vouchers, voucher), order.id, off)],
  );
  const discounts = discountsOf(order).map((each) => ({ ...each, state: 'funded' as const }));
  const amounts = applied.map(({ off }) => off);
  return {
    changes: { discounts, discounted: amounts.reduce(add, discountedOf(order)) },
    part: merge(fundingOrder(order.id, sharesIn(applied, amounts)), ...redeemed),
  };
}

/** The order ends, and nothing more is paid: what was kept for it is free again. */
export function dropDiscounts(order: Order, { vouchers, person }: OrderPromotions): UnitPart {
  const applied = discountsOf(order).filter(({ state }) => state === 'applied');
  const own = applied.filter(({ voucher }) => voucher === null);
  const kept = own.map(({ campaign, fundedBy, counted, off }) => ({
    ...{ campaign, counted, funded: off },
    fundedBy: fundedBy === 'sponsor' ? ('sponsor' as const) : ('hub' as const),
  }));
  const freed = applied.flatMap(({ voucher }) =>
    voucher === null ? [] : [freeingVoucher(voucherOf(vouchers, voucher), order.id)],
  );
  const dropped = applied.map(({ campaign, voucher, off }) =>
    event('order.discount_dropped', order.id, { campaign, off, ...(voucher === null ? {} : { voucher }) }),
  );
  return merge(part({ events: dropped }), lettingGoPart(order.id, kept, person), ...freed);
}

/**
 * After more of what the buyer paid has gone back for good: to whom the share of the discounts goes. Of each, the part that has gone
 * back of the buyer's money, rounded down, less what went back of it before; all of it with the last of his money.
 */
export function returnDiscounts(after: Order, vouchers: readonly Voucher[], at: Instant): DiscountChange {
  const lost = after.dispute === null ? after.disputed : zero(after.total.currency);
  const gone = add(after.refunded, lost);
  if (discountsOf(after).length === 0 || after.state === 'released' || isZero(after.captured)) return NO_CHANGE;
  const returning = discountsOf(after).map(({ state, off, returned }) => {
    if (state !== 'funded') return zero(off.currency);
    const target = money((off.amount * gone.amount) / after.captured.amount, off.currency);
    return compare(target, returned) > 0 ? subtract(target, returned) : zero(off.currency);
  });
  if (!returning.some(isPositive)) return NO_CHANGE;
  const discounts = discountsOf(after).map((each, index) => ({
    ...each,
    returned: add(each.returned, returning[index] as Money),
  }));
  const restored = discountsOf(after).flatMap(({ voucher, fundedBy }, index) => {
    const amount = returning[index] as Money;
    if (voucher === null || fundedBy !== 'buyer' || !isPositive(amount)) return [];
    return [restoringVoucher(voucherOf(vouchers, voucher), { order: after.id, amount, at })];
  });
  const shares = returnedShares(after, returning);
  return {
    changes: { discounts, discounted: returning.reduce(subtract, discountedOf(after)) },
    part: merge(returningOrder(after.id, shares), ...restored),
  };
}

/** What campaigns get back; a free voucher was paid by its campaign. */
const returnedShares = (order: Order, amounts: readonly Money[]): readonly OrderShare[] =>
  discountsOf(order).flatMap(({ campaign, fundedBy }, index) => {
    const amount = amounts[index] as Money;
    return fundedBy === 'buyer' || !isPositive(amount) ? [] : [{ campaign, fundedBy, amount }];
  });

/** What campaigns pay themselves; vouchers pay by their own posting. */
const sharesIn = (discounts: readonly OrderDiscount[], amounts: readonly Money[]): readonly OrderShare[] =>
  discounts.flatMap(({ campaign, voucher, fundedBy }, index) =>
    voucher !== null || fundedBy === 'buyer' ? [] : [{ campaign, fundedBy, amount: amounts[index] as Money }],
  );

function voucherOf(vouchers: readonly Voucher[], id: Id<'vch'>): Voucher {
  const voucher = vouchers.find((each) => each.id === id);
  if (voucher === undefined) throw new Error(`voucher ${id} is missing`);
  return voucher;
}
