/**
 * Taking a link back: nothing begins through it from then on. A payment that has begun goes on, and the page keeps telling
 * what becomes of it.
 */
import type { Id } from '../base/ids.ts';
import { isLegalMove } from '../base/moves.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, type Decision, type Outcome, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { CheckoutDeps } from './deps.ts';
import type { LinkRefusal } from './errors.ts';
import { type CheckoutLink, checkoutLinks, LINK_MOVES } from './link.ts';
import { findLink } from './store.ts';

export interface RevokeLink {
  /** Whose it must be; null for the operator. */
  readonly marketplace: Id<'mkt'> | null;
  readonly link: Id<'lnk'>;
  readonly by: string;
}

export function revokeCheckoutLink(
  deps: CheckoutDeps,
  command: CommandKey | undefined,
  { marketplace, link: id, by }: RevokeLink,
): Promise<Result<Outcome<CheckoutLink>, LinkRefusal>> {
  return deps.journal.run(command, async (): Promise<Result<Decision<CheckoutLink>, LinkRefusal>> => {
    const link = await findLink(deps.journal.db, id);
    if (link === null || (marketplace !== null && link.marketplace !== marketplace))
      return refuse('not_found', 'no such link');
    if (!isLegalMove(LINK_MOVES, link.state, 'revoked')) return refuse('illegal_move', 'the link is revoked already');
    const at = deps.clock.now();
    const changes = { state: 'revoked', revokedAt: at } as const;
    const value = { ...link, ...changes, version: link.version + 1 };
    const writes = [update(checkoutLinks, link, changes)];
    const revoked = event('checkout_link.revoked', id, { by });
    return ok({ unit: { at, ...part({ events: [revoked], writes }), answer: value }, value });
  });
}
