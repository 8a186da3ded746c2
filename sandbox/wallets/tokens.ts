/** Auto debit: a code that the person makes, the token that the hub gets for it, and the end of the token. */
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

export function applyToken(wallets: Wallets, wallet: Wallet, fields: Fields): Answer {
  const { store, time } = wallets;
  if (!wallet.modes.includes('autoDebit')) return refused('BUSINESS_NOT_SUPPORT');
  const code = textOf(fields.authCode);
  if (code === null) return refused('PARAM_ILLEGAL', 'authCode is needed');
  const find = 'select account, expires_ms, token from auth_code where code = ? and wallet_id = ?';
  const row = store.first<CodeRow>(find, code, wallet.walletId);
  if (row === null) return refused('INVALID_CODE');
  if (Number(row.expires_ms) <= time.nowMs()) return refused('EXPIRED_CODE');
  const token = row.token ?? randomSecret(24);
  if (row.token === null) {
    store.run('update auth_code set token = ? where code = ?', token, code);
    const insert = 'insert into access_token (token, wallet_id, account, expires_ms) values (?, ?, ?, ?)';
    store.run(insert, token, wallet.walletId, row.account, time.nowMs() + TOKEN_LIFE_MS);
  }
  const kept = store.first<{ expires_ms: bigint }>('select expires_ms from access_token where token = ?', token);
  return {
    result: SUCCESS,
    accessToken: token,
    accessTokenExpiryTime: timeText(Number(kept?.expires_ms)),
    customerId: mustFind(wallets, wallet.walletId, row.account).customer_id,
  };
}

export function cancelToken({ store }: Wallets, wallet: Wallet, fields: Fields): Answer {
  const update = 'update access_token set canceled = 1 where token = ? and wallet_id = ?';
  return store.run(update, textOf(fields.accessToken, 128) ?? '', wallet.walletId) === 1
    ? { result: SUCCESS }
    : refused('INVALID_TOKEN');
}
