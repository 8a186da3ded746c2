export { hubDebitOf } from './ask-wallet.ts';
export { campaignDiscounts } from './campaign-discounts.ts';
export { cancelHubPayment } from './cancel-payment.ts';
export * from './clearing/index.ts';
export { drawQr } from './codes/draw.ts';
export { type Consult, consultWallets, type WalletOption } from './consult-wallets.ts';
export {
  type Discounts,
  type HubDeps,
  NO_DISCOUNTS,
  NO_ORDER_CODES,
  type NotificationBody,
  type Sale,
} from './deps.ts';
export type { HubRefusal } from './errors.ts';
export * from './escalations/index.ts';
export * from './hub-codes/index.ts';
export {
  HUB_NOTIFICATION_MOVES,
  HUB_NOTIFY_JOB,
  type HubNotification,
  hubNotificationsOf,
} from './hub-notification.ts';
export {
  type Discount,
  HUB_CODE_MOVES,
  HUB_PAYMENT_MOVES,
  HUB_REFUND_MOVES,
  type HubCode,
  type HubPayment,
  type HubPrice,
  type HubRefund,
  type Scenario,
  type Shop,
} from './hub-payment.ts';
export { type IndicativeRate, indicativeRate } from './indicative-rate.ts';
export { hubJobs } from './jobs.ts';
export { offerPayment } from './offer-payment.ts';
export { openForPerson } from './open-for-person.ts';
export { type RefundHubPayment, refundHubPayment } from './refund-payment.ts';
export { settlementOf } from './refund-shares.ts';
export { scan } from './scan.ts';
export { settlePayment } from './settle-payment.ts';
export {
  findByReference,
  findHubPayment,
  findHubRefund,
  type HubPaymentList,
  hubRefundsOf,
  listHubPayments,
  loadHubPayment,
  loadHubRefund,
} from './store.ts';
export { type Payer as PaymentPayer, type TakePayment, takePayment, walletOfAgent } from './take-payment.ts';
export { expiryOf, HUB_REFUND_JOB, HUB_WAIT_JOB } from './wait-times.ts';
