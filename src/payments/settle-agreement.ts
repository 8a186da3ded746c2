/**
 * What the outcome of a payment means for the agreement it was made with or under; commits in the same unit. The approval of
 * the first payment is the agreement's first use, and a job stores the card; a payment that comes to nothing ends what was
 * agreed with it. Later, a hard decline ends the agreement, and so does the last charge of the order it was for.
 */
import type { Instant } from '../base/clock.ts';
import type { AcquirerAnswer } from '../connectors/ports/card-acquirer.ts';
import { deadline, EMPTY_PART, merge, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Agreement, agreements, type EndReason } from './agreement.ts';
import type { PaymentDeps } from './deps.ts';
import { endedAgreement } from './end-agreement.ts';
import type { Payment } from './payment.ts';
import type { Settled } from './settled.ts';
import { findAgreement } from './store.ts';
import { STORE_CARD_JOB } from './store-card.ts';

/** The outcome of an operation, with what it changes of the agreement. */
export async function withAgreement(
  deps: PaymentDeps,
  before: Payment,
  settled: Settled,
  answer: AcquirerAnswer,
): Promise<Settled> {
  const changes = await agreementAfter(deps, before, settled.payment, answer);
  return changes === EMPTY_PART ? settled : { ...settled, part: merge(settled.part, changes) };
}

/** What a change of the payment means for its agreement; nothing for most. `answer`: of the network, when there is one. */
export async function agreementAfter(
  deps: PaymentDeps,
  before: Payment,
  after: Payment,
  answer?: AcquirerAnswer,
): Promise<UnitPart> {
  const { credential } = before;
  if (credential === null || before.state === after.state) return EMPTY_PART;
  const verdict = credential.use === 'store' ? firstVerdict(before, after) : laterVerdict(after, credential, answer);
  if (verdict === null) return EMPTY_PART;
  const agreement = await findAgreement(deps.journal.db, credential.agreement);
  if (agreement === null || agreement.state === 'ended') return EMPTY_PART;
  const at = deps.clock.now();
  if (verdict === 'used') return firstUse(agreement, after, at);
  if (verdict === 'fulfilled' && agreement.scope !== 'order') return EMPTY_PART;
  return endedAgreement(agreement, verdict, at).part;
}

/** An approval that is given back at once, as a mismatch or a part of the amount, is no first use. */
function firstVerdict(before: Payment, after: Payment): 'used' | EndReason | null {
  if (after.state === 'declined') return 'payment_failed';
  if (before.state !== 'pending') return null;
  if (after.state !== 'authorized' && after.state !== 'captured') return null;
  return after.decline === null ? 'used' : 'payment_failed';
}

function laterVerdict(
  after: Payment,
  { last }: NonNullable<Payment['credential']>,
  answer: AcquirerAnswer | undefined,
): EndReason | null {
  if (after.state === 'declined')
    return answer?.outcome === 'declined' && answer.class === 'hard' ? 'hard_decline' : null;
  return after.state === 'captured' && last ? 'fulfilled' : null;
}

function firstUse(agreement: Agreement, payment: Payment, at: Instant): UnitPart {
  const { network, schemeTransactionId, authentication } = payment;
  const authenticated = authentication?.state === 'proven';
  const used = event('agreement.first_used', agreement.id, { payment: payment.id, network, authenticated });
  const first = { network, schemeTransactionId, authenticated };
  return part({
    events: [used],
    writes: [update(agreements, agreement, { first })],
    jobs: [deadline(STORE_CARD_JOB, agreement.id, at)],
  });
}
