/**
 * POST /_sandbox/disputes/:id/advance: the issuer's and the scheme's moves. A later stage takes what stands credited and
 * waits for the merchant again. Won gives back what stands taken. Lost takes back a provisional credit, and nothing else.
 */
import { bodyObject, json, problem, type Reply, type Request } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';
import { ADVANCES, type Advance, type DisputeRow, MOVES, NEXT_STAGE, type Stage } from './dispute.ts';
import { disputeAnswer } from './dispute-answer.ts';
import { changeDispute, chargeFee, creditDebited, debitRest, disputeById } from './dispute-rows.ts';
import { RESPONSE_MS } from './raise-dispute.ts';

export function advanceDispute(acquirer: Acquirer, request: Request): Reply {
  const { store } = acquirer;
  const asked = bodyObject(request)?.to;
  const to = ADVANCES.find((known) => known === asked);
  if (to === undefined) return problem(422, 'invalid_advance', `to must be one of ${ADVANCES.join(', ')}`);
  return store.transaction(() => {
    const dispute = disputeById(store, request.params.id ?? '');
    if (dispute === null) return problem(404, 'not_found', `no dispute ${request.params.id}`);
    if (!mayAdvance(dispute, to)) {
      return problem(409, 'illegal_advance', `${dispute.type} in ${dispute.status} cannot go to ${to}`);
    }
    return json(200, disputeAnswer(store, advance(acquirer, dispute, to)));
  });
}

function mayAdvance({ status, type }: DisputeRow, to: Advance): boolean {
  const moves: readonly Advance[] = MOVES[status];
  return moves.includes(to) && (!isStage(to) || NEXT_STAGE[type] === to);
}

const isStage = (to: Advance): to is Advance & Stage => to !== 'UNDER_ISSUER_REVIEW' && to !== 'WON' && to !== 'LOST';

function advance(acquirer: Acquirer, dispute: DisputeRow, to: Advance): DisputeRow {
  switch (to) {
    case 'UNDER_ISSUER_REVIEW':
      return changeDispute(acquirer, dispute, { status: to });
    case 'WON':
      creditDebited(acquirer, dispute);
      return changeDispute(acquirer, dispute, { status: 'CLOSED', outcome: to, due_ms: null });
    case 'LOST':
      if (dispute.type !== 'RETRIEVAL_REQUEST') debitRest(acquirer, dispute);
      return changeDispute(acquirer, dispute, {
        status: isChallenged(dispute) ? 'CHALLENGE_DENIED' : 'CLOSED',
        outcome: to,
        due_ms: null,
      });
    default:
      return toStage(acquirer, dispute, to);
  }
}

const isChallenged = ({ status, type }: DisputeRow): boolean =>
  status !== 'NEEDS_RESPONSE' && type !== 'RETRIEVAL_REQUEST';

function toStage(acquirer: Acquirer, dispute: DisputeRow, type: Stage): DisputeRow {
  const due = BigInt(acquirer.time.nowMs() + RESPONSE_MS);
  const next = changeDispute(acquirer, dispute, { type, status: 'NEEDS_RESPONSE', due_ms: due });
  debitRest(acquirer, next);
  if (type === 'FIRST_CHARGEBACK') chargeFee(acquirer, next);
  return next;
}
