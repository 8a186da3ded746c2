/** Which file tells the life of which kind. */
import * as cardholders from './cardholders.ts';
import * as charges from './charges.ts';
import * as disputes from './disputes.ts';
import type { Scene } from './life.ts';
import type { Kind } from './plan.ts';
import * as refusals from './refusals.ts';

export const LIVES: { readonly [K in Kind]: (scene: Scene) => Promise<void> } = {
  sale: charges.sold,
  captured_in_full: charges.capturedInFull,
  captured_in_part: charges.capturedInPart,
  captured_in_parts: charges.capturedInParts,
  voided: charges.voided,
  rest_reversed: charges.restReversed,
  incremented: charges.incremented,
  renewed: charges.renewed,
  released_before_lapse: charges.releasedBeforeLapse,
  refunded_in_full: charges.refundedInFull,
  refunded_in_part: charges.refundedInPart,
  refunded_in_parts: charges.refundedInParts,
  refunded_twice_at_once: charges.refundedTwiceAtOnce,
  declined_soft: refusals.declinedSoft,
  declined_hard: refusals.declinedHard,
  approved_for_less: refusals.approvedForLess,
  frictionless: cardholders.frictionless,
  challenge_passed: cardholders.challengePassed,
  challenge_failed: cardholders.challengeFailed,
  challenge_abandoned: cardholders.challengeAbandoned,
  challenge_attempted: cardholders.attempted,
  not_authenticated: cardholders.notAuthenticated,
  authentication_unavailable: cardholders.unavailable,
  retrieval_answered: disputes.retrieval,
  retrieval_then_chargeback: disputes.retrievalThenChargeback,
  chargeback_accepted: disputes.accepted,
  chargeback_won: disputes.won,
  chargeback_lost: disputes.lost,
  chargeback_lapsed: disputes.lapsed,
};
