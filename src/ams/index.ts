export { cancelThroughAms, captureThroughAms, refundThroughAms } from './ask.ts';
export {
  agreeingWallet,
  applyForToken,
  refreshToken,
  refreshTokenOf,
  revokeToken,
  tokenNamed,
} from './authorize.ts';
export { type Changed, changesWait, readChanges } from './changes.ts';
export type { WalletPayer, WalletWish } from './charge-wallet.ts';
export type { AmsDeps } from './deps.ts';
export type { AmsClientRefusal, AmsRefusal } from './errors.ts';
export { expireJob } from './expire.ts';
export { CARRY_OUT_JOB, carryOutJob, type Instruct, instruct, instructLater } from './instruct.ts';
export {
  AMS_INSTRUCTION_MOVES,
  type AmsInstruction,
  findInstruction,
  type Said,
  type Wish,
  type WishOf,
} from './instruction.ts';
export { nameOfSeller, sellerNamed } from './merchant.ts';
export {
  AMS_NOTIFICATION_MOVES,
  type AmsNotification,
  type DisputeNotificationKind,
  makeNotification,
  NOTIFY_JOB,
  notificationsOf,
  notifyJob,
} from './notification.ts';
export { PAYMENT_EXPIRES_JOB } from './open-payment.ts';
export type { AmsPay } from './order-to-pay.ts';
export { hasPaid, paidThrough } from './paid-through.ts';
export { type Paid, payThroughAms } from './pay.ts';
export { quoteRate, type RatePair, referenceRate } from './quote-rate.ts';
export {
  addClientKey,
  CLIENT_DEFAULTS,
  type RegisterClient,
  registerClient,
  withdrawClientKey,
} from './register-client.ts';
export {
  AMS_PAYMENT_MOVES,
  AMS_REQUEST_MOVES,
  type AmsClient,
  type AmsPayment,
  type AmsRequest,
  type ClientDefaults,
} from './rows.ts';
export { orderCodesOf } from './scan-order.ts';
export { operationFor, outcomeOf, type Standing, standingOf } from './standing.ts';
export {
  amsPaymentsOf,
  findAmsPayment,
  findClient,
  findRequest,
  listClients,
  loadAmsPayment,
  loadClient as loadClientOf,
  loadRequest,
} from './store.ts';
