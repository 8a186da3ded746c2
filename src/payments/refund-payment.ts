/**
 * Refunding a captured payment, in full or in part, to the card or the wallet it came from; to a wallet at the payment's rate. The money is locked in `refund:` when we
 * decide, so a release or a second refund in between meets the floor; it leaves the network's account when the network
 * says so. Checks in this order: the payment, nothing open, the amount, then what the order says.
 */
import { type Id, newId } from '../base/ids.ts';
import { add, compare, type Money, subtract } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, type Decision, insert, merge, type Outcome, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { askBack, askInTime } from './ask-wallet.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import type { Flight } from './in-flight.ts';
import type { Operation } from './operation.ts';
import {
  type Capture,
  captureFor,
  isByWallet,
  type Payment,
  payments,
  type Refund,
  type RefundSource,
  refundable,
  refunds,
  withReturned,
} from './payment.ts';
import { sourcesOf } from './refund-source.ts';
import { type NetworkWord, settleOperation } from './settle-operation.ts';
import { followUpRequest, startOperation } from './start-operation.ts';
import { findPayment, findRefund } from './store.ts';
import { walletById } from './wallet-access.ts';
import { payBackOf } from './wallet-outcome.ts';

export interface RefundPayment {
  readonly marketplace: Id<'mkt'>;
  readonly payment: Id<'pay'>;
  readonly amount: Money;
  readonly reason: string;
  /** Of a released order: who gives it back. The two sum to the amount. */
  readonly from?: RefundSource | null;
  /** The open case of the order that this refund settles; any other open case forbids it. */
  readonly settles?: Id<'dsp'> | null;
}

/** The refund as far as it is known: confirmed, rejected, or initiated while the acquirer is being asked. */
export async function refundPayment(
  deps: PaymentDeps,
  command: CommandKey,
  input: RefundPayment,
): Promise<Result<Outcome<Refund>, PaymentRefusal>> {
  return deps.inFlight.during(async (flight) => {
    const begun = await deps.journal.run(command, async () => flight.track(await decide(deps, command, input)));
    if (!begun.ok || begun.value.kind === 'repeated') return begun as Result<Outcome<Refund>, PaymentRefusal>;
    const { payment, refund, operation } = begun.value.value;
    const word = await askNetwork(deps, flight, payment, operation);
    const settled = await settleOperation(deps, { operation: operation.id, ...word });
    if (!settled.ok && settled.error.code !== 'operation_closed') return settled;
    const current = (await findRefund(deps.journal.db, refund.id)) as Refund;
    return ok({ kind: 'committed', value: current, seq: begun.value.seq });
  });
}

async function askNetwork(
  deps: PaymentDeps,
  flight: Flight,
  payment: Payment,
  operation: Operation,
): Promise<Pick<NetworkWord, 'answer' | 'learned'>> {
  if (isByWallet(payment)) {
    const wallet = await walletById(deps.journal.db, payment.wallet.participant);
    return askInTime(flight, () => askBack(deps, { wallet, payment, operation }));
  }
  const { acquirer } = deps.accounts.of(operation.network);
  return { answer: await flight.call(() => acquirer.followUp(followUpRequest(operation))) };
}

type Begun = Decision<{ readonly payment: Payment; readonly refund: Refund; readonly operation: Operation }>;

async function decide(
  deps: PaymentDeps,
  command: CommandKey,
  { marketplace, payment: id, amount, reason, from: source = null, settles = null }: RefundPayment,
): Promise<Result<Begun, PaymentRefusal>> {
  const payment = await findPayment(deps.journal.db, id);
  if (payment === null || payment.marketplace !== marketplace) return refuse('not_found', 'no such payment');
  const from = checkRefund(payment, amount);
  if (!from.ok) return from;
  const capture = from.value;
  const moved = isByWallet(payment) ? payBackOf(payment, amount) : null;
  if (moved?.amount === 0n)
    return refuse('invalid_amount', `comes to nothing in ${moved.currency}`, { pointer: '/amount/value' });
  const refund: Refund = {
    id: newId('ref'),
    version: 0,
    state: 'initiated',
    marketplace,
    order: payment.order,
    payment: payment.id,
    amount,
    capture: capture.networkId,
    reason,
    from: source === null ? null : { ...source, party: payment.seller },
    createdAt: deps.clock.now(),
  };
  const owner = await deps.owner.startRefund(payment, refund, { source, settles });
  if (!owner.ok) return owner;
  const at = refund.createdAt;
  const { operation, part: sent } = startOperation({
    payment,
    kind: 'refund',
    amount,
    refund: refund.id,
    ...(payment.captures.length > 1 ? { networkCaptureId: capture.networkId } : {}),
    ...(moved === null ? {} : { moved }),
    command,
    at,
    timeoutMs: deps.acquirerTimeoutMs,
  });
  const locked = part({
    events: [
      event('refund.initiated', refund.id, { payment: payment.id, ...sourcesOf(refund) }),
      event('payment.refund_started', payment.id, { refund: refund.id, amount }),
    ],
    writes: [
      insert(refunds, refund),
      update(payments, payment, {
        openOperation: operation.id,
        refunding: add(payment.refunding, amount),
        captures: withReturned(payment, capture.networkId, amount),
      }),
    ],
  });
  const unit = { at, ...merge(locked, sent, owner.value), open: true, answer: { ...refund, version: 1 } };
  return ok({ unit, value: { payment, refund, operation } });
}

/** The capture it comes out of, or why it cannot be given back. */
function checkRefund(payment: Payment, amount: Money): Result<Capture, PaymentRefusal> {
  if (payment.openOperation !== null)
    return refuse('operation_in_progress', 'the acquirer has not answered an earlier request about this payment');
  if (payment.state !== 'captured' && payment.state !== 'part_captured')
    return refuse('illegal_move', `a payment that is ${payment.state} cannot be refunded`, {
      facts: { state: payment.state },
    });
  if (amount.currency !== payment.amount.currency) {
    return refuse('invalid_amount', `must be in ${payment.amount.currency}`, { pointer: '/amount/currency' });
  }
  if (amount.amount <= 0n) return refuse('invalid_amount', 'must be above zero', { pointer: '/amount/value' });
  if (compare(amount, refundable(payment)) > 0) {
    return refuse('amount_exceeds_refundable', 'more than is left to refund', {
      pointer: '/amount/value',
      facts: { refundable: refundable(payment) },
    });
  }
  const capture = captureFor(payment, amount);
  if (capture !== null) return ok(capture);
  return refuse('amount_exceeds_capture', 'no single capture has that much left; refund in parts', {
    pointer: '/amount/value',
    facts: { captures: payment.captures.map((each) => subtract(each.amount, each.returned)) },
  });
}
