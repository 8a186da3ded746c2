/**
 * What a buyer agreed to with a wallet: that one marketplace may have it debit him without asking (auto debit). He gives the
 * wallet's authorization code; the wallet gives a token for it. Code and token are secrets: they are kept sealed (sealed.ts)
 * and stand in no answer, event or log.
 *
 * Invariants: an agreement is of one marketplace, one buyer and one wallet, and only such payments are charged under it; nothing
 * is charged from the moment its end was asked for; an end that the wallet has not confirmed is asked for until it is.
 */
import { type Instant, msOf } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { Queryable } from '../db/pool.ts';
import { findRows, loadRow, type StateRow, stateTable } from '../db/state-table.ts';
import { part, type UnitPart, unchanged } from '../journal/index.ts';
import type { WalletParticipant } from '../parties/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import type { Payable } from './ports.ts';
import { unseal } from './sealed.ts';
import type { WalletAccess } from './wallet-access.ts';

export interface WalletAgreement extends StateRow {
  readonly id: Id<'wag'>;
  readonly state: keyof typeof WALLET_AGREEMENT_MOVES;
  readonly marketplace: Id<'mkt'>;
  readonly buyer: Id<'buy'>;
  readonly participant: Id<'ptc'>;
  /** Our short name of the wallet. */
  readonly wallet: string;
  /** The authorization code, sealed; null once the wallet has answered for it. */
  readonly sealedCode: string | null;
  /** The access token, sealed; null before there is one, and once it has ended. */
  readonly sealedToken: string | null;
  readonly expiresAt: Instant | null;
  /** What the wallet gives the next token for, sealed; null where it gives none, and once the agreement has ended. */
  readonly sealedRefresh: string | null;
  readonly refreshExpiresAt: Instant | null;
  /** How often a token has followed another. */
  readonly renewals: number;
  /** The wallet's name of its user. */
  readonly customerId: string | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
  readonly agreedAt: Instant;
  readonly ended: { readonly at: Instant; readonly by: 'buyer' | 'marketplace' | 'wallet' } | null;
  /** The job that asks again while the wallet has not answered. */
  readonly resumeJob: string | null;
}

/** `requested`: the wallet has not given its token. `ending`: it has not confirmed the end. */
export const WALLET_AGREEMENT_MOVES = {
  requested: ['active', 'refused'],
  active: ['ending', 'ended'],
  ending: ['ended'],
  ended: [],
  refused: [],
} as const;

export const walletAgreements = stateTable<WalletAgreement>('wallet_agreements', 'wag');

/** Asserts the move and returns the changes with the new state. */
export function moveWalletAgreement(
  { id, state: from }: WalletAgreement,
  state: WalletAgreement['state'],
  changes: Partial<WalletAgreement>,
): Partial<WalletAgreement> {
  assertMove(WALLET_AGREEMENT_MOVES, `wallet agreement ${id}`, from, state);
  return { ...changes, state };
}

/** With its secrets taken out: what is answered and kept under keys of commands. */
export const withoutSecrets = (agreement: WalletAgreement): WalletAgreement => ({
  ...agreement,
  sealedCode: null,
  sealedToken: null,
  sealedRefresh: null,
});

export const findWalletAgreement = (db: Queryable, id: Id<'wag'>): Promise<WalletAgreement | null> =>
  loadRow(db, walletAgreements, id);

/** Of a buyer, oldest first. */
export const walletAgreementsOf = (db: Queryable, buyer: Id<'buy'>): Promise<readonly WalletAgreement[]> =>
  findRows(db, walletAgreements, 'buyer = $1 order by id', [buyer]);

/** The token to charge with; only for the call itself. */
export function tokenOf({ secret }: Pick<WalletAccess, 'secret'>, { id, sealedToken }: WalletAgreement): string {
  if (sealedToken === null) throw new Error(`wallet agreement ${id} has no token`);
  return unseal(secret, id, sealedToken);
}

interface Charge {
  readonly marketplace: Id<'mkt'>;
  readonly payable: Payable;
  readonly wallet: WalletParticipant;
}

/** Whether a payment may be charged under it, and the guard that holds it so. Checks: it exists, is active, whose, which wallet. */
export async function chargeUnder(
  deps: PaymentDeps,
  id: Id<'wag'>,
  { marketplace, payable, wallet }: Charge,
): Promise<Result<{ readonly agreement: WalletAgreement; readonly part: UnitPart }, PaymentRefusal>> {
  const pointer = '/method/agreement';
  const agreement = await findWalletAgreement(deps.journal.db, id);
  if (agreement === null || agreement.marketplace !== marketplace)
    return refuse('unknown_agreement', 'no such agreement', { pointer });
  const over = agreement.expiresAt !== null && msOf(agreement.expiresAt) <= msOf(deps.clock.now());
  if (agreement.state !== 'active' || over)
    return refuse('agreement_not_active', over ? 'the agreement has run out' : `the agreement is ${agreement.state}`, {
      pointer,
      facts: { state: agreement.state },
    });
  if (agreement.buyer !== payable.buyer.id)
    return refuse('agreement_does_not_cover', 'it is another buyer’s', { pointer });
  if (agreement.participant !== wallet.id)
    return refuse('agreement_does_not_cover', 'it is about another wallet', { pointer });
  return ok({ agreement, part: part({ guards: [unchanged(walletAgreements, agreement)] }) });
}
