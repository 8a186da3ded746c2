export { type Committer, createCommitter } from './commit.ts';
export { eventsAfter, eventsOf, headSeq } from './feed.ts';
export { commandKey } from './fingerprint.ts';
export { isConnectionLoss } from './line.ts';
export { createJournal, type Decision, type Journal, type JournalRefusal, type Outcome } from './run.ts';
export {
  absent,
  type CommandKey,
  type CommitUnit,
  deadline,
  EMPTY_PART,
  followedBy,
  type Guard,
  insert,
  type JobLease,
  merge,
  type NewJob,
  part,
  type UnitPart,
  unchanged,
  update,
  type Write,
} from './unit.ts';
