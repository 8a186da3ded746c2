/** Whose money a refund is: what an order still holds, or what its seller and the marketplace were given at the release. */
import { zero } from '../base/money.ts';
import type { Refund } from './payment.ts';

/** Where a refund is locked from, and where it goes back to when the network refuses it. */
export function sourcesOf({ id, order, marketplace, amount, from }: Refund) {
  if (from === null) return { refund: id, order, fromHeld: amount };
  const { party: seller, seller: fromSeller, marketplace: fromMarketplace } = from;
  return { refund: id, order, fromHeld: zero(amount.currency), seller, fromSeller, marketplace, fromMarketplace };
}
