/** Auto debit: a code that the person makes, the token that the hub gets for it, those that follow, and their end. */
import { randomSecret } from '../../src/base/random.ts';
import { timeText } from '../base/alipay-time.ts';
import { type Fields, textOf } from '../base/message-fields.ts';
import { type Answer, SUCCESS } from '../base/message-result.ts';
import { mustFind } from './accounts.ts';
import { refused } from './messages.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

const CODE_LIFE_MS = 10 * 60_000;
const TOKEN_LIFE_MS = 365 * 86_400_000;
const REFRESH_LIFE_MS = 2 * TOKEN_LIFE_MS;

/** A code of the person for one agreement. */
export function makeAuthCode({ store, time }: Wallets, { walletId }: Wallet, account: string): string {
  const code = randomSecret(18);
  const insert = 'insert into auth_code (code, wallet_id, account, expires_ms) values (?, ?, ?, ?)';
  store.run(insert, code, walletId, account, time.nowMs() + CODE_LIFE_MS);
  return code;
}

interface CodeRow {
  readonly account: string;
  readonly expires_ms: bigint;
  readonly token: string | null;
}

interface RefreshRow {
  readonly family: string;
  readonly access: string;
  readonly expires_ms: bigint;
  /** The access token that it has brought. */
  readonly next: string | null;
}

/** For a code, or for the refresh token of the token before. Asked again, each gives what it gave. */
export function applyToken(wallets: Wallets, wallet: Wallet, fields: Fields): Answer {
  if (!wallet.modes.includes('autoDebit')) return refused('BUSINESS_NOT_SUPPORT');
  if (fields.grantType === 'REFRESH_TOKEN') return refresh(wallets, wallet, fields);
  const { store, time } = wallets;
  const code = textOf(fields.authCode);
  if (code === null) return refused('PARAM_ILLEGAL', 'authCode is needed');
  const find = 'select account, expires_ms, token from auth_code where code = ? and wallet_id = ?';
  const row = store.first<CodeRow>(find, code, wallet.walletId);
  if (row === null) return refused('INVALID_CODE');
  if (Number(row.expires_ms) <= time.nowMs()) return refused('EXPIRED_CODE');
  if (row.token !== null) return tell(wallets, wallet, row.token);
  const token = make(wallets, wallet, row.account, null);
  store.run('update auth_code set token = ? where code = ?', token, code);
  return tell(wallets, wallet, token);
}

function refresh(wallets: Wallets, wallet: Wallet, fields: Fields): Answer {
  const { store, time } = wallets;
  const token = textOf(fields.refreshToken, 128);
  if (token === null) return refused('PARAM_ILLEGAL', 'refreshToken is needed');
  const find = 'select family, access, expires_ms, next from refresh_token where token = ? and wallet_id = ?';
  const row = store.first<RefreshRow>(find, token, wallet.walletId);
  const before = row === null ? null : accessOf(wallets, row.access);
  if (row === null || before === null || before.canceled !== 0n) return refused('INVALID_TOKEN');
  if (Number(row.expires_ms) <= time.nowMs()) return refused('EXPIRED_CODE');
  if (row.next !== null) return tell(wallets, wallet, row.next);
  const next = make(wallets, wallet, before.account, row.family);
  store.run('update refresh_token set next = ? where token = ?', next, token);
  return tell(wallets, wallet, next);
}

/** An access token with its refresh token; the first one founds a family. */
function make({ store, time }: Wallets, { walletId }: Wallet, account: string, family: string | null): string {
  const [access, next] = [randomSecret(24), randomSecret(24)];
  const insert = 'insert into access_token (token, wallet_id, account, expires_ms) values (?, ?, ?, ?)';
  store.run(insert, access, walletId, account, time.nowMs() + TOKEN_LIFE_MS);
  const follow = 'insert into refresh_token (token, wallet_id, family, access, expires_ms) values (?, ?, ?, ?, ?)';
  store.run(follow, next, walletId, family ?? access, access, time.nowMs() + REFRESH_LIFE_MS);
  return access;
}

interface AccessRow {
  readonly account: string;
  readonly expires_ms: bigint;
  readonly canceled: bigint;
}

const accessOf = ({ store }: Wallets, token: string): AccessRow | null =>
  store.first<AccessRow>('select account, expires_ms, canceled from access_token where token = ?', token);

function tell(wallets: Wallets, { walletId }: Wallet, token: string): Answer {
  const kept = accessOf(wallets, token);
  if (kept === null) throw new Error('a token that was made is missing');
  const find = 'select token, expires_ms from refresh_token where access = ?';
  const follows = wallets.store.first<{ token: string; expires_ms: bigint }>(find, token);
  return {
    result: SUCCESS,
    accessToken: token,
    accessTokenExpiryTime: timeText(Number(kept.expires_ms)),
    ...(follows === null
      ? {}
      : { refreshToken: follows.token, refreshTokenExpiryTime: timeText(Number(follows.expires_ms)) }),
    customerId: mustFind(wallets, walletId, kept.account).customer_id,
  };
}

/** With those before it and after it. */
export function cancelToken({ store }: Wallets, wallet: Wallet, fields: Fields): Answer {
  const token = textOf(fields.accessToken, 128) ?? '';
  const family = `select b.access from refresh_token a join refresh_token b on b.family = a.family where a.access = ?`;
  const update = `update access_token set canceled = 1 where wallet_id = ? and (token = ? or token in (${family}))`;
  return store.run(update, wallet.walletId, token, token) > 0 ? { result: SUCCESS } : refused('INVALID_TOKEN');
}
