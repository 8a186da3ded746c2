/**
 * A buyer's stored cards: what the vault holds, with the agreement each is held for, and deleting one. The vault may hold a
 * card that we made no agreement for, stored when it was entered; it is shown and can be deleted, and is never charged.
 */
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { CardOwner } from '../connectors/ports/card-acquirer.ts';
import type { StoredCard } from '../connectors/ports/card-vault.ts';
import type { JobHandlers } from '../jobs/index.ts';
import type { Decision } from '../journal/index.ts';
import type { Agreement, KeptCard } from './agreement.ts';
import { DELETE_CARD_JOB, deleteCardJob, tryToDelete } from './delete-card.ts';
import type { PaymentDeps } from './deps.ts';
import { endedAgreement } from './end-agreement.ts';
import type { PaymentRefusal } from './errors.ts';
import { findAgreement, findAgreementByCard, findAgreements } from './store.ts';
import { STORE_CARD_JOB, storeCardJob } from './store-card.ts';

export interface BuyerCard extends Pick<StoredCard, 'token' | 'brand' | 'last4' | 'expiryMonth' | 'expiryYear'> {
  readonly fingerprint: string;
  readonly state: KeptCard['state'];
  /** Null when it was stored without one. */
  readonly agreement: Agreement | null;
}

interface Owner extends CardOwner {
  readonly marketplace: Id<'mkt'>;
  readonly buyer: Id<'buy'>;
}

/** Newest first, at most 100. @throws what the vault's port throws. */
export async function listBuyerCards(deps: PaymentDeps, owner: Owner): Promise<readonly BuyerCard[]> {
  const cards = await deps.vault.list(owner);
  const known = await findAgreements(
    deps.journal.db,
    cards.map(({ agreement }) => agreement),
  );
  return cards.map(({ token, brand, last4, expiryMonth, expiryYear, fingerprint, agreement: id }) => {
    const agreement = known.find((row) => row.id === id) ?? null;
    const state = agreement?.card?.state ?? 'stored';
    return { token, brand, last4, expiryMonth, expiryYear, fingerprint, state, agreement };
  });
}

/** Where the card stands afterwards: `deleted`, or `deleting` while the vault is out of reach. */
export async function deleteBuyerCard(
  deps: PaymentDeps,
  { token, ...owner }: Owner & { readonly token: Id<'tok'> },
): Promise<Result<{ readonly state: KeptCard['state']; readonly agreement: Agreement | null }, PaymentRefusal>> {
  const found = await findAgreementByCard(deps.journal.db, token);
  if (found === null || found.marketplace !== owner.marketplace || found.buyer !== owner.buyer) {
    const removed = found === null && (await deps.vault.remove(token, owner));
    return removed ? ok({ state: 'deleted', agreement: null }) : refuse('not_found', 'no such card');
  }
  const ended = await deps.journal.run(undefined, async (): Promise<Result<Decision<Agreement>, PaymentRefusal>> => {
    const agreement = (await findAgreement(deps.journal.db, found.id)) as Agreement;
    if (agreement.ended !== null) return refuse('illegal_move', 'it has ended already');
    const at = deps.clock.now();
    const end = endedAgreement(agreement, 'card_deleted', at);
    return ok({ unit: { at, ...end.part }, value: end.agreement });
  });
  if (!ended.ok && ended.error.code !== 'illegal_move') return ended;
  const agreement = await tryToDelete(deps, (await findAgreement(deps.journal.db, found.id)) as Agreement);
  return ok({ state: agreement.card?.state ?? 'deleted', agreement });
}

export const storedCardJobs = (deps: PaymentDeps): JobHandlers => ({
  [STORE_CARD_JOB]: (job) => storeCardJob(deps, job),
  [DELETE_CARD_JOB]: (job) => deleteCardJob(deps, job),
});
