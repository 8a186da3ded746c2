/**
 * People's accounts. Each wallet has the account `demo` without anybody making it. Every change of a balance is a movement, written
 * with it.
 */
import { randomBytes } from '../../src/base/random.ts';
import type { AccountRow } from './schema.ts';
import type { Wallet } from './wallet.ts';
import type { Wallets } from './wallets.ts';

export const DEMO = 'demo';

/** The account, or null; `demo` is made when it is first looked at. */
export function findAccount(wallets: Wallets, wallet: Wallet, account: string): AccountRow | null {
  const { store } = wallets;
  const find = 'select * from account where wallet_id = ? and account = ?';
  const known = store.first<AccountRow>(find, wallet.walletId, account);
  if (known !== null || account !== DEMO) return known;
  return openAccount(wallets, wallet, { account, name: 'Sam Traveller', balance: wallet.startBalance });
}

export interface NewAccount {
  readonly account: string;
  readonly name: string;
  readonly balance: bigint;
}

export function openAccount(wallets: Wallets, wallet: Wallet, { account, name, balance }: NewAccount): AccountRow {
  const { store } = wallets;
  return store.transaction(() => {
    const { walletId } = wallet;
    const digits = String(randomBytes(6).readUIntBE(0, 6) % 1_000_000_000_000).padStart(12, '0');
    const insert = `
      insert into account (wallet_id, account, customer_id, name, phone, balance, status)
      values (?, ?, ?, ?, ?, 0, 'active')`;
    store.run(insert, walletId, account, `2188${digits}`, name, `*** *** ${digits.slice(-4)}`);
    move(wallets, { walletId, account, kind: 'opening', amount: balance, paymentId: null });
    return mustFind(wallets, walletId, account);
  });
}

export interface Movement {
  readonly walletId: string;
  readonly account: string;
  readonly kind: 'opening' | 'correction' | 'payment' | 'cancel' | 'refund';
  /** Below zero when the person pays. */
  readonly amount: bigint;
  readonly paymentId: string | null;
}

/** Inside the transaction of what it belongs to. Nothing moves for nothing. */
export function move({ store, time }: Wallets, { walletId, account, kind, amount, paymentId }: Movement): void {
  if (amount === 0n) return;
  const update = 'update account set balance = balance + ? where wallet_id = ? and account = ?';
  store.run(update, amount, walletId, account);
  const insert = 'insert into movement (wallet_id, account, kind, amount, payment_id, at_ms) values (?, ?, ?, ?, ?, ?)';
  store.run(insert, walletId, account, kind, amount, paymentId, time.nowMs());
}

export function mustFind({ store }: Wallets, walletId: string, account: string): AccountRow {
  const find = 'select * from account where wallet_id = ? and account = ?';
  const row = store.first<AccountRow>(find, walletId, account);
  if (row === null) throw new Error(`${walletId} has no account ${account}`);
  return row;
}
