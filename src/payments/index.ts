export { continuePayment } from './authenticate-payment.ts';
export { EXPIRY_JOB } from './authorization-watch.ts';
export { cancelPayment } from './cancel-payment.ts';
export { capturePayment } from './capture-payment.ts';
export type { PaymentDeps } from './deps.ts';
export type { PaymentRefusal } from './errors.ts';
export { expiryJob } from './expire-payment.ts';
export { createInFlight, type InFlight } from './in-flight.ts';
export { incrementPayment } from './increment-payment.ts';
export { mintReference, OPERATION_MOVES, type Operation, operations } from './operation.ts';
export { type Cardholder, payInstalment } from './pay-instalment.ts';
export { capturable, PAYMENT_MOVES, type Payment, REFUND_MOVES, type Refund, refundable } from './payment.ts';
export type { OwnerRefusal, Payable, PayableFacts, PaymentOwner } from './ports.ts';
export { refundPayment } from './refund-payment.ts';
export { confirmByInquiry, resolveByHand, resolveOperationJob } from './resolve-unknown-payment.ts';
export { RESOLVE_JOB } from './start-operation.ts';
export {
  findOperation,
  findOperationByReference,
  findPayment,
  findRefund,
  listPayments,
  openOperations,
  operationsOf,
  paymentsOf,
  refundsOf,
} from './store.ts';
