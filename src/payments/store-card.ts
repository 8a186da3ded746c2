/**
 * Storing the card of an agreement, after the payment it was made with was approved. The payment stands whatever becomes of
 * this. The vault makes one card of a token however often it is asked, so a job asks until the card is stored, or the vault
 * says that it never will be: then the agreement ends. One that has ended meanwhile leaves no card behind.
 */
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { StoreAnswer, StoredCard } from '../connectors/ports/card-vault.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { type Decision, deadline, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Agreement, agreements, type KeptCard, moveAgreement } from './agreement.ts';
import { DELETE_CARD_JOB } from './delete-card.ts';
import type { PaymentDeps } from './deps.ts';
import { endedAgreement } from './end-agreement.ts';
import type { PaymentRefusal } from './errors.ts';
import { cardOf, type Payment } from './payment.ts';
import { findAgreement, findPayment } from './store.ts';
import { againLater, isPassing, passes } from './vault-reach.ts';

export const STORE_CARD_JOB = 'payments.store_card';

/** Handler of STORE_CARD_JOB. */
export async function storeCardJob(deps: PaymentDeps, job: Job): Promise<JobResult> {
  const agreement = await findAgreement(deps.journal.db, job.subject as Id<'agr'>);
  if (agreement === null || agreement.card !== null) return FINISHED;
  try {
    const answer = agreement.state === 'ended' ? await leftBehind(deps, agreement) : await store(deps, agreement);
    if (answer === null) return FINISHED;
    const recorded = await deps.journal.run(undefined, () => decide(deps, agreement.id, answer, job));
    passes(recorded);
    return recorded.ok ? COMMITTED : FINISHED;
  } catch (fault) {
    if (isPassing(fault)) return againLater(job, fault);
    throw fault;
  }
}

async function store(deps: PaymentDeps, { id, payment, marketplace, buyer }: Agreement): Promise<StoreAnswer> {
  const card = cardOf((await findPayment(deps.journal.db, payment)) as Payment);
  return deps.vault.store({ token: card.token, marketplace, buyer, agreement: id });
}

/** The vault may have stored it for an earlier run of this job, before the agreement ended. */
async function leftBehind({ vault }: PaymentDeps, { id, marketplace, buyer }: Agreement): Promise<StoreAnswer | null> {
  const card = (await vault.list({ marketplace, buyer })).find(({ agreement }) => agreement === id);
  return card === undefined ? null : { outcome: 'stored', card };
}

async function decide(
  deps: PaymentDeps,
  id: Id<'agr'>,
  answer: StoreAnswer,
  job: Job,
): Promise<Result<Decision<Agreement['id']>, PaymentRefusal>> {
  const agreement = await findAgreement(deps.journal.db, id);
  if (agreement === null || agreement.card !== null) return refuse('operation_closed', 'its card is known');
  const at = deps.clock.now();
  const changes = partOf(agreement, answer, at);
  if (changes === null) return refuse('operation_closed', 'nothing was stored, and nothing is wanted any more');
  return ok({ unit: { at, ...changes, done: { job: job.id, lease: job.lease } }, value: id });
}

function partOf(agreement: Agreement, answer: StoreAnswer, at: Agreement['agreedAt']): UnitPart | null {
  const hasEnded = agreement.state === 'ended';
  if (answer.outcome === 'refused') return hasEnded ? null : endedAgreement(agreement, 'not_stored', at).part;
  const card = keptCard(answer.card, hasEnded ? 'deleting' : 'stored');
  const { brand, last4 } = card;
  if (hasEnded) {
    return part({
      events: [event('agreement.card_left', agreement.id, { brand, last4 })],
      writes: [update(agreements, agreement, { card })],
      jobs: [deadline(DELETE_CARD_JOB, agreement.id, at)],
    });
  }
  return part({
    events: [event('agreement.activated', agreement.id, { brand, last4 })],
    writes: [update(agreements, agreement, moveAgreement(agreement, 'active', { card }))],
  });
}

const keptCard = (card: StoredCard, state: KeptCard['state']): KeptCard => {
  const { token, brand, last4, expiryMonth, expiryYear, fingerprint } = card;
  return { token, brand, last4, expiryMonth, expiryYear, fingerprint, state };
};
