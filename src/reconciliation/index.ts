export { closeBreak, openBreaks } from './breaks.ts';
export type { ReconciliationDeps } from './deps.ts';
export type { ReconciliationRefusal } from './errors.ts';
export { expectHubMoney } from './expect-hub-money.ts';
export { explainLine, type ManualExplanation } from './explain-line.ts';
export { DAILY_IMPORT_AT_MS, DAILY_IMPORT_JOB, importDays, reconciliationJobs } from './jobs.ts';
export { costsOf } from './payment-costs.ts';
export {
  BANK_LINE_MOVES,
  type BankLine,
  BREAK_MOVES,
  type Break,
  type NetworkFee,
  SETTLEMENT_MOVES,
  type Settlement,
} from './rows.ts';
export { feesOf, findBankLine, listBankLines, listBreaks } from './store.ts';
