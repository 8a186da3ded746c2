/** Whether we may act in a case now: it is open, it is our turn, nothing of ours is under way, and there is time left. */
import type { Instant } from '../base/clock.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type Answer, type Case, isAnswered, isFinal, openAnswer } from './case.ts';
import type { DisputeRefusal } from './errors.ts';

export function mayAnswer(row: Case, at: Instant): Result<null, DisputeRefusal> {
  if (isFinal(row.state))
    return refuse('illegal_move', `a dispute that is ${row.state} cannot be answered`, { facts: { state: row.state } });
  if (openAnswer(row) !== null)
    return refuse('operation_in_progress', 'the network has not said yet whether it took the earlier answer');
  if (isAnswered(row, row.stage))
    return refuse('already_answered', 'this stage is answered; it can be answered once', {
      facts: { stage: row.stage },
    });
  if (row.turn !== 'ours')
    return refuse('illegal_move', 'it is not our turn to answer', { facts: { state: row.state, stage: row.stage } });
  if (row.respondBy !== null && row.respondBy <= at)
    return refuse('response_overdue', 'the time to answer has run out', { facts: { respondBy: row.respondBy } });
  return ok(null);
}

/** What we may do now: hand in evidence and accept while we may answer at all, challenge once this stage has evidence. */
export function answerMoves(row: Case, at: Instant): readonly ('evidence' | Answer['kind'])[] {
  if (!mayAnswer(row, at).ok) return [];
  const answerable = row.documents.some(({ stage }) => stage === row.stage);
  return answerable ? ['evidence', 'challenge', 'accept'] : ['evidence', 'accept'];
}
