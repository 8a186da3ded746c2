/**
 * authorizations: the wallet's page on which a buyer agrees, the token that his code is exchanged for, how it stands, its refreshing, and
 * its end. Tokens are as long good as the wallet says. One that is refreshed keeps its name and gets a later end.
 */
import {
  agreeingWallet,
  applyForToken,
  refreshToken,
  refreshTokenOf,
  revokeToken,
  tokenNamed,
} from '../../ams/index.ts';
import type { WalletAgreement } from '../../payments/index.ts';
import { type Answer, type Call, refused } from './call.ts';
import type { Fields } from './fields.ts';
import { resultOf, resultOfRefusal, SUCCESS } from './results.ts';
import { timeOf } from './view-values.ts';
import { masked, viewUser } from './wallet-view.ts';
import { inTime } from './within-time.ts';

const SCOPES = ['BASE_USER_INFO', 'AGREEMENT_PAY', 'USER_INFO', 'USER_LOGIN_ID', 'HASH_LOGIN_ID', 'SEND_OTP'] as const;
const TERMINALS = ['WEB', 'WAP', 'APP', 'MINI_APP'] as const;

/** Where the buyer agrees; the wallet sends him back to `authRedirectUrl` with `authCode` and `authState`. */
export async function consultAuthorization({ app, client, fields }: Call): Promise<Answer> {
  const brand = fields.needText('customerBelongsTo', 64);
  const back = fields.address('authRedirectUrl');
  if (back === null) fields.reject('authRedirectUrl', 'is needed');
  const scopes = readScopes(fields);
  const state = fields.needText('authState', 256);
  if (fields.word('terminalType', TERMINALS) === null) fields.reject('terminalType', 'is needed');
  if (fields.wrong !== null) return refused(fields.wrong);
  const wallet = await agreeingWallet(app.ams, brand);
  if (!wallet.ok) return refused(wallet.error);
  const query = {
    authClientId: client.clientId,
    authRedirectUrl: back ?? '',
    authState: state,
    scopes: scopes.join(','),
  };
  return { result: SUCCESS, normalUrl: `${wallet.value.wallet.endpoint}/authorize?${new URLSearchParams(query)}` };
}

/** A list, or one text with commas; what is asked for must hold the right to debit. */
function readScopes(fields: Fields): readonly string[] {
  const raw = fields.raw('scopes');
  const words = typeof raw === 'string' ? raw.split(',') : Array.isArray(raw) ? raw : [];
  const known = SCOPES.filter((scope) => words.includes(scope));
  if (known.length !== words.length) fields.reject('scopes', `must be of ${SCOPES.join(', ')}`);
  if (!known.includes('AGREEMENT_PAY')) fields.reject('scopes', 'must hold AGREEMENT_PAY');
  return known;
}

export async function applyToken(call: Call): Promise<Answer> {
  const { app, client, fields } = call;
  const grant = fields.word('grantType', ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'] as const);
  if (grant === null) fields.reject('grantType', 'is needed');
  const brand = fields.needText('customerBelongsTo', 64);
  if (grant === 'REFRESH_TOKEN') return refresh(call, brand);
  const authCode = fields.needText('authCode', 64);
  if (fields.wrong !== null) return refused(fields.wrong);
  const applied = await inTime(call, applyForToken(app.ams, client, { brand, authCode }));
  if (applied === null) return { result: LATER };
  if (!applied.ok) return refused(applied.error);
  const { refusal, state } = applied.value;
  if (refusal !== null) return { result: refusedByWallet(refusal, '/authCode') };
  return state === 'requested' ? { result: LATER } : { result: SUCCESS, ...viewToken(applied.value) };
}

async function refresh(call: Call, brand: string): Promise<Answer> {
  const { app, client, fields } = call;
  const token = fields.needText('refreshToken', 128);
  if (fields.wrong !== null) return refused(fields.wrong);
  const renewed = await inTime(call, refreshToken(app.ams, client, { brand, token }));
  if (renewed === null) return { result: LATER };
  if (!renewed.ok) return refused(renewed.error);
  const word = renewed.value;
  if (word.outcome === 'renewed') return { result: SUCCESS, ...viewToken(word.agreement) };
  if (word.outcome === 'unknown') return { result: LATER };
  return { result: refusedByWallet(word, '/refreshToken') };
}

const LATER = resultOf('PROCESSING', 'the wallet has not answered yet; repeat the request');

const refusedByWallet = ({ code, message }: NonNullable<WalletAgreement['refusal']>, pointer: string) =>
  resultOfRefusal({
    code: code === 'EXPIRED_CODE' ? 'expired_code' : 'authorization_refused',
    detail: message,
    pointer,
  });

function viewToken(agreement: WalletAgreement) {
  const { id, wallet, expiresAt, refreshExpiresAt, customerId } = agreement;
  return {
    accessToken: id,
    ...(expiresAt === null ? {} : { accessTokenExpiryTime: timeOf(expiresAt) }),
    ...(refreshExpiresAt === null
      ? {}
      : { refreshToken: refreshTokenOf(agreement), refreshTokenExpiryTime: timeOf(refreshExpiresAt) }),
    ...(customerId === null ? {} : { userLoginId: masked(customerId), pspCustomerInfo: viewUser(wallet, customerId) }),
  };
}

const STATUS: Readonly<Record<WalletAgreement['state'], string>> = {
  requested: 'PENDING',
  active: 'ACTIVE',
  ending: 'CANCELED',
  ended: 'CANCELED',
  refused: 'CANCELED',
};

export async function queryToken({ app, client, fields }: Call): Promise<Answer> {
  const token = fields.needText('accessToken', 128);
  if (fields.wrong !== null) return refused(fields.wrong);
  const found = await tokenNamed(app.ams, client, token);
  if (!found.ok) return refused(found.error);
  const { state, expiresAt } = found.value;
  const isOver = state === 'active' && expiresAt !== null && expiresAt <= app.clock.now();
  return {
    result: SUCCESS,
    tokenStatusType: isOver ? 'EXPIRED' : STATUS[state],
    accessToken: found.value.id,
    ...(expiresAt === null ? {} : { accessTokenExpiryTime: timeOf(expiresAt) }),
  };
}

/** Done from the moment it is answered: nothing is charged any more, also while the wallet has not confirmed. */
export async function revoke(call: Call): Promise<Answer> {
  const { app, client, fields } = call;
  const token = fields.needText('accessToken', 128);
  if (fields.wrong !== null) return refused(fields.wrong);
  const revoked = await inTime(call, revokeToken(app.ams, client, token));
  if (revoked === null) return { result: LATER };
  return revoked.ok ? { result: SUCCESS } : refused(revoked.error);
}

/** notifyAuthorization. */
export const viewAuthorization = (agreement: WalletAgreement, clientId: string) => ({
  authorizationNotifyType: agreement.state === 'active' ? ('TOKEN_CREATED' as const) : ('TOKEN_CANCELED' as const),
  authClientId: clientId,
  ...viewToken(agreement),
});
