/**
 * The first money operation of a payment: authorize, or a sale when it is to be captured at once. A marketplace that gives
 * mismatches back authorizes first and captures when the checks are seen, so that nobody is charged and refunded.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import type { Result } from '../base/result.ts';
import type { BillingAddress, PayRequest } from '../connectors/ports/card-acquirer.ts';
import type { Outcome, UnitPart } from '../journal/index.ts';
import { looksBeforeCapture } from './card-rules.ts';
import { cardOwnerOf, storedOf } from './credential.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { finishOperation } from './finish-operation.ts';
import { followUp } from './follow-up.ts';
import type { Flight } from './in-flight.ts';
import type { Operation } from './operation.ts';
import { cardOf, type Payment } from './payment.ts';
import type { AsStarted, PayableFacts } from './ports.ts';
import { startOperation } from './start-operation.ts';
import { findOperation } from './store.ts';

export function firstOperation(
  deps: PaymentDeps,
  payment: Payment,
  command: { readonly client: string; readonly key: string } | undefined,
  at: Instant,
): { readonly operation: Operation; readonly part: UnitPart } {
  const once = payment.capture === 'automatic' && !looksBeforeCapture(payment.rules);
  const kind = once ? 'sale' : 'authorize';
  const { amount } = payment;
  return startOperation({ payment, kind, amount, command, at, timeoutMs: deps.acquirerTimeoutMs });
}

interface Charge {
  readonly payment: Payment;
  readonly operation: Operation;
  readonly seq: bigint;
  /** What is paid, if the caller has it; otherwise its owner is asked. */
  readonly facts?: PayableFacts;
  /** Of a payment that the caller has started. */
  readonly owner?: AsStarted;
  /** The cardholder's browser is known: an issuer that wants an authentication can have one. */
  readonly cardholder?: boolean;
  /** Sent and not kept: what becomes of the charge is asked by its reference. */
  readonly billingAddress?: BillingAddress | null | undefined;
}

/**
 * Asks the acquirer and settles its answer; asks the next route's after a soft decline; captures what was authorized only to
 * look at the checks. A payment that comes back `authenticating` waits for its cardholder.
 */
export async function chargeCard(
  deps: PaymentDeps,
  flight: Flight,
  { payment, operation, seq, facts, owner, cardholder = false, billingAddress = null }: Charge,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  const payable = facts ?? (await deps.owner.describe(payment));
  const { acquirer } = deps.accounts.of(payment.network);
  const answer = await flight.call(() => acquirer.pay(payRequest(payment, operation, payable, billingAddress)));
  // A second try is work of its own: it must be as fresh when it calls as the first was.
  return deps.inFlight.during(async (second) => {
    const note = (next: Id<'opn'>): void => {
      flight.note(next);
      second.note(next);
    };
    const waiting = { note, cardholder, billingAddress };
    const begun = { payment, operation, ...(owner === undefined ? {} : { owner }) };
    const finished = await finishOperation(deps, { ...begun, answer, seq, waiting });
    if (!finished.ok || finished.value.kind === 'repeated') return finished;
    const { value: after } = finished.value;
    if (waitsForCapture(after)) {
      const captured = await captureNow(deps, after);
      return captured.ok ? captured : finished; // the job of the authorization captures it
    }
    const open = after.state === 'pending' ? after.openOperation : null;
    if (open === null || open === operation.id) return finished;
    const next = (await findOperation(deps.journal.db, open)) as Operation;
    const again = { payment: after, operation: next, seq: finished.value.seq, facts: payable, billingAddress };
    return chargeCard(deps, second, again);
  });
}

/** Authorized only to see the checks, and they are fine. */
export const waitsForCapture = (payment: Payment): boolean =>
  payment.state === 'authorized' &&
  payment.capture === 'automatic' &&
  payment.decline === null &&
  payment.openOperation === null;

export const captureNow = (deps: PaymentDeps, payment: Payment): Promise<Result<Outcome<Payment>, PaymentRefusal>> =>
  followUp(deps, undefined, { marketplace: null, payment: payment.id, wish: { verb: 'capture', final: true } });

const payRequest = (
  payment: Payment,
  operation: Operation,
  payable: PayableFacts,
  billingAddress: BillingAddress | null,
): PayRequest => ({
  kind: operation.kind === 'sale' ? 'sale' : 'authorize',
  reference: operation.reference,
  use: payment.id,
  amount: operation.amount,
  cardToken: cardOf(payment).token,
  softMerchant: payable.softMerchant,
  orderNumber: payable.orderNumber,
  statementDescriptor: payable.statementDescriptor,
  amountIsFinal: !payment.estimated,
  ...storedOf(payment),
  ...cardOwnerOf(payment),
  ...(billingAddress === null ? {} : { billingAddress }),
  ...(payment.authentication?.proof ? { authentication: payment.authentication.proof } : {}),
  ...(payment.exemption === null ? {} : { exemption: payment.exemption }),
});
