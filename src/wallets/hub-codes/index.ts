export type { CodeDeps } from './deps.ts';
export { pageOf, type RegisterEntryPage, registerEntryPage } from './entry-pages.ts';
export type { CodeRefusal, IssueRefusal, ScanRefusal } from './errors.ts';
export { PERSON_WAITS_MS } from './open-once.ts';
export { issueCodeForOrder, issueOrderCode, ORDER_CODE_LIFE_MS } from './order-codes.ts';
export {
  issuePaymentCodes,
  MOST_PAYMENT_CODES,
  PAYMENT_CODE_LIFE_MS,
  resolvePaymentCode,
  type ShownPaymentCode,
  usingCode,
  usingCodeForOrder,
} from './payment-codes.ts';
export { PUSH_BACK_JOB, PUSH_JOB, type PushDeps, pushJobs, startingPush } from './push.ts';
export { scanCode } from './scan-code.ts';
export type { OpenForPerson, OrderCodes, Payer, ScanCode, ScanDeps, Scanned } from './scan-deps.ts';
export { ensureShop, type RegisteredShop, registerShop, type ShopRegistration } from './shops.ts';
export { codesOfShop, findCode, findShop, listShops, loadShop } from './store.ts';
export {
  type CreateStoreCode,
  createStoreCode,
  retireCode,
  type SchemeTemplate,
  verifyingCode,
} from './store-codes.ts';
