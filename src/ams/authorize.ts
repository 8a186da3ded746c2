/**
 * A client's access tokens: each stands for what a buyer has agreed to with a wallet (payments, wallet-agreement.ts). The wallet's own
 * token never leaves the installation: the client's is the agreement's id, good for its marketplace only and only under the client's
 * signature. The same authorization code makes one token, however often it is sent.
 *
 * The wallet does not say who its user is before he has agreed, so a token has a buyer of its own, and new orders that are paid with it
 * are his.
 */
import { createHash } from 'node:crypto';
import { type Id, parseId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { commandKey } from '../journal/index.ts';
import { type Buyer, createBuyer, findWalletByBrand, type WalletParticipant } from '../parties/index.ts';
import {
  endWalletAgreement,
  findWalletAgreement,
  makeWalletAgreement,
  type Renewed,
  renewWalletAgreement,
  type WalletAgreement,
} from '../payments/index.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsRefusal } from './errors.ts';
import type { AmsClient } from './rows.ts';

type Token = Promise<Result<WalletAgreement, AmsRefusal>>;

/** A wallet whose users agree to be debited without being asked. Checks: it exists, is active, offers that. */
export async function agreeingWallet(
  { journal }: Pick<AmsDeps, 'journal'>,
  brand: string,
): Promise<Result<WalletParticipant, AmsRefusal>> {
  const pointer = '/customerBelongsTo';
  const wallet = await findWalletByBrand(journal.db, brand);
  if (wallet === null) return refuse('unknown_wallet', 'no such wallet', { pointer });
  return wallet.state === 'active' && wallet.wallet.modes.includes('autoDebit')
    ? ok(wallet)
    : refuse('wallet_not_offered', `${wallet.name} does not pay by agreement`, { pointer });
}

/** Active, refused, or requested while the wallet has not answered. */
export async function applyForToken(
  deps: AmsDeps,
  client: AmsClient,
  { brand, authCode }: { readonly brand: string; readonly authCode: string },
): Token {
  const name = createHash('sha256').update(authCode).digest('hex');
  const command = commandKey(client.id, `token ${name}`, 'ams_token', { brand });
  const wallet = await agreeingWallet(deps, brand);
  if (!wallet.ok) return wallet;
  const buyer = await buyerOfToken(deps, client, { name, wallet: wallet.value });
  if (!buyer.ok) return buyer;
  const { marketplace } = client;
  const asked = { marketplace, buyer: buyer.value, wallet: wallet.value.wallet.slug, authCode };
  const made = await makeWalletAgreement(deps.payments, command, asked);
  if (!made.ok) return made;
  if (made.value.kind === 'committed') return ok(made.value.value);
  const { id } = made.value.answer as WalletAgreement;
  return ok((await findWalletAgreement(deps.journal.db, id)) as WalletAgreement);
}

async function buyerOfToken(
  deps: AmsDeps,
  client: AmsClient,
  { name, wallet }: { readonly name: string; readonly wallet: WalletParticipant },
): Promise<Result<Id<'buy'>, AmsRefusal>> {
  const command = commandKey(client.id, `buyer of token ${name}`, 'ams_buyer', {});
  const made = await createBuyer(deps.parties, command, {
    marketplace: client.marketplace,
    name: `User of ${wallet.name}`,
    country: wallet.wallet.country,
    email: '',
  });
  if (!made.ok) return made;
  if (made.value.kind === 'committed') return ok(made.value.value.id);
  return ok((made.value.answer as { readonly buyer: Buyer }).buyer.id);
}

/** A wallet's word, or the token with a later end; the same however often it is asked for. `token`: as `refreshTokenOf` makes it. */
export async function refreshToken(
  deps: AmsDeps,
  client: AmsClient,
  { brand, token }: { readonly brand: string; readonly token: string },
): Promise<Result<Renewed, AmsRefusal>> {
  const wallet = await agreeingWallet(deps, brand);
  if (!wallet.ok) return wallet;
  const unknown = refuse('unknown_agreement', 'no such refresh token', { pointer: '/refreshToken' });
  const [, name, renewals] = REFRESH_TOKEN.exec(token) ?? [];
  const id = parseId('wag', name);
  const agreement = id === null ? null : await findWalletAgreement(deps.journal.db, id);
  if (agreement === null || agreement.participant !== wallet.value.id) return unknown;
  const named = { marketplace: client.marketplace, agreement: agreement.id, renewals: Number(renewals) };
  const renewed = await renewWalletAgreement(deps.payments, named);
  return !renewed.ok && renewed.error.code === 'not_found' ? unknown : renewed;
}

/** The client's name of what brings the next token; null where there will be none. It is good for one signature only, so no secret. */
export const refreshTokenOf = ({ id, refreshExpiresAt, renewals }: WalletAgreement): string | null =>
  refreshExpiresAt === null ? null : `${id}-r${renewals}`;

const REFRESH_TOKEN = /^(wag_[0-9a-f]{32})-r(\d{1,6})$/;

/** What a client calls so; refused where it is not one of its marketplace. */
export async function tokenNamed({ journal }: Pick<AmsDeps, 'journal'>, client: AmsClient, token: string): Token {
  const id = parseId('wag', token);
  const agreement = id === null ? null : await findWalletAgreement(journal.db, id);
  return agreement !== null && agreement.marketplace === client.marketplace
    ? ok(agreement)
    : refuse('unknown_agreement', 'no such access token', { pointer: '/accessToken' });
}

/** Nothing is charged under it from now on; asked again, it has ended. */
export async function revokeToken(deps: AmsDeps, client: AmsClient, token: string): Token {
  const found = await tokenNamed(deps, client, token);
  if (!found.ok || found.value.state === 'ending' || found.value.state === 'ended') return found;
  const { marketplace } = client;
  const ended = await endWalletAgreement(deps.payments, undefined, {
    ...{ marketplace, agreement: found.value.id, by: 'marketplace' },
  });
  if (!ended.ok) return ended;
  return tokenNamed(deps, client, token);
}
