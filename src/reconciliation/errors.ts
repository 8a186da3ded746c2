/** Why a reconciliation command is refused. */
import { Fault } from '../base/fault.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { JournalRefusal } from '../journal/index.ts';

export type ReconciliationRefusal =
  | Refusal<
      'not_found' | 'illegal_move' | 'wrong_direction' | 'already_imported' | 'amount_exceeds_debt' | 'amount_differs'
    >
  | JournalRefusal;

/** In a job, a conflict that five attempts did not settle is a fault: the job must come back, or what it carries is lost. */
export function retryOnConflict(result: Result<unknown, ReconciliationRefusal>): void {
  if (!result.ok && result.error.code === 'conflict') {
    throw new Fault('conflict', result.error.detail, { retryable: true });
  }
}
