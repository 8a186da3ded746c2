/** A US bank reached over ACH credit files (NACHA) and camt.053 statements. See connector.ts. */
export { type AchBankDeps, createAchBank, NOT_REACHED } from './connector.ts';
export type { AchBankSettings } from './settings.ts';
