export { account } from './account.ts';
export { balanceOf, listAccounts, totalOf } from './balances.ts';
export { type CheckResult, checkLedger } from './check.ts';
export { type EventType, event, type NewEvent, type RecordedEvent } from './events.ts';
export { type Posting, postingsAfter, postingsOf } from './read.ts';
export { type TraceStep, trace } from './trace.ts';
