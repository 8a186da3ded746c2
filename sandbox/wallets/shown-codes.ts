/** The code that a person shows: asked from the hub for one minute, kept so that a payment by it is known. */
import { ok, type Refusal, type Result, refuse } from '../../src/base/result.ts';
import { fieldsOf, textOf, timeMsOf } from '../base/message-fields.ts';
import { callHub } from './call-hub.ts';
import type { AccountRow } from './schema.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

export interface ShownCode {
  readonly code: string;
  readonly expiresMs: number;
}

export async function askPaymentCode(
  wallets: Wallets,
  wallet: Wallet,
  { account, customer_id: customerId }: AccountRow,
): Promise<Result<ShownCode, Refusal<'no_code'>>> {
  if (!wallet.modes.includes('userPresented')) return refuse('no_code', `${wallet.name} shows no codes`);
  const env = { terminalType: 'APP', osType: 'ANDROID' };
  const body = { region: wallet.country, customerId, codeQuantity: '1', env };
  const answer = await callHub(wallets, wallet, { to: '/aps/api/v1/codes/getPaymentCode', body });
  if (!answer.answered) return refuse('no_code', answer.reason);
  if (answer.status !== 'S') return refuse('no_code', `${answer.code}: ${answer.message}`);
  const [first]: readonly unknown[] = Array.isArray(answer.body.paymentCodes) ? answer.body.paymentCodes : [];
  const { codeValue, codeExpiryTime } = fieldsOf(first);
  const code = textOf(codeValue, 32);
  const expiresMs = timeMsOf(codeExpiryTime);
  if (code === null || !isPaymentCode(code) || expiresMs === null) return refuse('no_code', 'the hub gave no code');
  const insert = 'insert or ignore into payment_code (code, wallet_id, account, expires_ms) values (?, ?, ?, ?)';
  if (wallets.store.run(insert, code, wallet.walletId, account, expiresMs) === 0)
    return refuse('no_code', 'the hub gave a code that was given before');
  return ok({ code, expiresMs });
}

/** Six digits of the issuer from 25 to 30, 02 for a payment shown by its user, sixteen of the issuer; or an older form. */
const isPaymentCode = (text: string): boolean => /^(2[5-9]|30)\d{4}02\d{16}$/.test(text) || /^28\d{15,17}$/.test(text);
