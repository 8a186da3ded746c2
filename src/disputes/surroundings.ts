/** What a decision about a dispute's money reads beside the case: payment, order, the order's other disputes, the purse. */
import { AssertionFailure } from '../base/assert.ts';
import { sum, zero } from '../base/money.ts';
import { account, balancesOf } from '../ledger/index.ts';
import { findSeller, type Seller } from '../parties/index.ts';
import { findPayment, type Payment } from '../payments/index.ts';
import { unfiledPayoutsOf } from '../payouts/index.ts';
import { findOrder, heldOf, type Order, releasedOf } from '../protection/index.ts';
import type { Case } from './case.ts';
import { limitOf } from './cover.ts';
import type { DisputeDeps } from './deps.ts';
import type { Surroundings } from './step.ts';
import { disputesOf } from './store.ts';

export interface Loaded extends Surroundings {
  readonly payment: Payment;
  readonly order: Order;
  readonly seller: Seller;
  /** Of the same order, without the one that is decided. */
  readonly others: readonly Case[];
}

/**
 * `bare`: the seller's accounts are left out, so that what cannot be frozen becomes debt. It is the last resort when they
 * keep changing while it is decided: what happened outside is recorded in any case.
 */
export async function loadSurroundings(
  deps: DisputeDeps,
  about: { readonly payment: Payment['id']; readonly claim: string },
  bare: boolean,
): Promise<Loaded> {
  const { db } = deps.journal;
  const payment = await findPayment(db, about.payment);
  const order = payment === null ? null : await findOrder(db, payment.order);
  const owner = order === null ? null : await findSeller(db, order.seller);
  if (payment === null || order === null || owner === null)
    throw new AssertionFailure(`payment ${about.payment}, its order or its seller is missing`);
  const { currency } = payment.captured;
  const [all, balances, payouts] = await Promise.all([
    disputesOf(db, order.id),
    balancesOf(db, [account('reserve', order.seller), account('seller', order.seller)], currency),
    unfiledPayoutsOf(db, order.seller),
  ]);
  const others = all.filter(({ claim, network }) => claim !== about.claim || network !== deps.network);
  const samePayment = others.filter((other) => other.payment === payment.id);
  const none = zero(currency);
  const [reserve = none, seller = none] = bare ? [] : balances;
  return {
    at: deps.clock.now(),
    limit: limitOf(
      payment.captured,
      samePayment.map(({ cover }) => cover),
    ),
    purse: { held: heldOf(order), reserve, seller, payouts: bare ? [] : payouts },
    feePlan: order.feePlan,
    released: releasedOf(order),
    lostBefore: sum(
      others.map(({ lostOfReleased }) => lostOfReleased),
      currency,
    ),
    payment,
    order,
    seller: owner,
    others,
  };
}
