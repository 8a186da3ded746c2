/**
 * Paying an order through AMS: find the order or make it (order-to-pay.ts), remember the request id, then charge the card token
 * or the wallet (charge-wallet.ts), open the hosted page, or show a code (order-code.ts; scan-order.ts goes on). Each step has its own key, so that a repeat goes on where the
 * first one stopped. A new request id after a decline pays the same order.
 * Checks in this order: the request id, the order's (order-to-pay.ts); then those of every payment.
 */
import { msOf } from '../base/clock.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import { createCheckoutLink, LINK_LIFE_S } from '../checkout/index.ts';
import {
  type CommandKey,
  commandKey,
  type Decision,
  EMPTY_PART,
  followedBy,
  insert,
  merge,
  type Outcome,
  part,
  type UnitPart,
  update,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import {
  type Payment,
  type PaymentDeps,
  type PaymentOwner,
  type PaymentRefusal,
  payByWallet,
  payInstalment,
} from '../payments/index.ts';
import { nextInstalment, type Order, startPaymentOf } from '../protection/index.ts';
import { usedUp, type WalletCharge } from './charge-wallet.ts';
import type { AmsDeps } from './deps.ts';
import type { AmsRefusal } from './errors.ts';
import { beginsUnder, endInsteadKey, linkKey } from './keys.ts';
import { openedFor, wayOf } from './open-payment.ts';
import { type AmsPay, type Ordered, orderFor, type Plan, preparePlan } from './order-to-pay.ts';
import { type AmsPayment, amsPayments, type Ending } from './rows.ts';
import { findAmsPayment, loadAmsPayment } from './store.ts';

export interface Paid {
  readonly row: AmsPayment;
  /** Of a charge that was made now, what it came to. */
  readonly payment?: Payment;
}

/** The payment under its request id, begun unless it had been; what became of it is its standing. */
export async function payThroughAms(deps: AmsDeps, input: AmsPay): Promise<Result<Paid, AmsRefusal>> {
  const { client, requestId } = input;
  const command = commandKey(client.id, `pay ${requestId}`, 'ams_pay', input.keyFields);
  // A wallet is looked for before the journal is asked, so its repeats are known here; others are, like everywhere, by their key.
  const known =
    wayOf(input) === 'wallet' ? await findAmsPayment(deps.journal.db, { client: client.id, requestId }) : null;
  const plan = known === null ? await preparePlan(deps, input) : ALREADY;
  if (plan.ok && isChargedAtOnce(input)) {
    const paid = await payAtOnce(deps, command, input, plan.value);
    if (!paid.ok) return paid;
    return paid.value.kind === 'committed' ? ok(paid.value.value) : standsAs(deps, input);
  }
  // Beside an identical request, which may have paid the order meanwhile, a refusal is answered as its repeat.
  const opened = await deps.journal.run(command, async () => (plan.ok ? decideOpen(deps, input, plan.value) : plan));
  if (!opened.ok) return opened;
  return opened.value.kind === 'committed' ? begin(deps, opened.value.value) : standsAs(deps, input);
}

/** As an earlier request left it; a page that was not opened is opened now. */
async function standsAs(deps: AmsDeps, { client, requestId }: AmsPay): Promise<Result<Paid, AmsRefusal>> {
  const row = (await findAmsPayment(deps.journal.db, { client: client.id, requestId })) as AmsPayment;
  if (row.state !== 'open' || row.way !== 'hosted') return ok({ row });
  return (await deps.journal.findAnswer(row.id, beginsUnder(row))) === null ? begin(deps, row) : ok({ row });
}

/**
 * The order, the request and the start of the payment are one unit; its key is the request's. A payment that is refused before
 * anything was asked of a network has failed: its id is answered so from then on, as a final F is. An order that cannot be leaves the
 * id free.
 */
async function payAtOnce(
  deps: AmsDeps,
  command: CommandKey,
  input: AmsPay,
  plan: Plan,
): Promise<Result<Outcome<Paid>, AmsRefusal>> {
  const ordered = await orderFor(deps, input, plan);
  if (!ordered.ok) return deps.journal.run(command, async () => ordered);
  const { order, parties, part: made } = ordered.value;
  let row: AmsPayment | null = null;
  const startPayment: PaymentOwner['startPayment'] = async (start) => {
    const started = await (parties === undefined
      ? deps.payments.owner.startPayment(start)
      : startPaymentOf(deps.orders, order, start, parties));
    if (!started.ok) return started;
    const opened = openedFor(deps, input, order, start.payment);
    row = { ...opened.row, version: 1 };
    const used = await takenWith(deps, input, plan, { by: row.id, payment: start.payment });
    return used.ok
      ? ok({ ...started.value, part: merge(followedBy(made, started.value.part), opened.part, used.value) })
      : used;
  };
  const payments = { ...deps.payments, owner: { ...deps.payments.owner, startPayment } };
  const paid = await charge(payments, command, { input, order, wallet: plan.charge });
  if (!paid.ok) return FREE.has(paid.error.code) ? paid : failAtOnce(deps, command, input, ordered.value, paid.error);
  if (paid.value.kind === 'repeated') return ok(paid.value);
  // Set by the decision that committed.
  return ok({ ...paid.value, value: { row: row as unknown as AmsPayment, payment: paid.value.value } });
}

/** About the request or the moment, not about the payment: said, and the id is as if it had not been used. */
const FREE: ReadonlySet<string> = new Set([
  'conflict',
  'operation_in_progress',
  'payment_in_progress',
  'idempotency_key_reused',
  'invalid_expiry',
  'unknown_wallet',
  'wallet_not_offered',
  'rate_unavailable',
]);

/** The request, and the order if it is new, with why nothing was charged. */
function failAtOnce(
  deps: AmsDeps,
  command: CommandKey,
  input: AmsPay,
  { order, part: made }: Ordered,
  { code, detail }: Refusal,
): Promise<Result<Outcome<Paid>, AmsRefusal>> {
  return deps.journal.run(command, async (): Promise<Result<Decision<Paid>, AmsRefusal>> => {
    const { row, part: opened } = openedFor(deps, input, order, null);
    const at = row.createdAt;
    const failed: AmsPayment = { ...row, state: 'failed', ending: { code, detail, at } };
    const own = part({
      events: [...opened.events, event('ams_payment.closed', row.id, { state: 'failed', code })],
      writes: [insert(amsPayments, failed)],
    });
    return ok({ unit: { at, ...merge(made, own) }, value: { row: { ...failed, version: 2 } } });
  });
}

/** What another payment has taken since the plan was made is said by the repeat that this asks for. */
async function takenWith(
  deps: AmsDeps,
  { client }: AmsPay,
  { charge: wallet }: Plan,
  beginning: Parameters<typeof usedUp>[3],
): Promise<Result<UnitPart, Refusal<'payment_in_progress'>>> {
  const used = wallet === null ? ok(EMPTY_PART) : await usedUp(deps, client, wallet, beginning);
  if (used.ok) return used;
  return refuse('payment_in_progress', `${used.error.detail}, just now; repeat the request`);
}

interface Charged {
  readonly input: AmsPay;
  readonly order: Order;
  readonly wallet: WalletCharge | null;
}

async function charge(payments: PaymentDeps, command: CommandKey, { input, order, wallet }: Charged) {
  const { client, token, capture, cardholder, redirectUrl, expiresAt } = input;
  const paying = { marketplace: client.marketplace, order: order.id, instalment: nextInstalment(order)?.number ?? 1 };
  if (wallet === null) {
    const asked = cardholder === null ? {} : { cardholder };
    return payInstalment(payments, command, {
      ...paying,
      capture,
      token: token ?? '',
      ...asked,
      answeredFromRows: true,
    });
  }
  const paid = await payByWallet(payments, command, {
    ...paying,
    wallet: wallet.wallet,
    payer: wallet.payer,
    ...(redirectUrl === null ? {} : { returnUrl: redirectUrl }),
    ...(expiresAt === null ? {} : { expiresAt }),
    ...(wallet.rates === null ? {} : { rates: wallet.rates }),
  });
  return paid.ok ? paid : { ok: false as const, error: inRequestWords(paid.error) };
}

/** A refusal of the core names its own fields; the client's have other names. */
function inRequestWords(refusal: PaymentRefusal): PaymentRefusal {
  const pointer = FIELDS[refusal.pointer ?? ''];
  return pointer === undefined ? refusal : { ...refusal, pointer };
}

const FIELDS: Readonly<Record<string, string>> = {
  '/method/wallet': '/paymentMethod/paymentMethodType',
  '/method/agreement': '/paymentMethod/paymentMethodId',
  '/method/expiresAt': '/paymentExpiryTime',
};

/** Only reached by a repeat, whose answer is found under its key. */
const ALREADY: Result<Plan, AmsRefusal> = refuse('conflict', 'this request is being worked on');

async function decideOpen(deps: AmsDeps, input: AmsPay, plan: Plan): Promise<Result<Decision<AmsPayment>, AmsRefusal>> {
  const ordered = await orderFor(deps, input, plan);
  if (!ordered.ok) return ordered;
  const { order, part: made } = ordered.value;
  const { row, part: own } = openedFor(deps, input, order, null);
  // A repeat finds the row by its request id.
  return ok({ unit: { at: row.createdAt, ...merge(made, own) }, value: { ...row, version: 1 } });
}

const isChargedAtOnce = (input: AmsPay): boolean => ['token', 'wallet'].includes(wayOf(input));

/** A code waits to be scanned. */
async function begin(deps: AmsDeps, row: AmsPayment): Promise<Result<Paid, AmsRefusal>> {
  if (row.way === 'code') return ok({ row });
  const begun = await openPage(deps, row);
  if (begun === null || PASSES.has(begun.code)) return ok({ row });
  const ended = await endInstead(deps, row, 'failed', begun);
  return ended.ok ? ok({ row: ended.value }) : ended;
}

/** Not for ever: the payment stays open, and the repeat that is asked for tries again. */
const PASSES: ReadonlySet<string> = new Set([
  'conflict',
  'operation_in_progress',
  'payment_in_progress',
  'idempotency_key_reused',
]);

async function openPage(deps: AmsDeps, row: AmsPayment): Promise<Refusal | null> {
  const { marketplace, order, instalment, redirectUrl, expiresAt } = row;
  const leftS = Math.floor((msOf(expiresAt ?? row.createdAt) - msOf(row.createdAt)) / 1000);
  const link = await createCheckoutLink(deps.checkout, linkKey(row), {
    ...{ marketplace, order, instalment },
    expiresIn: Math.min(Math.max(leftS, LINK_LIFE_S.least), LINK_LIFE_S.most),
    ...(redirectUrl === null ? {} : { returnUrl: redirectUrl }),
  });
  return link.ok ? null : link.error;
}

/** Ends a payment that has not begun, under the key it would begin with: whoever commits first has it. */
export async function endInstead(
  deps: AmsDeps,
  { id }: AmsPayment,
  state: 'failed' | 'canceled',
  because: Refusal,
): Promise<Result<AmsPayment, AmsRefusal>> {
  const row = (await loadAmsPayment(deps.journal.db, id)) as AmsPayment;
  return endPayment(deps, endInsteadKey(row), row, { state, because });
}

export interface End {
  readonly state: 'failed' | 'canceled';
  readonly because: Refusal;
}

/** The payment as it stands afterwards: ended, or begun by somebody who was faster. */
export async function endPayment(
  deps: AmsDeps,
  command: CommandKey,
  { id }: AmsPayment,
  { state, because: { code, detail } }: End,
): Promise<Result<AmsPayment, AmsRefusal>> {
  const ended = await deps.journal.run(command, async (): Promise<Result<Decision<AmsPayment>, AmsRefusal>> => {
    const row = (await loadAmsPayment(deps.journal.db, id)) as AmsPayment;
    if (row.state !== 'open') return refuse('canceled_before', 'the payment has ended');
    const at = deps.clock.now();
    const ending: Ending = { code, detail, at };
    const value = { ...row, state, ending, version: row.version + 1 };
    const closed = event('ams_payment.closed', id, { state, code });
    const writes = [update(amsPayments, row, { state, ending })];
    return ok({ unit: { at, ...part({ events: [closed], writes }), answer: value }, value });
  });
  if (ended.ok || ended.error.code === 'idempotency_key_reused' || ended.error.code === 'canceled_before')
    return ok((await loadAmsPayment(deps.journal.db, id)) as AmsPayment);
  return ended;
}
