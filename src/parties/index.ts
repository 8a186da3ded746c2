export {
  type AddParticipant,
  addParticipant,
  type ParticipantRefusal,
  type RegistryDeps,
} from './add-participant.ts';
export { type CardAccount, type CardAccounts, cardAccounts } from './card-accounts.ts';
export { accountsFor, type CardRoute, type Routed } from './card-routes.ts';
export { type CardRules, DEFAULT_CARD_RULES } from './card-rules.ts';
export { changeFeePlan } from './change-fee-plan.ts';
export {
  addParticipantKey,
  type ChangeParticipant,
  changeMarkets,
  changeParticipant,
  resumeParticipant,
  suspendParticipant,
  withdrawParticipantKey,
} from './change-participant.ts';
export { type AcquirerInput, COVERAGE_STATES, WALLET_MODES, type WalletInput } from './check-participant.ts';
export { type Coverage, coverageIn, coverageOf } from './coverage.ts';
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
export { type KnownWallet, knownWallets } from './known-wallets.ts';
export { ensureBankAccount, ensureNetworkAccount } from './open-account.ts';
export * from './participant.ts';
export * from './rows.ts';
export {
  findApiKey,
  findBankAccount,
  findBuyer,
  findMarketplace,
  findNetworkAccount,
  findParticipant,
  findParticipantByName,
  findSeller,
  findWallet,
  findWalletByAccount,
  findWalletByBrand,
  listAcquirers,
  listBuyers,
  listMarketplaces,
  listNetworkAccounts,
  listParticipants,
  listSellers,
  listWallets,
  loadBankAccount,
  marketplacesPaidDaily,
  type Page,
  partyNames,
  secretHash,
} from './store.ts';
