export { assignVoucher } from './assign-voucher.ts';
export {
  CAMPAIGN_MOVES,
  type Campaign,
  type DiscountTerms,
  FUND_RETURN_MOVES,
  type Funder,
  type FundReturn,
  type Gives,
  isRunning,
  type OrderPlaces,
  type ShopPlaces,
} from './campaign.ts';
export { moveCampaign } from './change-campaign.ts';
export { type CreateCampaign, createCampaign } from './create-campaign.ts';
export type { PromotionDeps } from './deps.ts';
export { type DiscountFacts, discountsFor, type Granted } from './discounts-for.ts';
export type { PromotionRefusal, VoucherUseRefusal } from './errors.ts';
export { fundReturnPaid, prefundingPart, returnRest, setBudget } from './fund-campaign.ts';
export { issueVouchers, sellingVouchers } from './issue-vouchers.ts';
export { promotionJobs } from './jobs.ts';
export { fundingOrder, type OrderShare, returningOrder } from './order-discounts.ts';
export { type Person, readPerson, usesOf, walletPerson } from './person-uses.ts';
export { VOUCHER_POLICIES } from './policies.ts';
export { downToStep, stepOf } from './smallest-step.ts';
export {
  cancelingPart,
  type Discount,
  discountOf,
  fundedIn,
  lettingGoPart,
  orWithout,
  reservingPart,
  returningPart,
  sharesOf,
  spendingPart,
} from './spend-discounts.ts';
export {
  type CampaignMoney,
  findCampaign,
  findFundReturn,
  findVoucher,
  fundReturnsOf,
  leftOf,
  listCampaigns,
  listVouchers,
  moneyOf,
  runningDiscounts,
} from './store.ts';
export {
  applyingVoucher,
  freeingVoucher,
  mayUse,
  redeemingVoucher,
  restoringVoucher,
  VOUCHER_MOVES,
  type Voucher,
} from './voucher.ts';
