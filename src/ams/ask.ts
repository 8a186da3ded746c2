/**
 * Captures, refunds and cancels: remember the client's request id, then ask the core under the row's own key. A refusal that
 * will not pass ends the request id with it; one that will leaves it open for the repeat. What came of it is the operation's
 * word (standing.ts).
 * Checks in this order: the request id, the payment, whether it has anything to act on; then the core's own.
 */
import { type Instant, instant, MS_PER_DAY, msOf } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { compare, type Money } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { revokeCheckoutLink } from '../checkout/index.ts';
import { commandKey, type Decision, insert, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import {
  cancelPayment,
  cancelWalletPayment,
  capturable,
  capturePayment,
  isByWallet,
  type Payment,
  type RefundSource,
  refundPayment,
  type WalletPayment,
} from '../payments/index.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsRefusal } from './errors.ts';
import { askKey } from './keys.ts';
import { endInstead, endPayment } from './pay.ts';
import { type AmsClient, type AmsPayment, type AmsRequest, amsRequests } from './rows.ts';
import { isGivenUp, type Standing, standingOf } from './standing.ts';
import { findRequest, loadRequest } from './store.ts';

export interface Ask {
  readonly client: AmsClient;
  readonly requestId: string;
  readonly amsPayment: AmsPayment;
  readonly amount: Money;
  readonly notifyUrl?: string | null;
  /** Of a refund: who gives back what was settled. */
  readonly from?: RefundSource | null;
}

type Asked = Promise<Result<AmsRequest, AmsRefusal>>;

/** `final`: what is left is given back; by default when nothing is left. */
export function captureThroughAms(deps: AmsDeps, ask: Ask & { readonly final: boolean | null }): Asked {
  return askFor(deps, 'capture', ask, ({ status, payment }) => {
    if (payment === null || status === 'FAIL' || status === 'PROCESSING')
      return refuse('illegal_move', 'nothing is authorized');
    const all = ask.amount.currency === payment.amount.currency && compare(ask.amount, capturable(payment)) >= 0;
    return ok({ payment, final: ask.final ?? all, reason: '' });
  });
}

export function refundThroughAms(deps: AmsDeps, ask: Ask & { readonly reason: string }): Asked {
  return askFor(deps, 'refund', ask, ({ status, payment }) => {
    if (payment === null || status === 'FAIL' || payment.captures.length === 0)
      return refuse('not_paid', 'only what was paid can be refunded');
    return ok({ payment, final: true, reason: ask.reason });
  });
}

/**
 * All of it: a page is closed, a code leads nowhere any more, an authorization is given back, a wallet's user is not waited for any
 * more, a payment is taken back or refunded while the day's window is open.
 */
export async function cancelThroughAms(
  deps: AmsDeps,
  client: AmsClient,
  row: AmsPayment,
): Promise<Result<Canceled, AmsRefusal>> {
  const { db } = deps.journal;
  const asked = await findRequest(db, { client: client.id, kind: 'cancel', requestId: row.id });
  const standing = await standingOf(deps, row);
  if (row.state === 'canceled') return ok({ at: null, done: true });
  if (asked === null && standing.status === 'FAIL')
    return refuse('illegal_move', 'a payment that has failed cannot be canceled');
  const { payment, link } = standing;
  if (asked === null && payment !== null && isByWallet(payment)) {
    if (payment.state === 'pending') return giveUp(deps, row, payment);
    if (link === null && isGivenUp(payment)) return ok({ at: null, done: true, when: payment.wallet.canceling?.at });
  }
  if (asked === null && hasPaidNothing(payment)) return closeUnpaid(deps, row, standing);
  if (asked === null && payment !== null && !CANCELABLE.has(payment.state)) return ok({ at: null, done: false });
  // As it was asked for the first time; what is captured changes no more once it is.
  const amount = asked?.amount ?? (payment === null || payment.state === 'authorized' ? row.amount : payment.captured);
  const went = await askFor(deps, 'cancel', { client, requestId: row.id, amsPayment: row, amount }, () =>
    mayCancel(deps, payment as Payment),
  );
  return went.ok ? ok({ at: went.value, done: false }) : went;
}

export interface Canceled {
  /** What was asked of the network for it; null where nothing had to be. */
  readonly at: AmsRequest | null;
  /** Without `at`: it is canceled. Otherwise a payment is under way, and the client asks again. */
  readonly done: boolean;
  readonly when?: Instant | undefined;
}

const hasPaidNothing = (payment: Payment | null): boolean =>
  payment === null ||
  payment.state === 'declined' ||
  isGivenUp(payment) ||
  (payment.state === 'expired' && isByWallet(payment));

/** A success that the wallet tells later counts no more. Of a hosted page, the page is closed too. */
async function giveUp(deps: AmsDeps, row: AmsPayment, { id }: WalletPayment): Promise<Result<Canceled, AmsRefusal>> {
  const asked = { marketplace: row.marketplace, payment: id, by: 'marketplace' } as const;
  const went = await cancelWalletPayment(deps.payments, undefined, asked);
  if (!went.ok && !PASSES.has(went.error.code) && went.error.code !== 'illegal_move') return went;
  const standing = await standingOf(deps, row);
  const { payment, link } = standing;
  if (payment === null || !isByWallet(payment) || !isGivenUp(payment)) return ok({ at: null, done: false });
  return link === null
    ? ok({ at: null, done: true, when: payment.wallet.canceling?.at })
    : closeUnpaid(deps, row, standing);
}

const CANCELABLE: ReadonlySet<Payment['state']> = new Set([
  'authorized',
  'captured',
  'part_captured',
  'canceled',
  'expired',
]);

function mayCancel({ clock }: AmsDeps, payment: Payment): Result<Planned, AmsRefusal> {
  if (payment.state === 'canceled' || payment.state === 'expired')
    return refuse('illegal_move', `a payment that is ${payment.state} cannot be canceled`);
  if (payment.state === 'authorized') return ok({ payment, final: true, reason: 'canceled' });
  if (payment.state === 'part_captured' || payment.refunded.amount + payment.refunding.amount > 0n)
    return refuse('illegal_move', 'a payment of which a part was captured or refunded cannot be canceled; refund it');
  return clock.now() < (isByWallet(payment) ? (payment.wallet.cancelableUntil ?? '') : cancelableUntil(payment))
    ? ok({ payment, final: true, reason: 'canceled' })
    : refuse('cancel_window_over', 'the day on which it can be canceled is over; refund it');
}

const UTC8_MS = 8 * 3_600_000;
const WINDOW_MS = 15 * 60_000;

/** 00:15 in UTC+8 on the day after it was paid. */
export function cancelableUntil({ createdAt }: Payment): string {
  const midnight = Math.floor((msOf(createdAt) + UTC8_MS) / MS_PER_DAY + 1) * MS_PER_DAY;
  return instant(midnight - UTC8_MS + WINDOW_MS);
}

/** Nobody has paid: nothing begins from now on. A payment that began in between is left to the next inquiry. */
async function closeUnpaid(deps: AmsDeps, row: AmsPayment, { link }: Standing): Promise<Result<Canceled, AmsRefusal>> {
  const because: Refusal = { code: 'canceled_before', detail: 'canceled by the client' };
  if (link === null) {
    const ended = await endInstead(deps, row, 'canceled', because);
    if (!ended.ok) return ended;
    // Somebody has scanned the code a moment before: that payment is given up.
    const { payment } = ended.value.state === 'open' ? await standingOf(deps, ended.value) : { payment: null };
    if (payment?.state === 'pending' && isByWallet(payment)) return giveUp(deps, row, payment);
    return ok({ at: null, done: ended.value.state === 'canceled' });
  }
  const revoked = await revokeCheckoutLink(deps.checkout, undefined, {
    marketplace: null,
    link: link.id,
    by: row.client,
  });
  if (!revoked.ok && revoked.error.code !== 'illegal_move') return revoked;
  const { payment } = await standingOf(deps, row);
  if (!hasPaidNothing(payment)) return ok({ at: null, done: false });
  const ended = await endPayment(deps, commandKey(row.id, 'end', 'end_ams_payment', {}), row, {
    state: 'canceled',
    because,
  });
  return ended.ok ? ok({ at: null, done: ended.value.state === 'canceled' }) : ended;
}

interface Planned {
  readonly payment: Payment;
  readonly final: boolean;
  readonly reason: string;
}

async function askFor(
  deps: AmsDeps,
  kind: AmsRequest['kind'],
  ask: Ask,
  plan: (standing: Standing) => Result<Planned, AmsRefusal>,
): Asked {
  const { client, requestId, amsPayment, amount, from = null } = ask;
  const fields = { payment: amsPayment.id, amount, ...(from === null ? {} : { from }) };
  const command = commandKey(client.id, `${kind} ${requestId}`, `ams_${kind}`, fields);
  const opened = await deps.journal.run(command, async (): Promise<Result<Decision<AmsRequest>, AmsRefusal>> => {
    const planned = plan(await standingOf(deps, amsPayment));
    return planned.ok ? ok(decideOpen(deps, kind, ask, planned.value)) : planned;
  });
  if (!opened.ok) return opened;
  const row = (await findRequest(deps.journal.db, { client: client.id, kind, requestId })) as AmsRequest;
  return row.state === 'open' ? go(deps, row) : ok(row);
}

function decideOpen(
  deps: AmsDeps,
  kind: AmsRequest['kind'],
  { client, requestId, amsPayment, amount, notifyUrl, from = null }: Ask,
  { payment, final, reason }: Planned,
): Decision<AmsRequest> {
  const at = deps.clock.now();
  const row: AmsRequest = {
    id: newId('amr'),
    version: 0,
    state: 'open',
    kind,
    client: client.id,
    marketplace: client.marketplace,
    requestId,
    amsPayment: amsPayment.id,
    payment: payment.id,
    amount,
    final,
    reason,
    from,
    notifyUrl: notifyUrl ?? (kind === 'capture' ? amsPayment.notifyUrl : client.notifyUrl),
    ending: null,
    createdAt: at,
  };
  const facts = { client: client.id, kind, amsPayment: amsPayment.id, payment: payment.id, amount };
  const opened = event('ams_request.opened', row.id, facts);
  const value = { ...row, version: 1 };
  return { unit: { at, ...part({ events: [opened], writes: [insert(amsRequests, row)] }), answer: value }, value };
}

async function go(deps: AmsDeps, row: AmsRequest): Asked {
  if ((await deps.journal.findAnswer(row.id, 'ask')) !== null) return ok(row);
  const went = await askCore(deps, row);
  if (went.ok || PASSES.has(went.error.code)) return ok(row);
  return refuseRequest(deps, row, went.error);
}

const PASSES: ReadonlySet<string> = new Set([
  'conflict',
  'operation_in_progress',
  'payment_in_progress',
  'refund_in_progress',
]);

function askCore(deps: AmsDeps, row: AmsRequest): Promise<Result<unknown, AmsRefusal>> {
  const { marketplace, payment, amount, final, kind, reason, from = null } = row;
  const key = askKey(row);
  if (kind === 'capture') return capturePayment(deps.payments, key, { marketplace, payment, amount, final });
  if (kind === 'refund') return refundPayment(deps.payments, key, { marketplace, payment, amount, reason, from });
  return undo(deps, row);
}

/** What is authorized is given back, what was captured is refunded. */
async function undo(deps: AmsDeps, row: AmsRequest): Promise<Result<unknown, AmsRefusal>> {
  const { marketplace, payment, amount, reason } = row;
  const voided = await cancelPayment(deps.payments, askKey(row), { marketplace, payment });
  if (voided.ok || voided.error.code !== 'illegal_move') return voided;
  return refundPayment(deps.payments, askKey(row), { marketplace, payment, amount, reason });
}

async function refuseRequest(deps: AmsDeps, { id }: AmsRequest, { code, detail }: Refusal): Asked {
  const { db } = deps.journal;
  // Under the key it would ask with: nothing is asked any more.
  const command = commandKey(id, 'ask', 'refuse_ams_request', {});
  const refused = await deps.journal.run(command, async (): Promise<Result<Decision<AmsRequest>, AmsRefusal>> => {
    const row = (await loadRequest(db, id)) as AmsRequest;
    if (row.state !== 'open') return refuse('canceled_before', 'the request has ended');
    const at = deps.clock.now();
    const changes = { state: 'refused', ending: { code, detail, at } } as const;
    const value = { ...row, ...changes, version: row.version + 1 };
    const ended = event('ams_request.refused', id, { code });
    return ok({
      unit: { at, ...part({ events: [ended], writes: [update(amsRequests, row, changes)] }), answer: value },
      value,
    });
  });
  if (!refused.ok && refused.error.code === 'conflict') return refused;
  return ok((await loadRequest(db, id)) as AmsRequest);
}
