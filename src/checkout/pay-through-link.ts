/**
 * The buyer pays, and goes on after the issuer's challenge. The page says which attempt it means: one that has begun is
 * answered with what became of it, whatever card or wallet comes with it, so that no second tab, double click or repeated request
 * charges twice. Checks in this order: the token, a repeat, where the checkout stands, the number of the attempt; then
 * those of every payment.
 */
import { ok, type Result, refuse } from '../base/result.ts';
import { type Cardholder, continuePayment, isByWallet, payByWallet, payInstalment } from '../payments/index.ts';
import { attemptKey } from './attempts.ts';
import type { CheckoutDeps } from './deps.ts';
import type { CheckoutRefusal } from './errors.ts';
import { type Checkout, openCheckout } from './open-checkout.ts';
import type { Standing } from './standing.ts';

export interface PayThroughLink {
  /** The link's. */
  readonly token: string;
  /** From 1; the page was told it. */
  readonly attempt: number;
  readonly with:
    | { /** Card token of the vault. */ readonly card: string; readonly cardholder: Cardholder }
    /** A wallet's short name; and where it sends the buyer back to. */
    | { readonly wallet: string; readonly returnUrl: string };
}

type Done = Promise<Result<Checkout, CheckoutRefusal>>;

/** The checkout after the attempt: paid, declined, at the issuer, or still without an answer. */
export async function payThroughLink(deps: CheckoutDeps, input: PayThroughLink): Done {
  const checkout = await openCheckout(deps, input.token);
  if (checkout === null) return UNKNOWN;
  const { attempts, standing } = checkout;
  if (input.attempt <= attempts.length) return ok(checkout);
  if (standing !== 'ready') return { ok: false, error: REFUSALS[standing] };
  if (input.attempt !== nextAttempt(checkout))
    return refuse('conflict', 'this is not the number of the next attempt', { pointer: '/attempt' });
  const paid = await payWith(deps, checkout, input);
  if (!paid.ok) return paid;
  return reopen(deps, input.token);
}

function payWith({ payments }: CheckoutDeps, { link }: Checkout, { attempt, with: method }: PayThroughLink) {
  const { marketplace, order, instalment } = link;
  const [key, paying] = [attemptKey(link, attempt), { marketplace, order, instalment }];
  if ('wallet' in method) {
    const { wallet, returnUrl } = method;
    return payByWallet(payments, key, { ...paying, wallet, payer: { kind: 'cashier' }, returnUrl });
  }
  const { card: token, cardholder } = method;
  return payInstalment(payments, key, { ...paying, token, capture: 'automatic', cardholder });
}

/** The buyer is back from the issuer or the wallet. Does nothing when nothing waits for that. */
export async function continueCheckout(deps: CheckoutDeps, token: string): Done {
  const checkout = await openCheckout(deps, token);
  if (checkout === null) return UNKNOWN;
  const last = checkout.attempts.at(-1);
  const waits = last?.state === 'authenticating' || (last?.state === 'pending' && isByWallet(last));
  if (last === undefined || !waits) return ok(checkout);
  const went = await continuePayment(deps.payments, { marketplace: last.marketplace, payment: last.id });
  return went.ok ? reopen(deps, token) : went;
}

/** The number an attempt made now would have. */
export const nextAttempt = ({ attempts }: Checkout): number => attempts.length + 1;

async function reopen(deps: CheckoutDeps, token: string): Done {
  const checkout = await openCheckout(deps, token);
  return checkout === null ? UNKNOWN : ok(checkout);
}

const UNKNOWN = refuse('not_found', 'no such link');

const REFUSALS: { readonly [At in Exclude<Standing, 'ready'>]: CheckoutRefusal } = {
  challenge: { code: 'payment_in_progress', detail: 'the issuer waits for the cardholder' },
  at_wallet: { code: 'payment_in_progress', detail: 'the wallet waits for its user' },
  checking: { code: 'payment_in_progress', detail: 'a payment is being processed; do not pay again' },
  paid: { code: 'instalment_paid', detail: 'this instalment is paid already' },
  already_paid: { code: 'instalment_paid', detail: 'this instalment is paid already' },
  revoked: { code: 'link_revoked', detail: 'the marketplace has taken this link back' },
  expired: { code: 'link_expired', detail: 'this link has ended; ask the marketplace for another' },
  closed: { code: 'illegal_move', detail: 'the order is closed' },
  not_due: { code: 'instalment_not_due', detail: 'another instalment is due first' },
  exhausted: { code: 'too_many_attempts', detail: 'this link has no attempts left; ask the marketplace for another' },
};
