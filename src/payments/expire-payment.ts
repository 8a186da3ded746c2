/**
 * An authorization is about to lapse, or has. What the payment says is done: it is authorized again, a few times at most, or
 * given back, so that the card's hold does not outlive the sale; after a capture in part, the rest is given back. One that
 * lapsed all the same is expired: nothing can be captured, and the instalment is due again. What a wallet has not paid in
 * time is canceled there (resume-wallet.ts).
 */
import type { Id } from '../base/ids.ts';
import { compare } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { type Decision, merge, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { endWatch } from './authorization-watch.ts';
import { cancelPayment } from './cancel-payment.ts';
import { captureNow, waitsForCapture } from './charge-card.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { followUp } from './follow-up.ts';
import { isByWallet, movePayment, type Payment, payments } from './payment.ts';
import { expireWalletPayment } from './resume-wallet.ts';
import { findPayment } from './store.ts';

const MOST_REAUTHORIZATIONS = 3;
const PAUSE_MS = 600_000;

/** Handler of EXPIRY_JOB. A renewed authorization is watched by a job of its own. */
export async function expiryJob(deps: PaymentDeps, job: Job): Promise<JobResult> {
  const payment = await findPayment(deps.journal.db, job.subject as Id<'pay'>);
  if (payment === null || payment.expiryJob !== job.id) return FINISHED;
  if (isByWallet(payment)) return expireWalletPayment(deps, payment);
  if (payment.openOperation !== null) return later('its network has not answered yet');
  const target = { marketplace: null, payment: payment.id };
  if (waitsForCapture(payment)) {
    const captured = await captureNow(deps, payment);
    return captured.ok && captured.value.kind === 'committed' && captured.value.value.state === 'captured'
      ? FINISHED
      : later('not captured yet');
  }
  if (payment.expiresAt !== null && payment.expiresAt <= deps.clock.now()) {
    const ended = await deps.journal.run(undefined, () => decideLapse(deps, payment.id));
    return ended.ok || ended.error.code === 'illegal_move' ? FINISHED : later(ended.error.code);
  }
  const result = renews(payment)
    ? await followUp(deps, undefined, { ...target, wish: { verb: 'reauthorize' } })
    : await cancelPayment(deps, undefined, target);
  if (!result.ok) return result.error.code === 'illegal_move' ? FINISHED : later(result.error.code);
  const after = await findPayment(deps.journal.db, payment.id);
  return after?.expiryJob === job.id ? later('not answered, or declined') : FINISHED;
}

const later = (reason: string): JobResult => ({ kind: 'again', afterMs: PAUSE_MS, reason });

/** An issuer that approved only part of the amount is thanked, not asked again; so is one that declined to renew. */
const renews = (payment: Payment): boolean =>
  payment.state === 'authorized' &&
  payment.onExpiry === 'reauthorize' &&
  payment.reauthorizations < MOST_REAUTHORIZATIONS &&
  payment.decline === null &&
  compare(payment.authorized, payment.amount) >= 0;

async function decideLapse(deps: PaymentDeps, id: Id<'pay'>): Promise<Result<Decision<Payment>, PaymentRefusal>> {
  const payment = (await findPayment(deps.journal.db, id)) as Payment;
  const at = deps.clock.now();
  const { changes, part: unwatched } = endWatch(payment);
  const expired = event('payment.expired', payment.id, { authorized: payment.authorized, captured: payment.captured });
  const whole = (moved: Partial<Payment>) =>
    part({ events: [expired], writes: [update(payments, payment, { ...moved, ...changes })] });
  if (payment.openOperation !== null) return refuse('operation_in_progress', 'something is being asked about it');
  switch (payment.state) {
    case 'authorized': {
      const owner = await deps.owner.paymentFailed(payment, 'expired');
      return ok({
        unit: { at, ...merge(whole(movePayment(payment, 'expired', {})), unwatched, owner) },
        value: payment,
      });
    }
    case 'part_captured': {
      const none = { ...payment.captured, amount: 0n };
      const owner = await deps.owner.paymentCaptured(payment, { amount: none, final: true });
      return ok({
        unit: { at, ...merge(whole(movePayment(payment, 'captured', {})), unwatched, owner) },
        value: payment,
      });
    }
    default:
      return refuse('illegal_move', `a payment that is ${payment.state} does not lapse`);
  }
}
