/**
 * Deleting a stored card: its agreement ends with the decision, and the vault is told. Whether the vault has done it may be
 * unknown: then the card is `deleting`, nothing can be charged to it any more, and the job of the end asks again until the
 * vault says that there is no such card.
 */
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { type Decision, type JobLease, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Agreement, agreements, type KeptCard } from './agreement.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { findAgreement } from './store.ts';
import { againLater, isPassing, passes } from './vault-reach.ts';

export const DELETE_CARD_JOB = 'payments.delete_card';

/** Handler of DELETE_CARD_JOB. */
export async function deleteCardJob(deps: PaymentDeps, job: Job): Promise<JobResult> {
  const agreement = await findAgreement(deps.journal.db, job.subject as Id<'agr'>);
  if (agreement === null) return FINISHED;
  try {
    const deleted = await removeFromVault(deps, agreement, { job: job.id, lease: job.lease });
    return deleted === null ? FINISHED : COMMITTED;
  } catch (fault) {
    if (isPassing(fault)) return againLater(job, fault);
    throw fault;
  }
}

/** The agreement with its card deleted, by this or by the job; or as it is when the vault is out of reach. */
export async function tryToDelete(deps: PaymentDeps, agreement: Agreement): Promise<Agreement> {
  try {
    const deleted = await removeFromVault(deps, agreement);
    return deleted ?? (await findAgreement(deps.journal.db, agreement.id)) ?? agreement;
  } catch (fault) {
    if (isPassing(fault)) return agreement;
    throw fault;
  }
}

/** Null when there is nothing to delete, or somebody else has recorded it. @throws what the vault's port throws. */
async function removeFromVault(deps: PaymentDeps, { id, card, marketplace, buyer }: Agreement, done?: JobLease) {
  if (card === null || card.state !== 'deleting') return null;
  // False means that it is gone, as after a call whose answer was lost.
  await deps.vault.remove(card.token, { marketplace, buyer });
  const recorded = await deps.journal.run(undefined, async (): Promise<Result<Decision<Agreement>, PaymentRefusal>> => {
    const agreement = await findAgreement(deps.journal.db, id);
    if (agreement?.card?.state !== 'deleting') return refuse('operation_closed', 'it is deleted already');
    const gone: KeptCard = { ...agreement.card, state: 'deleted' };
    const unit = {
      at: deps.clock.now(),
      ...part({
        events: [event('agreement.card_deleted', id, { brand: gone.brand, last4: gone.last4 })],
        writes: [update(agreements, agreement, { card: gone })],
      }),
      ...(done === undefined ? {} : { done }),
    };
    return ok({ unit, value: { ...agreement, card: gone, version: agreement.version + 1 } });
  });
  passes(recorded);
  return recorded.ok && recorded.value.kind === 'committed' ? recorded.value.value : null;
}
