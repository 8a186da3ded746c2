/** Why a dispute command is refused. */
import { Fault } from '../base/fault.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { JournalRefusal } from '../journal/index.ts';

export type DisputeRefusal =
  | Refusal<
      | 'not_found'
      | 'illegal_move'
      | 'operation_in_progress'
      | 'operation_closed'
      | 'response_overdue'
      | 'already_answered'
      | 'evidence_missing'
      | 'too_much_evidence'
      | 'invalid_document'
      | 'partial_not_offered'
      | 'invalid_amount'
    >
  | JournalRefusal;

/** In a job, what did not settle comes back as a fault: the job must be tried again, or what it carries is lost. */
export function retryOnConflict(result: Result<unknown, Refusal>): void {
  if (!result.ok && (result.error.code === 'conflict' || result.error.code === 'insufficient_balance')) {
    throw new Fault('conflict', result.error.detail, { retryable: true });
  }
}
