export { type AddEvidence, addEvidence, MAX_DOCUMENT_BYTES, MAX_DOCUMENTS } from './add-evidence.ts';
export { answerDispute } from './answer-dispute.ts';
export { createCardChargebacks } from './card-chargeback.ts';
export {
  AUTOMATIC,
  CASE_MOVES,
  type Case,
  coverTotal,
  isFinal,
  openAnswer,
  splitTotal,
  takenOf,
} from './case.ts';
export type { Channel } from './channel.ts';
export { type DisputeAccounts, type DisputeDeps, disputeAccounts } from './deps.ts';
export type { DisputeRefusal } from './errors.ts';
export { DAILY_DISPUTES_AT_MS, DAILY_DISPUTES_JOB, disputeJobs } from './jobs.ts';
export { answerMoves } from './may-answer.ts';
export { observeDispute } from './record-word.ts';
export { disputesOf, evidenceBytes, findDispute, keptBackFor, listDisputes, openDisputesOf } from './store.ts';
export { WALLET_ESCALATION } from './wallet-escalation.ts';
