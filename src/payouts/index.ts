export { untilNext } from '../base/clock.ts';
export { BALANCE_TRANSFER_MOVES, type BalanceOwner, type BalanceTransfer, balanceOwner } from './balance-transfer.ts';
export { entryReturned, fileBooked, returnReported } from './bank-booked.ts';
export { canceling, cancelPayout } from './cancel-payout.ts';
export { CONVERSION_MOVES, type Conversion } from './conversion.ts';
export { convertBalance } from './convert-balance.ts';
export type { PayoutDeps } from './deps.ts';
export type { ConversionRefusal, PayoutRefusal, TransferRefusal } from './errors.ts';
export { FILE_JOB, initiatePayout } from './initiate-payout.ts';
export { DAILY_RUN_AT_MS, DAILY_RUN_JOB, payoutJobs } from './jobs.ts';
export { PAYOUT_FILE_MOVES, PAYOUT_MOVES, type Payout, type PayoutFile } from './payout.ts';
export { PAYOUT_RUN_MOVES, type PayoutRun } from './payout-run.ts';
export { startRun, untilRunEnded } from './start-run.ts';
export {
  findBalanceTransfer,
  findPayout,
  findPayoutByTrace,
  findPayoutFile,
  findPayoutFileByReference,
  findPayoutRun,
  listConversions,
  listPayoutRuns,
  listPayouts,
  payoutsOfFile,
  unfiledPayoutsOf,
} from './store.ts';
export { type TransferBalance, transferBalance } from './transfer-balance.ts';
