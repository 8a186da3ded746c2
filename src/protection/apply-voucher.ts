/**
 * A buyer's voucher pays a part of an order: the instalments that are still due become lower, and the order has the voucher to itself.
 * Money moves when the buyer pays the rest. Several vouchers may pay for one order; what is left to pay is never nothing, so of a free
 * voucher the rest is lost, and a sold one keeps it.
 */
import type { Id } from '../base/ids.ts';
import { isPositive, min, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { CommandKey, Outcome } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { applyingVoucher, findVoucher, mayUse, type Voucher } from '../promotions/index.ts';
import { changeOrder, illegalMove, type OrderChange, type Target } from './change-order.ts';
import type { OrderDeps } from './deps.ts';
import type { OrderRefusal } from './errors.ts';
import { discountedOf, discountsOf, isPaymentInProgress, type Order, type OrderDiscount } from './order.ts';
import { lowerInstalments, mostOff } from './order-discounts.ts';

export interface ApplyVoucher extends Target {
  readonly voucher: Id<'vch'>;
}

export function applyVoucher(
  deps: OrderDeps,
  command: CommandKey | undefined,
  input: ApplyVoucher,
): Promise<Result<Outcome<Order>, OrderRefusal>> {
  return changeOrder(deps, command, input, async (order) => {
    if (order.state !== 'awaiting_payment' && order.state !== 'part_paid')
      return illegalMove(order, 'paid by a voucher');
    if (isPaymentInProgress(order))
      return refuse('payment_in_progress', 'a payment is being processed; apply it when that has ended');
    const { marketplace, buyer } = order;
    const use = { marketplace, buyer, currency: order.total.currency, at: deps.clock.now() };
    const voucher = mayUse(await findVoucher(deps.journal.db, input.voucher), use);
    return voucher.ok ? decide(order, voucher.value) : voucher;
  });
}

/** Pure. The deadline to pay stays where it was. */
function decide(order: Order, voucher: Voucher): Result<OrderChange, OrderRefusal> {
  if (discountsOf(order).some((each) => each.voucher === voucher.id))
    return refuse('voucher_in_use', 'it pays a part of this order already', { pointer: '/voucher' });
  const off = min(voucher.left, mostOff(order));
  if (!isPositive(off)) return refuse('nothing_left_to_charge', 'what is left to pay is too little to be lowered');
  const none = zero(off.currency);
  const discount: OrderDiscount = {
    ...{ campaign: voucher.programme, voucher: voucher.id, name: voucher.name, off, state: 'applied', returned: none },
    ...{ fundedBy: voucher.sale === 'sold' ? 'buyer' : 'hub', counted: false },
  };
  const { programme: campaign, id } = voucher;
  return ok({
    changes: {
      instalments: lowerInstalments(order.instalments, off),
      discounts: [...discountsOf(order), discount],
      discounted: discountedOf(order),
    },
    events: [event('order.discount_applied', order.id, { campaign, voucher: id, off })],
    beside: applyingVoucher(voucher, order.id, off),
    keepsDeadline: true,
  });
}
