/**
 * A fraud chargeback of a payment whose cardholder was authenticated is the issuer's loss (liability shift). It is answered by
 * itself: the proof of the authentication, as it travelled with the charge, is the evidence. Whoever answers before wins; if
 * the network does not take the proof, a person decides. Pre-arbitration and arbitration are never answered by themselves:
 * there the issuer has seen the proof and says something else.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { formatMoney } from '../base/money.ts';
import { FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { commandKey } from '../journal/index.ts';
import { cardOf, findPayment, type Payment } from '../payments/index.ts';
import { addEvidence } from './add-evidence.ts';
import { answerDispute } from './answer-dispute.ts';
import { AUTOMATIC, type Case } from './case.ts';
import type { DisputeDeps } from './deps.ts';
import { retryOnConflict } from './errors.ts';
import { mayAnswer } from './may-answer.ts';
import { findDispute } from './store.ts';

const NAME = 'authentication.txt';

export async function answerByProofJob(deps: DisputeDeps, { subject }: Job): Promise<JobResult> {
  const row = await findDispute(deps.journal.db, subject as Id<'dsp'>);
  if (row === null || row.stage !== 'chargeback' || !mayAnswer(row, deps.clock.now()).ok) return FINISHED;
  const payment = await findPayment(deps.journal.db, row.payment);
  const document = payment === null ? null : proofDocument(row, payment);
  if (document === null) return FINISHED;
  // Begun again after a stop in between, the document is there.
  if (!row.documents.some(({ name, stage }) => name === NAME && stage === row.stage)) {
    const content = Buffer.from(document);
    const documents = [{ name: NAME, mediaType: 'text/plain', content } as const];
    const added = await addEvidence(deps, undefined, { marketplace: null, dispute: row.id, documents });
    retryOnConflict(added);
    if (!added.ok) return FINISHED;
  }
  const input = { marketplace: null, dispute: row.id, kind: 'challenge' } as const;
  const key = commandKey(AUTOMATIC, `${row.id}:${row.openedAt}`, 'challenge_dispute', { dispute: row.id });
  retryOnConflict(await answerDispute(deps, key, input));
  return FINISHED;
}

/** What the issuer confirmed, in words; null when there is no proof. The names are those of EMV 3-D Secure 2. */
export function proofDocument(row: Case, payment: Payment): string | null {
  const proof = payment.authentication?.proof ?? null;
  if (proof === null || !payment.authentication?.liabilityShift) return null;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Dispute', row.claim],
    ['Reason', `${row.reason.code} ${row.reason.title}`],
    ['Payment', payment.networkPaymentId ?? payment.id],
    ['Amount paid', formatMoney(payment.captured)],
    ['Card', `${cardOf(payment).brand} ending in ${cardOf(payment).last4}`],
    ['Paid at', payment.createdAt satisfies Instant],
    ['transStatus', `${proof.status} (${STATUS[proof.status]})`],
    ['ECI', proof.eci],
    ['Authentication value', proof.cryptogram],
    ['dsTransID', proof.transactionId],
    ['Protocol version', proof.version],
  ];
  const shown = lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return ['The cardholder was authenticated by EMV 3-D Secure before this payment.', '', ...shown, ''].join('\n');
}

const STATUS = { Y: 'authenticated', A: 'attempted', I: 'informational' } as const;
