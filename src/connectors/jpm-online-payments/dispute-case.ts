/**
 * A dispute as the network writes it, read. Only an explicit outcome or a status that has one is final; a status nobody
 * knows is open, and somebody has to answer it when it has a due date. A stage nobody knows is read as a chargeback, the one
 * in which silence loses money.
 */
import { type Instant, parseInstant } from '../../base/clock.ts';
import { isCurrency } from '../../base/currency.ts';
import { money } from '../../base/money.ts';
import type { DisputeStage, NetworkDispute } from '../ports/card-disputes.ts';
import { NetworkFault } from '../ports/network-http.ts';
import { integer, type JsonObject, text } from './lenient-json.ts';

const STAGES: Readonly<Record<string, DisputeStage>> = {
  RETRIEVAL_REQUEST: 'inquiry',
  FIRST_CHARGEBACK: 'chargeback',
  PRE_ARBITRATION: 'pre_arbitration',
  ARBITRATION: 'arbitration',
};

/** CLOSED is not among them: without an outcome it does not say for whom. */
const STATES: Readonly<Record<string, NetworkDispute['state']>> = {
  NEW: 'needs_response',
  NEEDS_RESPONSE: 'needs_response',
  NEED_ADDITIONAL_INFORMATION: 'needs_response',
  CHALLENGED_MERCHANT: 'under_review',
  CHALLENGED_JPMC: 'under_review',
  UNDER_ISSUER_REVIEW: 'under_review',
  ACCEPTED: 'accepted',
  EXPIRED: 'expired',
  CHALLENGE_DENIED: 'lost',
};

const OUTCOMES: Readonly<Record<string, NetworkDispute['state']>> = { WON: 'won', LOST: 'lost' };

/** @throws NetworkFault naming the field without which a dispute cannot be told. */
export function readDispute(body: JsonObject): NetworkDispute {
  const currency = text(body.currency);
  const amount = integer(body.amount);
  if (!isCurrency(currency) || amount === undefined) throw malformed(body, 'amount');
  const reason = { code: text(body.reasonCode) ?? 'unknown', text: text(body.reasonDescription) ?? '' };
  const openedAt = parseInstant(body.createdTimestamp);
  if (openedAt === null) throw malformed(body, 'createdTimestamp');
  return {
    id: text(body.disputeId) ?? fail(body, 'disputeId'),
    networkPaymentId: text(body.transactionId) ?? fail(body, 'transactionId'),
    stage: STAGES[text(body.disputeType) ?? ''] ?? 'chargeback',
    state: stateOf(body),
    amount: money(amount, currency),
    reason,
    openedAt,
    respondBy: parseInstant(body.dueTimestamp),
  };
}

/** When it changed last; a dispute that does not say counts as changed when it was opened. */
export const changedAt = (body: JsonObject): Instant =>
  parseInstant(body.updatedTimestamp) ?? parseInstant(body.createdTimestamp) ?? fail(body, 'updatedTimestamp');

function stateOf(body: JsonObject): NetworkDispute['state'] {
  const status = STATES[text(body.disputeStatus) ?? ''];
  // Accepted and expired are lost too, but say more.
  if (status === 'accepted' || status === 'expired') return status;
  const outcome = OUTCOMES[text(body.outcome) ?? ''];
  return outcome ?? status ?? (parseInstant(body.dueTimestamp) === null ? 'under_review' : 'needs_response');
}

const malformed = (body: JsonObject, field: string): NetworkFault =>
  new NetworkFault(`dispute ${text(body.disputeId) ?? ''}: ${field} is missing or malformed`, 'maybe');

function fail(body: JsonObject, field: string): never {
  throw malformed(body, field);
}
