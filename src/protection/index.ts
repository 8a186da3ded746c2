export { applyVoucher } from './apply-voucher.ts';
export { cancelOrder } from './cancel-order.ts';
export { createOrder, PAYABLE_CURRENCIES, type PlannedOrder, planOrder } from './create-order.ts';
export type { OrderDeps } from './deps.ts';
export { disputeOnOrder } from './dispute-order.ts';
export type { OrderRefusal } from './errors.ts';
export { orderJobs } from './jobs.ts';
export {
  discountedOf,
  discountsOf,
  heldInAll,
  heldOf,
  isPaymentInProgress,
  nextInstalment,
  ORDER_MOVES,
  type Order,
  type OrderDiscount,
  releasedOf,
} from './order.ts';
export { vouchersOf } from './order-discounts.ts';
export { orderAsPaymentOwner, startPaymentOf } from './payment-owner.ts';
export { POLICIES, POLICY_NAMES } from './policies.ts';
export { receiveOrder } from './receive-order.ts';
export { releaseOrder } from './release-order.ts';
export { type SettleRefusal, settleableFrom, settleOrder } from './settle-order.ts';
export { shipOrder } from './ship-order.ts';
export {
  findOrder,
  findOrderByReference,
  findOrders,
  heldForSeller,
  listOrders,
  type OrderFilter,
  ordersHolding,
} from './store.ts';
