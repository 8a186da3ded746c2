/**
 * Authenticating the cardholder before anything is authorized (EMV 3-D Secure 2). Asking is an operation like any other, with
 * a reference and a resume job, but it moves no money: a challenge that nobody answers is given up after half an hour. What
 * came of a challenge is asked from the network, never taken from the browser. A proof leads to the authorization in the same
 * unit; without one the marketplace's rules say whether to go on.
 */
import { addMs } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { AuthenticationAnswer } from '../connectors/ports/card-authentication.ts';
import { FINISHED, type JobResult } from '../jobs/index.ts';
import { type CommitUnit, type Decision, merge, type Outcome, part, type UnitPart, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { ASKED, type Authentication } from './authentication.ts';
import { chargeCard, firstOperation } from './charge-card.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { isOpen, type Operation, operations } from './operation.ts';
import { isByWallet, movePayment, type Payment, payments } from './payment.ts';
import { lookAtWallet } from './resume-wallet.ts';
import { agreementAfter } from './settle-agreement.ts';
import { findOperation, findPayment } from './store.ts';

type Word = AuthenticationAnswer | { readonly outcome: 'not_found' };

/** Nobody answers a challenge for longer; the page of the issuer has lapsed by then. Business time. */
const CHALLENGE_LIFE_MS = 1_800_000;
const PAUSE_MS = 60_000;

/** The answer settled, and, with a proof or without need of one, the card charged. */
export async function settleAuthentication(
  deps: PaymentDeps,
  id: Id<'opn'>,
  word: Word,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  return deps.inFlight.during(async (flight) => {
    const settled = await deps.journal.run(undefined, async (): Promise<Result<Next, PaymentRefusal>> => {
      const decided = await decide(deps, id, word);
      const charges = decided.ok && decided.value.value.operation.kind !== 'authenticate';
      return charges ? flight.track(decided) : decided;
    });
    if (!settled.ok) return settled;
    if (settled.value.kind === 'repeated') return refuse('operation_closed', 'settled already');
    const { payment, operation, billingAddress } = settled.value.value;
    if (operation.kind === 'authenticate') return ok({ kind: 'committed', value: payment, seq: settled.value.seq });
    return chargeCard(deps, flight, { payment, operation, seq: settled.value.seq, billingAddress });
  });
}

/** The buyer is back from the issuer or the wallet, or somebody wants to know. A payment that waits for nothing is answered as it stands. */
export async function continuePayment(
  deps: PaymentDeps,
  { marketplace, payment: id }: { readonly marketplace: Id<'mkt'>; readonly payment: Id<'pay'> },
): Promise<Result<Payment, PaymentRefusal>> {
  const payment = await findPayment(deps.journal.db, id);
  if (payment === null || payment.marketplace !== marketplace) return refuse('not_found', 'no such payment');
  if (isByWallet(payment) && payment.state === 'pending') return ok(await lookAtWallet(deps, payment));
  if (payment.state !== 'authenticating' || payment.openOperation === null) return ok(payment);
  const operation = (await findOperation(deps.journal.db, payment.openOperation)) as Operation;
  if (deps.inFlight.has(operation.id)) return ok(payment);
  const word = await deps.accounts.of(operation.network).authentication.find(operation.reference);
  if (word.outcome === 'unknown' || (word.outcome === 'challenge' && isShown(payment))) return ok(payment);
  const settled = await settleAuthentication(deps, operation.id, word);
  if (!settled.ok && settled.error.code !== 'operation_closed') return settled;
  return ok((await findPayment(deps.journal.db, id)) as Payment);
}

/** The resume job of an authentication. */
export async function resumeAuthentication(deps: PaymentDeps, operation: Operation): Promise<JobResult> {
  if (deps.inFlight.has(operation.id)) return later('its call is under way');
  const word = await deps.accounts.of(operation.network).authentication.find(operation.reference);
  const waits = word.outcome === 'challenge' || word.outcome === 'unknown';
  const over = addMs(operation.sentAt, CHALLENGE_LIFE_MS) <= deps.clock.now();
  if (waits && !over) {
    const payment = (await findPayment(deps.journal.db, operation.payment)) as Payment;
    if (word.outcome === 'challenge' && !isShown(payment)) await settleAuthentication(deps, operation.id, word);
    return later('the cardholder is at the issuer');
  }
  const last: Word = waits ? { outcome: 'failed', status: 'N', reason: 'challenge_abandoned' } : word;
  const settled = await settleAuthentication(deps, operation.id, last);
  return settled.ok || settled.error.code === 'operation_closed' ? FINISHED : later(settled.error.code);
}

/** The buyer has it already; when the answer with it was lost, whoever asks next brings it. */
const isShown = ({ authentication }: Payment): boolean => (authentication?.challenge ?? null) !== null;

const later = (reason: string): JobResult => ({ kind: 'again', afterMs: PAUSE_MS, reason });

type Next = Decision<{
  readonly payment: Payment;
  readonly operation: Operation;
  readonly billingAddress?: Payment['billingAddress'];
}>;

async function decide(deps: PaymentDeps, id: Id<'opn'>, word: Word): Promise<Result<Next, PaymentRefusal>> {
  const operation = await findOperation(deps.journal.db, id);
  if (operation === null) return refuse('not_found', 'no such operation');
  if (!isOpen(operation)) return refuse('operation_closed', `the operation is ${operation.state} already`);
  const payment = (await findPayment(deps.journal.db, operation.payment)) as Payment;
  switch (word.outcome) {
    case 'unknown':
      return stays(deps, payment, operation, { state: 'unknown', changes: {}, code: word.cause });
    case 'challenge': {
      const challenge = { url: word.url, creq: word.creq };
      const authentication: Authentication = { ...ASKED, state: 'challenge', challenge };
      return stays(deps, payment, operation, { state: 'pending', changes: { authentication } });
    }
    case 'failed':
      return fails(deps, payment, operation, word.reason);
    case 'proven': {
      const { proof, liabilityShift } = word;
      return goesOn(deps, payment, operation, { ...ASKED, state: 'proven', proof, liabilityShift });
    }
    case 'not_found':
      // The question never left, as after a crash: nobody charges a card minutes later for a buyer who may be gone.
      return fails(deps, payment, operation, 'not_received');
    case 'unavailable':
      return payment.rules.unavailable === 'decline'
        ? fails(deps, payment, operation, 'authentication_unavailable')
        : goesOn(deps, payment, operation, { ...ASKED, state: 'unavailable', reason: word.reason });
  }
}

interface Stay {
  readonly state: 'pending' | 'unknown';
  readonly changes: Partial<Payment>;
  readonly code?: string;
}

/** Nothing is final: the cardholder is at the issuer, or nobody knows. */
function stays(
  deps: PaymentDeps,
  payment: Payment,
  operation: Operation,
  { state, changes, code }: Stay,
): Result<Next, PaymentRefusal> {
  const outcome = event('operation.answered', operation.id, {
    outcome: state,
    ...(code === undefined ? {} : { code }),
  });
  const asked = event('payment.authentication_asked', payment.id, { outcome: state });
  const unit: CommitUnit = {
    at: deps.clock.now(),
    ...part({
      events: [outcome, asked],
      writes: [update(operations, operation, { state }), update(payments, payment, changes)],
    }),
  };
  return ok({ unit, value: { payment: { ...payment, ...changes, version: payment.version + 1 }, operation } });
}

async function fails(
  deps: PaymentDeps,
  payment: Payment,
  operation: Operation,
  reason: string,
): Promise<Result<Next, PaymentRefusal>> {
  const code = 'authentication_failed';
  const moved = movePayment(payment, 'declined', {
    openOperation: null,
    decline: { code, message: 'the issuer did not confirm the cardholder' },
    authentication: { ...ASKED, state: 'failed', reason },
    billingAddress: null,
  });
  const own = part({
    events: [event('payment.declined', payment.id, { code })],
    writes: [update(payments, payment, moved)],
  });
  const owner = await deps.owner.paymentFailed(payment, code);
  const value = { ...payment, ...moved, version: payment.version + 1 };
  const unit: CommitUnit = {
    at: deps.clock.now(),
    ...merge(ends(deps, operation, 'declined', reason), own, owner, await agreementAfter(deps, payment, value)),
    answer: value,
    ...(operation.command === null ? {} : { closes: operation.command }),
  };
  return ok({ unit, value: { payment: value, operation } });
}

/** The card is charged next: its operation starts with the end of this one, and inherits the command that waits. */
function goesOn(
  deps: PaymentDeps,
  payment: Payment,
  operation: Operation,
  authentication: Authentication,
): Result<Next, PaymentRefusal> {
  const at = deps.clock.now();
  const { status, liabilityShift } = { status: authentication.proof?.status ?? 'U', ...authentication };
  const charge = firstOperation(deps, { ...payment, authentication }, operation.command ?? undefined, at);
  const forgets = { billingAddress: null };
  const moved = movePayment(payment, 'pending', { authentication, openOperation: charge.operation.id, ...forgets });
  const own = part({
    events: [event('payment.authenticated', payment.id, { status, liabilityShift })],
    writes: [update(payments, payment, moved)],
  });
  const value = { ...payment, ...moved, version: payment.version + 1 };
  const unit: CommitUnit = { at, ...merge(ends(deps, operation, 'approved'), own, charge.part) };
  return ok({ unit, value: { payment: value, operation: charge.operation, billingAddress: payment.billingAddress } });
}

function ends(deps: PaymentDeps, operation: Operation, state: 'approved' | 'declined', code?: string): UnitPart {
  const answered = event('operation.answered', operation.id, {
    outcome: state,
    ...(code === undefined ? {} : { code }),
  });
  const answer = code === undefined ? null : { code, message: 'authentication' };
  return part({
    events: [answered],
    writes: [update(operations, operation, { state, answer, answeredAt: deps.clock.now() })],
    withdraws: [operation.resumeJob],
  });
}
