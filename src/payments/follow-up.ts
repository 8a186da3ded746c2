/**
 * What is asked of the network about an authorized payment: capture, void, increment, reverse, reauthorize. One decide, one
 * call, one settle; they differ in what may be asked when (`plan`), not in how. Checks in this order: the payment, nothing
 * open, its state, the amount.
 */
import type { Id } from '../base/ids.ts';
import { compare, type Money } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, type Decision, merge, type Outcome, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { finishOperation } from './finish-operation.ts';
import type { Operation } from './operation.ts';
import { capturable, isByWallet, type Payment, payments } from './payment.ts';
import { followUpRequest, startOperation } from './start-operation.ts';
import { findPayment } from './store.ts';

/** What the caller wants; amounts in the payment's currency. */
export type Wish =
  /** `amount`: all that is authorized when absent. `final`: what is left is given back. */
  | { readonly verb: 'capture'; readonly amount?: Money; readonly final: boolean }
  /** All of an authorization, or the rest of one that was captured in part. */
  | { readonly verb: 'cancel' }
  | { readonly verb: 'increment'; readonly amount: Money }
  | { readonly verb: 'reauthorize' };

export interface FollowUp {
  /** Whose payment it must be; null for the platform's own jobs. */
  readonly marketplace: Id<'mkt'> | null;
  readonly payment: Id<'pay'>;
  readonly wish: Wish;
}

export async function followUp(
  deps: PaymentDeps,
  command: CommandKey | undefined,
  input: FollowUp,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  return deps.inFlight.during(async (flight) => {
    const begun = await deps.journal.run(command, async () => flight.track(await decide(deps, command, input)));
    if (!begun.ok || begun.value.kind === 'repeated') return begun as Result<Outcome<Payment>, PaymentRefusal>;
    const { payment, operation } = begun.value.value;
    const answer = await flight.call(() =>
      deps.accounts.of(payment.network).acquirer.followUp(followUpRequest(operation)),
    );
    return finishOperation(deps, { payment, operation, answer, seq: begun.value.seq });
  });
}

type Begun = Decision<{ readonly payment: Payment; readonly operation: Operation }>;

async function decide(
  deps: PaymentDeps,
  command: CommandKey | undefined,
  { marketplace, payment: id, wish }: FollowUp,
): Promise<Result<Begun, PaymentRefusal>> {
  const payment = await findPayment(deps.journal.db, id);
  if (payment === null || (marketplace !== null && payment.marketplace !== marketplace))
    return refuse('not_found', 'no such payment');
  if (isByWallet(payment))
    return refuse('illegal_move', 'what a wallet pays is captured at once', {
      facts: { state: payment.state, method: 'wallet' },
    });
  if (payment.openOperation !== null)
    return refuse('operation_in_progress', 'the acquirer has not answered an earlier request about this payment');
  const planned = plan(payment, wish);
  if (!planned.ok) return planned;
  const at = deps.clock.now();
  const { operation, part: sent } = startOperation({
    payment,
    ...planned.value,
    command,
    at,
    timeoutMs: deps.acquirerTimeoutMs,
  });
  const changed: Payment = { ...payment, version: payment.version + 1, openOperation: operation.id };
  const started: UnitPart = part({
    events: [event('payment.operation_started', payment.id, { operation: operation.id, kind: operation.kind })],
    writes: [update(payments, payment, { openOperation: operation.id })],
  });
  return ok({
    unit: { at, ...merge(started, sent), open: true, answer: changed },
    value: { payment: changed, operation },
  });
}

type Plan = Pick<Operation, 'kind' | 'amount'> & { readonly part?: NonNullable<Operation['part']> };

/** Pure. */
export function plan(payment: Payment, wish: Wish): Result<Plan, PaymentRefusal> {
  switch (wish.verb) {
    case 'capture':
      return planCapture(payment, wish);
    case 'cancel':
      if (payment.state === 'authorized') return ok({ kind: 'void', amount: payment.authorized });
      // A captured amount cannot be voided; the rest of its authorization can be given back.
      return payment.state === 'part_captured'
        ? ok({ kind: 'reverse', amount: payment.captured })
        : illegal(payment, 'canceled');
    case 'increment':
      return planIncrement(payment, wish.amount);
    case 'reauthorize':
      return payment.state === 'authorized'
        ? ok({ kind: 'reauthorize', amount: payment.authorized })
        : illegal(payment, 'authorized again');
  }
}

function planCapture(
  payment: Payment,
  { amount = capturable(payment), final }: Extract<Wish, { verb: 'capture' }>,
): Result<Plan, PaymentRefusal> {
  if (payment.state !== 'authorized' && payment.state !== 'part_captured') return illegal(payment, 'captured');
  if (payment.state === 'authorized' && payment.decline !== null && payment.decline.code !== 'not_renewed')
    return refuse('illegal_move', 'it is being given back', { facts: { reason: payment.decline.code } });
  const form = checkAmount(payment, amount);
  if (!form.ok) return form;
  if (compare(amount, capturable(payment)) > 0) {
    return refuse('amount_exceeds_authorized', 'more than is left of the authorization', {
      pointer: '/amount/value',
      facts: { capturable: capturable(payment) },
    });
  }
  const sequence = payment.captures.length + 1;
  return ok({ kind: 'capture', amount, ...(sequence === 1 && final ? {} : { part: { sequence, final } }) });
}

function planIncrement(payment: Payment, amount: Money): Result<Plan, PaymentRefusal> {
  if (payment.state !== 'authorized') return illegal(payment, 'incremented');
  const form = checkAmount(payment, amount);
  if (!form.ok) return form;
  if (!payment.estimated)
    return refuse('amount_is_final', 'only a payment that was made as an estimate can be incremented');
  if (compare(amount, payment.authorized) <= 0) {
    return refuse('invalid_amount', 'the new total must be above what is authorized', {
      pointer: '/amount/value',
      facts: { authorized: payment.authorized },
    });
  }
  return ok({ kind: 'increment', amount });
}

function checkAmount({ amount: { currency } }: Payment, amount: Money): Result<Money, PaymentRefusal> {
  if (amount.currency !== currency)
    return refuse('invalid_amount', `must be in ${currency}`, { pointer: '/amount/currency' });
  return amount.amount > 0n ? ok(amount) : refuse('invalid_amount', 'must be above zero', { pointer: '/amount/value' });
}

const illegal = ({ state }: Payment, verb: string): Result<never, PaymentRefusal> =>
  refuse('illegal_move', `a payment that is ${state} cannot be ${verb}`, { facts: { state } });
