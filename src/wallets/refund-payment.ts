/**
 * A refund, in whole or in part, at the payment's own rate. Decided with its shares and kept in one unit with the job that asks on; then
 * the wallet is asked, and asked again under the same reference until its word is known. Money goes back in the books with
 * that word.
 *
 * Checks, the first wins: whether it was paid, canceled, the window, the currency, the amount; together refunds never
 * exceed the payment, for each changes the payment's row. A refusal leaves the request id free; a wallet's refusal does not.
 */
import { addMs, type Instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { add, compare, isPositive, type Money, subtract } from '../base/money.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { WalletRefundAnswer } from '../connectors/ports/wallet.ts';
import { payableStep } from '../fx/index.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import { commandKey, type Decision, deadline, insert, merge, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { mintReference } from '../payments/index.ts';
import { partiesOf } from './ask-wallet.ts';
import type { HubDeps } from './deps.ts';
import type { HubRefusal } from './errors.ts';
import { HUB_REFUND_MOVES, type HubPayment, type HubRefund, hubPayments, hubRefunds } from './hub-payment.ts';
import { refundShares } from './refund-shares.ts';
import { sidesOf } from './settle-payment.ts';
import { findHubRefund, hubRefundsOf, loadHubPayment, loadHubRefund } from './store.ts';
import { HUB_REFUND_JOB, pauseMs, REFUND_WINDOW_MS } from './wait-times.ts';

export interface RefundHubPayment {
  readonly payment: HubPayment;
  /** The acquirer's `refundRequestId`. */
  readonly requestId: string;
  /** In the currency of the shop. */
  readonly amount: Money;
  readonly reason: string;
}

/** The refund as it stands once the wallet has answered, or has not; a repeat finds what it has become. */
export async function refundHubPayment(deps: HubDeps, input: RefundHubPayment): Promise<Result<HubRefund, HubRefusal>> {
  const { payment, requestId, amount } = input;
  const command = commandKey(payment.acquirer, `refund ${requestId}`, 'hub_refund', { payment: payment.id, amount });
  const sent = await deps.journal.run(command, () => decide(deps, input));
  if (!sent.ok) return sent;
  const name = { acquirer: payment.acquirer, requestId };
  const refund = (await findHubRefund(deps.journal.db, name)) as HubRefund;
  if (sent.value.kind === 'repeated' || refund.state !== 'sent') return ok(refund);
  return ok(await settleRefund(deps, refund.id, await askWallet(deps, refund)));
}

async function decide(deps: HubDeps, input: RefundHubPayment): Promise<Result<Decision<null>, HubRefusal>> {
  const { db } = deps.journal;
  const payment = (await loadHubPayment(db, input.payment.id)) as HubPayment;
  const at = deps.clock.now();
  const obstacle = obstacleTo(payment, input.amount, at);
  if (obstacle !== null) return { ok: false, error: obstacle };
  const others = (await hubRefundsOf(db, payment.id)).filter(({ state }) => state !== 'refused');
  const { requestId, amount, reason } = input;
  const id = newId('hrf');
  const look = deadline(HUB_REFUND_JOB, id, addMs(at, pauseMs(0)));
  const refund: HubRefund = {
    ...{ id, version: 0, state: 'sent', payment: payment.id, acquirer: payment.acquirer, requestId },
    ...{ reference: mintReference(), amount, ...refundShares(payment, others, amount), reason },
    ...{ walletRefundId: null, refundedAt: null, failure: null, waitJob: look.id, inquiries: 0 },
    createdAt: at,
  };
  const { payBack, reference } = refund;
  const own = part({
    events: [
      event('hub_refund.sent', id, { payment: payment.id, amount, payBack, reference }),
      event('hub_payment.refund_started', payment.id, { refund: id, amount }),
    ],
    writes: [insert(hubRefunds, refund), update(hubPayments, payment, { refunding: add(payment.refunding, amount) })],
    jobs: [look],
  });
  return ok({ unit: { at, ...own, answer: { id } }, value: null });
}

function obstacleTo(payment: HubPayment, amount: Money, at: Instant): HubRefusal | null {
  if (payment.state === 'canceling' || payment.state === 'canceled')
    return { code: 'payment_canceled', detail: 'the payment was canceled' };
  if (payment.state !== 'paid' || payment.paidAt === null)
    return { code: 'not_paid', detail: `a payment that is ${payment.state} cannot be refunded` };
  if (at > addMs(payment.paidAt, REFUND_WINDOW_MS))
    return { code: 'refund_window_over', detail: 'a payment can be refunded for 366 days' };
  if (amount.currency !== payment.amount.currency)
    return { code: 'refund_currency', detail: `it was paid in ${payment.amount.currency}` };
  if (!isPositive(amount) || amount.amount % payableStep(amount.currency) !== 0n)
    return {
      code: 'invalid_amount',
      detail: 'must be above zero, in units that can be paid',
      pointer: '/refundAmount/value',
    };
  const left = subtract(payment.amount, add(payment.refunded, payment.refunding));
  return compare(amount, left) > 0
    ? { code: 'amount_exceeds_refundable', detail: 'more than is left of the payment', facts: { left } }
    : null;
}

async function askWallet(deps: HubDeps, refund: HubRefund): Promise<WalletRefundAnswer> {
  const payment = (await loadHubPayment(deps.journal.db, refund.payment)) as HubPayment;
  const { target } = await partiesOf(deps, payment);
  const { reference, amount, payBack, reason } = refund;
  return deps.wallets.refund(target, { paymentReference: payment.reference, reference, amount, payBack, reason });
}

/** The word of the wallet, applied once; without one nothing changes. */
async function settleRefund(deps: HubDeps, id: HubRefund['id'], word: WalletRefundAnswer): Promise<HubRefund> {
  const { db } = deps.journal;
  if (word.outcome !== 'unknown')
    await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, Refusal<'over'>>> => {
      const refund = (await loadHubRefund(db, id)) as HubRefund;
      if (refund.state !== 'sent') return refuse('over', 'its word is known');
      const payment = (await loadHubPayment(db, refund.payment)) as HubPayment;
      const at = deps.clock.now();
      return ok({ unit: { at, ...(await ending(deps, { refund, payment }, word, at)) }, value: null });
    });
  return (await loadHubRefund(db, id)) as HubRefund;
}

interface Rows {
  readonly refund: HubRefund;
  readonly payment: HubPayment;
}

async function ending(
  deps: HubDeps,
  { refund, payment }: Rows,
  word: Exclude<WalletRefundAnswer, { readonly outcome: 'unknown' }>,
  at: Instant,
): Promise<UnitPart> {
  const { id, amount, payBack, settled, margin, discounts } = refund;
  const outcome = word.outcome === 'approved' ? 'refunded' : 'refused';
  assertMove(HUB_REFUND_MOVES, `hub refund ${id}`, refund.state, outcome);
  const refunding = subtract(payment.refunding, amount);
  const refunded = outcome === 'refunded' ? add(payment.refunded, amount) : payment.refunded;
  const facts: Partial<HubRefund> =
    word.outcome === 'approved'
      ? { walletRefundId: word.walletRefundId, refundedAt: timeOf(word.refundedAt, refund, at) }
      : { failure: { code: word.code, message: word.message } };
  const said =
    word.outcome === 'approved'
      ? event('hub.refunded', id, { ...sidesOf(payment), refund: id, payBack, settled, margin })
      : event('hub_refund.refused', id, { code: word.code });
  const own = part({
    events: [said, event('hub_payment.refund_ended', payment.id, { refund: id, amount, outcome })],
    writes: [
      update(hubRefunds, refund, { state: outcome, ...facts, waitJob: null }),
      update(hubPayments, payment, { refunding, refunded }),
    ],
    withdraws: refund.waitJob === null ? [] : [refund.waitJob],
  });
  return outcome === 'refunded' ? merge(own, await deps.discounts.returning(payment, discounts)) : own;
}

/** The wallet's own time; but not before it was asked, nor yet to come. */
const timeOf = (said: Instant, { createdAt }: HubRefund, at: Instant): Instant =>
  said < createdAt ? createdAt : said > at ? at : said;

/** Handler of HUB_REFUND_JOB: the same refund again, under its reference. */
export async function hubRefundJob(deps: HubDeps, job: Job): Promise<JobResult> {
  const { db } = deps.journal;
  const refund = await loadHubRefund(db, job.subject as HubRefund['id']);
  if (refund === null || refund.waitJob !== job.id) return FINISHED;
  const settled = await settleRefund(deps, refund.id, await askWallet(deps, refund));
  if (settled.state !== 'sent') return FINISHED;
  const again = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, Refusal<'over'>>> => {
    const sent = (await loadHubRefund(db, refund.id)) as HubRefund;
    if (sent.waitJob !== job.id) return refuse('over', 'its word is known');
    const at = deps.clock.now();
    const inquiries = sent.inquiries + 1;
    const look = deadline(HUB_REFUND_JOB, sent.id, addMs(at, pauseMs(inquiries)));
    const own = part({
      events: [event('hub_refund.asked_again', sent.id, { rung: inquiries })],
      writes: [update(hubRefunds, sent, { inquiries, waitJob: look.id })],
      jobs: [look],
    });
    return ok({ unit: { at, ...own, done: { job: job.id, lease: job.lease } }, value: null });
  });
  if (again.ok) return COMMITTED;
  return again.error.code === 'over' ? FINISHED : { kind: 'again', afterMs: pauseMs(0), reason: again.error.detail };
}
