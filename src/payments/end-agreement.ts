/**
 * The end of an agreement: nothing is charged under it any more, and its card is deleted in the vault. The end is decided
 * here and at once; that the number is gone is the vault's word, for which a job asks until it has it (delete-card.ts).
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import {
  type CommandKey,
  type Decision,
  deadline,
  type Outcome,
  part,
  type UnitPart,
  update,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type Agreement, agreements, type EndReason, moveAgreement } from './agreement.ts';
import { DELETE_CARD_JOB, tryToDelete } from './delete-card.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { findAgreement } from './store.ts';

export interface EndAgreement {
  readonly marketplace: Id<'mkt'>;
  readonly agreement: Id<'agr'>;
  /** Who does not want it any more. */
  readonly by: 'buyer' | 'marketplace';
}

export async function endAgreement(
  deps: PaymentDeps,
  command: CommandKey | undefined,
  { marketplace, agreement: id, by }: EndAgreement,
): Promise<Result<Outcome<Agreement>, PaymentRefusal>> {
  const ended = await deps.journal.run(command, async (): Promise<Result<Decision<Agreement>, PaymentRefusal>> => {
    const agreement = await findAgreement(deps.journal.db, id);
    if (agreement === null || agreement.marketplace !== marketplace) return refuse('not_found', 'no such agreement');
    if (agreement.ended !== null) {
      const facts = { state: agreement.state, reason: agreement.ended.reason };
      return refuse('illegal_move', 'the agreement has ended already', { facts });
    }
    const at = deps.clock.now();
    const end = endedAgreement(agreement, by, at);
    return ok({ unit: { at, ...end.part, answer: { agreement: end.agreement } }, value: end.agreement });
  });
  if (!ended.ok || ended.value.kind === 'repeated') return ended;
  return ok({ ...ended.value, value: await tryToDelete(deps, ended.value.value) });
}

/** The agreement as it has ended, and what commits with that. */
export function endedAgreement(
  agreement: Agreement,
  reason: EndReason,
  at: Instant,
): { readonly agreement: Agreement; readonly part: UnitPart } {
  const { card } = agreement;
  const changes = moveAgreement(agreement, 'ended', {
    ended: { at, reason },
    card: card === null ? null : { ...card, state: 'deleting' },
  });
  return {
    agreement: { ...agreement, ...changes, version: agreement.version + 1 },
    part: part({
      events: [event('agreement.ended', agreement.id, { reason })],
      writes: [update(agreements, agreement, changes)],
      jobs: card === null ? [] : [deadline(DELETE_CARD_JOB, agreement.id, at)],
    }),
  };
}
