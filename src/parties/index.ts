export { type CardAccount, type CardAccounts, cardAccounts } from './card-accounts.ts';
export { accountsFor, type CardRoute, type Routed } from './card-routes.ts';
export { type CardRules, DEFAULT_CARD_RULES } from './card-rules.ts';
export { changeFeePlan } from './change-fee-plan.ts';
export {
  type BankAccountInput,
  type CreatingSeller,
  changeBankAccount,
  changeMarketplace,
  checkAccount,
  createApiKey,
  createBuyer,
  createMarketplace,
  createSeller,
  creatingSeller,
  ensureOperatorKey,
  type PartyDeps,
  type PartyRefusal,
} from './create-party.ts';
export { ensureBankAccount, ensureNetworkAccount } from './open-account.ts';
export * from './rows.ts';
export {
  findApiKey,
  findBankAccount,
  findBuyer,
  findMarketplace,
  findNetworkAccount,
  findSeller,
  listBuyers,
  listMarketplaces,
  listNetworkAccounts,
  listSellers,
  loadBankAccount,
  marketplacesPaidDaily,
  type Page,
  partyNames,
  secretHash,
} from './store.ts';
