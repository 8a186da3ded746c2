/** Clearing and settlement of the hub, as the rest of the program uses it. */
export {
  CLEARING_BATCH_MOVES,
  type ClearingBatch,
  type ClearingFile,
  type ClearingPair,
} from './batch.ts';
export { CLEARING_CYCLE_MOVES, type ClearingCycle, dayEast8 } from './cycle.ts';
export type { ClearingDeps, HubSettlement } from './deps.ts';
export { clearingJobs, DAILY_CLEARING_AT_MS, DAILY_CLEARING_JOB } from './jobs.ts';
export { readFile } from './read-file.ts';
export {
  batchesOf,
  batchesSettledBy,
  cycleOf,
  filesIn,
  filesOf,
  findCycle,
  findHubSettlement,
  listCycles,
  listHubSettlements,
  pairsOf,
  type SettlementView,
} from './store.ts';
