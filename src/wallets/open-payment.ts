/**
 * The beginning of a payment, and its offer to a wallet; pure. Opened, it is known and waits for somebody to
 * scan; offered, its wallet and its price are fixed. Both happen in one unit where the wallet is known from the start.
 */
import type { Instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { zero } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import { absent, insert, type NewJob, part, type UnitPart, update } from '../journal/index.ts';
import { event, type NewEvent } from '../ledger/index.ts';
import { mintReference } from '../payments/index.ts';
import { HUB_PAYMENT_MOVES, type HubPayment, hubPayments } from './hub-payment.ts';
import type { Route } from './route-payment.ts';
import { expiryOf, nextLook } from './wait-times.ts';

export interface Opening
  extends Pick<
    HubPayment,
    | 'acquirer'
    | 'requestId'
    | 'scenario'
    | 'shop'
    | 'orderReference'
    | 'description'
    | 'amount'
    | 'settlementCurrency'
    | 'redirectUrl'
    | 'notifyUrl'
  > {
  /** What was asked for; null for as long as is allowed. */
  readonly expiresAt: Instant | null;
}

/** As it stands before a wallet is known. */
export function openedPayment(opening: Opening, at: Instant): HubPayment {
  const { amount, scenario } = opening;
  return {
    ...{ id: newId('hpy'), version: 0, state: 'waiting', ...opening },
    expiresAt: expiryOf(scenario, opening.expiresAt, at),
    ...{ wallet: null, walletAccount: null, customerId: null, price: null, discounts: [] },
    ...{
      reference: mintReference(),
      walletPaymentId: null,
      payUrl: null,
      code: null,
      push: null,
      inquiries: 0,
      waitJob: null,
    },
    ...{ failure: null, cancelableUntil: null, paidAt: null, endedAt: null },
    ...{ refunded: zero(amount.currency), refunding: zero(amount.currency), createdAt: at },
  };
}

/** The payment with its wallet and its price. */
export function offeredPayment(payment: HubPayment, route: Route, customerId: string | null): HubPayment {
  assertMove(HUB_PAYMENT_MOVES, `hub payment ${payment.id}`, payment.state, 'in_process');
  const { wallet, price, discounts } = route;
  const { id, wallet: role } = wallet;
  return { ...payment, state: 'in_process', wallet: id, walletAccount: role.account, customerId, price, discounts };
}

/** The part that opens it; offered at once where the wallet is known. */
export function opening(payment: HubPayment, at: Instant): UnitPart {
  const { id, acquirer, requestId, amount, scenario } = payment;
  const look = nextLook(payment, at);
  const opened = event('hub_payment.opened', id, { acquirer, requestId, amount, scenario });
  return part({
    events: [opened, ...offers(payment)],
    writes: [insert(hubPayments, { ...payment, waitJob: look.id })],
    guards: [absent(hubPayments, 'request_key', `${acquirer}:${requestId}`)],
    jobs: [look],
  });
}

/** The part that offers one that was open before. */
export function offering(before: HubPayment, payment: HubPayment, at: Instant): UnitPart {
  const look: NewJob = nextLook(payment, at);
  return part({
    events: offers(payment),
    writes: [update(hubPayments, before, { ...payment, waitJob: look.id })],
    jobs: [look],
    withdraws: before.waitJob === null ? [] : [before.waitJob],
  });
}

const offers = ({ id, wallet, price, reference }: HubPayment): readonly NewEvent[] =>
  wallet === null || price === null
    ? []
    : [event('hub_payment.offered', id, { wallet, payTo: price.payTo, settlement: price.settlement, reference })];
