/**
 * Whether a person may be charged for a payment. The order is fixed and the first refusal wins: account, ordered decline, limits,
 * balance. A limit says who set it: the wallet, a regulator or the person; not the hub's and not the shop's.
 */
import { money } from '../../src/base/money.ts';
import { yearStartUtc8 } from '../base/alipay-time.ts';
import { amountPart } from '../base/message-fields.ts';
import { majorUnits } from '../base/money-text.ts';
import type { RefusalCode } from './messages.ts';
import type { Refused } from './payment-rows.ts';
import type { AccountRow, PaymentRow } from './schema.ts';
import type { Limit, Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

export function refusalOf(
  wallets: Wallets,
  wallet: Wallet,
  { payment, account }: { readonly payment: PaymentRow; readonly account: AccountRow },
): Refused | null {
  if (account.status === 'frozen') return { code: 'USER_STATUS_ABNORMAL' };
  const declined = takeDecline(wallets, account);
  if (declined !== null) return { code: declined };
  const spent = spentThisYear(wallets, account);
  const hit = wallet.limits.find((limit) => isBeyond(limit, payment.pay_to, spent));
  if (hit !== undefined) return limitRefusal(wallet, hit);
  if (payment.charge > account.balance) return { code: 'USER_BALANCE_NOT_ENOUGH' };
  return null;
}

function isBeyond({ per, kind, amount }: Limit, payTo: bigint, spent: bigint): boolean {
  const reached = per === 'year' ? spent + payTo : payTo;
  return kind === 'min' ? reached < amount : reached > amount;
}

function limitRefusal(wallet: Wallet, { setBy, per, kind, amount }: Limit): Refused {
  const least = kind === 'min' ? 'least' : 'most';
  return {
    code: per === 'payment' ? 'PAYMENT_AMOUNT_EXCEED_LIMIT' : 'USER_AMOUNT_EXCEED_LIMIT',
    message: `the ${least} per ${per} is ${wallet.currency} ${majorUnits(amount, wallet.currency)}, set by ${setBy}`,
    limit: { setBy, per, kind, amount: amountPart(money(amount, wallet.currency)) },
  };
}

/** What was paid since the year began, less what came back. */
function spentThisYear({ store, time }: Wallets, { wallet_id, account }: AccountRow): bigint {
  const sum = `
    select coalesce(sum(pay_to - refunded_from), 0) as spent from payment
    where wallet_id = ? and account = ? and state = 'paid' and paid_ms >= ?`;
  return store.first<{ spent: bigint }>(sum, wallet_id, account, yearStartUtc8(time.nowMs()))?.spent ?? 0n;
}

interface DeclineRow {
  readonly id: bigint;
  readonly result_code: RefusalCode;
}

function takeDecline({ store }: Wallets, { wallet_id, account }: AccountRow): RefusalCode | null {
  const find = `
    select id, result_code from decline where left_count > 0 and (wallet_id is null or wallet_id = ?)
      and (account is null or account = ?) order by id limit 1`;
  const row = store.first<DeclineRow>(find, wallet_id, account);
  if (row === null) return null;
  store.run('update decline set left_count = left_count - 1 where id = ?', row.id);
  return row.result_code;
}
