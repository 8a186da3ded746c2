/**
 * What a decline leaves to try under the same payment, once, while the buyer waits: the next route after a soft decline, or
 * the cardholder after an issuer that asks for one. A hard decline is the end; so is one without a class, and whatever is
 * learned later by inquiry, for the buyer may be gone.
 */
import { addMs, type Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { AcquirerAnswer, BillingAddress } from '../connectors/ports/card-acquirer.ts';
import { merge, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { ASKED } from './authentication.ts';
import type { PaymentDeps } from './deps.ts';
import type { Operation } from './operation.ts';
import { cardOf, movePayment, type Payment, payments, type Try } from './payment.ts';
import { brokenLimit, LOOK_BACK_HOURS } from './retry-limits.ts';
import type { Settled } from './settled.ts';
import { startOperation } from './start-operation.ts';
import { declinesOfCard } from './store.ts';

export type Decline = Extract<AcquirerAnswer, { outcome: 'declined' }>;

/** Who waits for the answer, and can be asked for more. */
export interface Waiting {
  /** Notes an operation that starts now as one of this process. */
  note(operation: Id<'opn'>): void;
  /** The cardholder's browser is known. */
  readonly cardholder: boolean;
  /** Kept while the cardholder is asked, for the charge that follows. */
  readonly billingAddress: BillingAddress | null;
}

export type SecondTry = { readonly kind: 'route'; readonly network: Id<'net'> } | { readonly kind: 'authenticate' };

/** Pure, but for the limits of the scheme (isWithinLimits). */
export function planSecondTry(payment: Payment, answer: Decline, waiting: Waiting): SecondTry | null {
  if (payment.tries.length > 0) return null;
  if (answer.class === 'authenticate')
    return payment.authentication === null && waiting.cardholder ? { kind: 'authenticate' } : null;
  const next = payment.routes.find((route) => route !== payment.network);
  return answer.class === 'soft' && next !== undefined ? { kind: 'route', network: next } : null;
}

/** The second try, begun in the unit that records the first answer; null when this decline is final. */
export async function trySecond(
  deps: PaymentDeps,
  { payment, operation, answer, waiting }: Declining & { readonly waiting: Waiting },
): Promise<Settled | null> {
  const plan = planSecondTry(payment, answer, waiting);
  if (plan === null) return null;
  const at = deps.clock.now();
  if (plan.kind === 'route' && !(await isWithinLimits(deps, payment, at))) return null;
  const tried: Try = { network: payment.network, code: answer.code, class: answer.class ?? null, at };
  const changes: Partial<Payment> =
    plan.kind === 'route'
      ? { network: plan.network, tries: [tried] }
      : movePayment(payment, 'authenticating', {
          authentication: ASKED,
          tries: [tried],
          billingAddress: waiting.billingAddress,
        });
  const started = startOperation({
    payment: { ...payment, ...changes },
    kind: plan.kind === 'route' ? operation.kind : 'authenticate',
    amount: operation.amount,
    command: operation.command ?? undefined,
    at,
    timeoutMs: deps.acquirerTimeoutMs,
  });
  waiting.note(started.operation.id);
  const next = { ...changes, openOperation: started.operation.id };
  const again = event('payment.tried_again', payment.id, {
    code: answer.code,
    by: plan.kind,
    network: started.operation.network,
  });
  const own: UnitPart = part({ events: [again], writes: [update(payments, payment, next)] });
  return {
    payment: { ...payment, ...next, version: payment.version + 1 },
    part: merge(own, started.part),
    final: false,
  };
}

interface Declining {
  readonly payment: Payment;
  readonly operation: Operation;
  readonly answer: Decline;
}

/** Of the scheme: how often this card, as far as this marketplace knows it, was declined of late. */
async function isWithinLimits(deps: PaymentDeps, payment: Payment, at: Instant): Promise<boolean> {
  const { marketplace, amount } = payment;
  const card = cardOf(payment);
  if (card.fingerprint === null) return true;
  const declines = await declinesOfCard(deps.journal.db, {
    marketplace,
    fingerprint: card.fingerprint,
    since: addMs(at, -LOOK_BACK_HOURS * 3_600_000),
  });
  // The decline at hand is not in there yet.
  return brokenLimit(card, [...declines, { amount, at }], { amount, at }) === null;
}
