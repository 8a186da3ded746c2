/**
 * The token that follows another: the wallet gives it for the refresh token of the one before, also after that has run out, and gives
 * the same one however often it is asked. So nothing is kept of a wish: who got no answer asks again.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { WalletTokenAnswer } from '../connectors/ports/wallet.ts';
import { type Decision, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { walletTarget } from '../parties/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { seal, unseal } from './sealed.ts';
import { networkOf, walletById } from './wallet-access.ts';
import { findWalletAgreement, type WalletAgreement, walletAgreements, withoutSecrets } from './wallet-agreement.ts';

export interface RenewWalletAgreement {
  readonly marketplace: Id<'mkt'>;
  readonly agreement: Id<'wag'>;
  /** How often it had been renewed when whoever asks learned of it: a repeat finds it renewed. */
  readonly renewals: number;
}

export type Renewed =
  | { readonly outcome: 'renewed'; readonly agreement: WalletAgreement }
  | Exclude<WalletTokenAnswer, { readonly outcome: 'approved' }>;

/** Checks: it exists, is active, has a refresh token, and was renewed as often as is said; once more than that is a repeat. */
export async function renewWalletAgreement(
  deps: PaymentDeps,
  input: RenewWalletAgreement,
): Promise<Result<Renewed, PaymentRefusal>> {
  const found = await renewable(deps, input);
  if (!found.ok) return found;
  const { agreement, refresh } = found.value;
  if (refresh === null) return ok({ outcome: 'renewed', agreement: withoutSecrets(agreement) });
  const target = walletTarget(await walletById(deps.journal.db, agreement.participant));
  const answer = await networkOf(deps.wallets).refreshToken(target, unseal(deps.wallets.secret, agreement.id, refresh));
  if (answer.outcome !== 'approved') return ok(answer);
  const renewed = await deps.journal.run(
    undefined,
    async (): Promise<Result<Decision<WalletAgreement>, PaymentRefusal>> => {
      const now = await renewable(deps, input);
      if (!now.ok) return now;
      const { agreement: row } = now.value;
      if (now.value.refresh === null) return refuse('operation_closed', 'it has been renewed');
      const renewals = row.renewals + 1;
      const changes = { ...sealedTokens(deps.wallets.secret, row.id, answer), renewals };
      const own = event('wallet_agreement.renewed', row.id, { renewals, expiresAt: answer.expiresAt });
      const unit = {
        at: deps.clock.now(),
        ...part({ events: [own], writes: [update(walletAgreements, row, changes)] }),
      };
      return ok({ unit, value: { ...row, ...changes } });
    },
  );
  if (!renewed.ok && renewed.error.code !== 'operation_closed') return renewed;
  const after = (await findWalletAgreement(deps.journal.db, agreement.id)) as WalletAgreement;
  return ok({ outcome: 'renewed', agreement: withoutSecrets(after) });
}

/** `refresh` is null when it has been renewed already. */
async function renewable(
  { journal: { db } }: PaymentDeps,
  { marketplace, agreement: id, renewals }: RenewWalletAgreement,
): Promise<Result<{ readonly agreement: WalletAgreement; readonly refresh: string | null }, PaymentRefusal>> {
  const agreement = await findWalletAgreement(db, id);
  if (agreement === null || agreement.marketplace !== marketplace) return refuse('not_found', 'no such agreement');
  const { state, sealedRefresh } = agreement;
  if (state !== 'active') return refuse('agreement_not_active', `the agreement is ${state}`, { facts: { state } });
  if (agreement.renewals === renewals + 1) return ok({ agreement, refresh: null });
  return agreement.renewals === renewals && sealedRefresh !== null
    ? ok({ agreement, refresh: sealedRefresh })
    : refuse('not_found', 'no such refresh token');
}

/** What a row keeps of the tokens that a wallet has given. */
export function sealedTokens(
  secret: Uint8Array,
  id: Id<'wag'>,
  { accessToken, expiresAt, refresh }: Extract<WalletTokenAnswer, { readonly outcome: 'approved' }>,
): {
  readonly sealedToken: string;
  readonly expiresAt: Instant;
  readonly sealedRefresh: string | null;
  readonly refreshExpiresAt: Instant | null;
} {
  return {
    sealedToken: seal(secret, id, accessToken),
    expiresAt,
    sealedRefresh: refresh === null ? null : seal(secret, id, refresh.token),
    refreshExpiresAt: refresh === null ? null : refresh.expiresAt,
  };
}
