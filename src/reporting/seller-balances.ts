/** A seller's money as a seller asks for it. Read model over orders, payouts and the ledger; never written to. */
import type { Id } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { account, balanceOf } from '../ledger/index.ts';

/** What a seller has, per currency: to pay out, under protection, on the way to the bank. */
export async function sellerBalances(db: Queryable, seller: Id<'sel'>) {
  const { rows } = await db.query<{ held: bigint; inPayout: bigint }>(
    `select coalesce((select sum((data #>> '{captured,value}')::bigint - (data #>> '{refunded,value}')::bigint) from orders
                       where seller = $1 and state not in ('released', 'canceled', 'refunded')), 0)::bigint as held,
            coalesce((select sum((data #>> '{amount,value}')::bigint) from payouts
                       where seller = $1 and state in ('initiated', 'awaiting_funds', 'filed')), 0)::bigint as "inPayout"`,
    [seller],
  );
  const { held, inPayout } = rows[0] as { held: bigint; inPayout: bigint };
  const available = await balanceOf(db, account('seller', seller), 'USD');
  const usd = (amount: bigint) => ({ amount, currency: 'USD' });
  return [{ currency: 'USD', available, held: usd(held), inPayout: usd(inPayout) }];
}
