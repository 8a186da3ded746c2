export { type AnswerWalletDispute, answerWalletDispute } from './answer-dispute.ts';
export type { WalletDisputeRefusal } from './errors.ts';
export { type OpenWalletDispute, openWalletDispute } from './open-dispute.ts';
export { WALLET_DISPUTE_POLICIES, type WalletDisputeKind, type WalletDisputePolicy } from './policies.ts';
export { endRefund } from './refund-accepted.ts';
export { CASE_JOB, CASE_REFUND_JOB } from './steps.ts';
export { findWalletDispute, orderDisputesSince } from './store.ts';
export { type DisputeHome, isOver, WALLET_DISPUTE_MOVES, type WalletDispute } from './wallet-dispute.ts';
