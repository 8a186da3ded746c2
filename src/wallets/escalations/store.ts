/** All SQL of wallets' disputes. */
import type { Instant } from '../../base/clock.ts';
import type { Id } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { findRows, loadRow } from '../../db/state-table.ts';
import { type DisputeHome, type WalletDispute, walletDisputes } from './wallet-dispute.ts';

export const findWalletDispute = (db: Queryable, id: Id<'esc'>): Promise<WalletDispute | null> =>
  loadRow(db, walletDisputes, id);

/** By the wallet's own id of it. */
export async function findByWalletClaim(
  db: Queryable,
  { wallet, claim }: Pick<WalletDispute, 'wallet' | 'claim'>,
): Promise<WalletDispute | null> {
  return (await findRows(db, walletDisputes, 'claim_key = $1', [`${wallet}:${claim}`]))[0] ?? null;
}

/** Of a payment, oldest first. */
export const walletDisputesOf = (db: Queryable, payment: DisputeHome['payment']): Promise<readonly WalletDispute[]> =>
  findRows(db, walletDisputes, 'payment = $1 order by id', [payment]);

/** About orders of one wallet's account, opened since, oldest first. */
export const orderDisputesSince = (
  db: Queryable,
  network: Id<'net'>,
  since: Instant,
): Promise<readonly WalletDispute[]> =>
  findRows(db, walletDisputes, "network = $1 and data ->> 'openedAt' >= $2 order by id", [network, since]);
