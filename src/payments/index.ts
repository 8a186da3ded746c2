export { AGREEMENT_MOVES, type Agreement, type Scope } from './agreement.ts';
export { debitOf } from './ask-wallet.ts';
export { continuePayment } from './authenticate-payment.ts';
export { EXPIRY_JOB } from './authorization-watch.ts';
export { WALLET_WAIT_MS } from './begin-sale.ts';
export { type BuyerCard, deleteBuyerCard, listBuyerCards, storedCardJobs } from './buyer-cards.ts';
export { cancelPayment } from './cancel-payment.ts';
export { type CancelWalletPayment, cancelWalletPayment } from './cancel-wallet-payment.ts';
export { capturePayment } from './capture-payment.ts';
export { initiatedBy } from './credential.ts';
export type { PaymentDeps } from './deps.ts';
export { endAgreement } from './end-agreement.ts';
export type { PaymentRefusal } from './errors.ts';
export { expiryJob } from './expire-payment.ts';
export { createInFlight, type InFlight } from './in-flight.ts';
export { incrementPayment } from './increment-payment.ts';
export type { KeepCard } from './make-agreement.ts';
export {
  type EndWalletAgreement,
  endWalletAgreement,
  type MakeWalletAgreement,
  makeWalletAgreement,
  walletAgreementJobs,
} from './make-wallet-agreement.ts';
export type { Method, WalletTerms } from './method.ts';
export { offerWallet, offerWallets, type WalletOffer, type WalletOffers } from './offer-wallets.ts';
export { mintReference, OPERATION_MOVES, type Operation, operations } from './operation.ts';
export { type PayByScan, payByScan } from './pay-by-scan.ts';
export { type PayByWallet, payByWallet, type WalletChoice } from './pay-by-wallet.ts';
export { type Cardholder, type PayInstalment, type PayTerms, payInstalment } from './pay-instalment.ts';
export {
  capturable,
  cardOf,
  isByWallet,
  leftOf,
  methodOf,
  PAYMENT_MOVES,
  type Payment,
  REFUND_MOVES,
  type Refund,
  type RefundSource,
  refundable,
  type WalletPayment,
} from './payment.ts';
export type { OwnerRefusal, Payable, PayableFacts, PaymentOwner } from './ports.ts';
export { refundPayment } from './refund-payment.ts';
export { type Renewed, type RenewWalletAgreement, renewWalletAgreement } from './renew-wallet-agreement.ts';
export {
  closeNotInFiles,
  confirmByInquiry,
  resolveByFile,
  resolveByHand,
  resolveOperationJob,
} from './resolve-unknown-payment.ts';
export { type WalletNotice, walletNotified } from './resume-wallet.ts';
export { RESOLVE_JOB } from './start-operation.ts';
export {
  findAgreement,
  findOperation,
  findOperationByReference,
  findPayment,
  findRefund,
  listPayments,
  openOperations,
  operationsOf,
  type Paid,
  paidOf,
  paidUnder,
  paymentsOf,
  refundsOf,
} from './store.ts';
export type { CardChoice } from './use-card.ts';
export type { WalletAccess } from './wallet-access.ts';
export {
  findWalletAgreement,
  WALLET_AGREEMENT_MOVES,
  type WalletAgreement,
  walletAgreementsOf,
} from './wallet-agreement.ts';
export { cancelableUntil } from './wallet-outcome.ts';
