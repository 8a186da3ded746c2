/**
 * Settle's half of every network operation: the answer becomes events and rows, once. It does not matter who brings the
 * answer: the call itself, a notification confirmed by inquiry, the resume job, or an operator with evidence; an operation
 * that is final already stays as it is.
 */
import { unreachable } from '../base/assert.ts';
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { add, subtract, zero } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { AcquirerAnswer } from '../connectors/ports/card-acquirer.ts';
import {
  type CommandKey,
  type CommitUnit,
  type Decision,
  type JobLease,
  merge,
  type Outcome,
  part,
  type UnitPart,
  update,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { isOpen, type Operation, operations } from './operation.ts';
import { movePayment, type Payment, payments, type Refund, refunds } from './payment.ts';
import { findOperation, findPayment, findRefund } from './store.ts';

export interface NetworkWord {
  readonly operation: Id<'opn'>;
  readonly answer: AcquirerAnswer;
  /** What was committed when the operation began, if the caller knows: decided on as it is, loaded if it has moved on. */
  readonly begun?: Begun;
  /** Set when an operator decides with evidence instead of the network. */
  readonly decidedBy?: { readonly who: string; readonly evidence: string };
  readonly done?: JobLease;
  /** The operator's own request, when there is one. */
  readonly command?: CommandKey;
}

export interface Begun {
  readonly operation: Operation;
  readonly payment: Payment;
}

/** The payment after the answer; `operation_closed` when the operation was final already. */
export async function settleOperation(deps: PaymentDeps, word: NetworkWord): Promise<Result<Payment, PaymentRefusal>> {
  const result = await settleOnce(deps, word);
  if (!result.ok) return result;
  if (result.value.kind === 'repeated') return refuse('operation_closed', 'settled already');
  return ok(result.value.value);
}

/** The same for a request with a key of its own: a repeat gets the first answer. */
export function settleOnce(deps: PaymentDeps, word: NetworkWord): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  let { begun = null } = word;
  return deps.journal.run(word.command, async (): Promise<Result<Decision<Payment>, PaymentRefusal>> => {
    const found = begun ?? (await load(deps, word.operation));
    begun = null;
    if (found === null) return refuse('not_found', 'no such operation');
    const { operation, payment } = found;
    if (!isOpen(operation)) return refuse('operation_closed', `the operation is ${operation.state} already`);
    const settled = await decideOutcome(deps, payment, operation, word);
    const unit: CommitUnit = {
      at: deps.clock.now(),
      ...settled.part,
      answer: settled.answer ?? settled.payment,
      ...(settled.final && operation.command !== null ? { closes: operation.command } : {}),
      ...(word.done !== undefined ? { done: word.done } : {}),
    };
    return ok({ unit, value: settled.payment });
  });
}

async function load({ journal: { db } }: PaymentDeps, id: Id<'opn'>): Promise<Begun | null> {
  const operation = await findOperation(db, id);
  return operation === null ? null : { operation, payment: (await findPayment(db, operation.payment)) as Payment };
}

interface Settled {
  readonly payment: Payment;
  readonly part: UnitPart;
  /** The command that waits may have its answer now. */
  readonly final: boolean;
  /** What that command is about, when it is not the payment. */
  readonly answer?: Refund;
}

async function decideOutcome(
  deps: PaymentDeps,
  payment: Payment,
  operation: Operation,
  word: NetworkWord,
): Promise<Settled> {
  const { answer } = word;
  const answered = answerOperation(operation, word, deps.clock.now());
  switch (answer.outcome) {
    case 'unknown':
    case 'pending':
      return { payment, part: answered, final: false };
    case 'approved':
      return approve(deps, payment, operation, answer.networkId, answered);
    case 'declined':
      return decline(deps, payment, operation, answer, answered);
    default:
      return unreachable(answer);
  }
}

function answerOperation(operation: Operation, { answer, decidedBy }: NetworkWord, at: Instant): UnitPart {
  const facts =
    answer.outcome === 'declined'
      ? { code: answer.code, message: answer.message }
      : answer.outcome === 'unknown'
        ? { code: 'no_answer', message: answer.cause }
        : null;
  const networkId = 'networkId' in answer ? (answer.networkId ?? operation.networkId) : operation.networkId;
  const final = answer.outcome === 'approved' || answer.outcome === 'declined';
  return part({
    events: [
      event('operation.answered', operation.id, {
        outcome: answer.outcome,
        ...(networkId === null ? {} : { networkId }),
        ...(facts === null ? {} : { code: facts.code }),
        ...(decidedBy === undefined ? {} : { by: decidedBy.who, evidence: decidedBy.evidence }),
      }),
    ],
    writes: [
      update(operations, operation, { state: answer.outcome, networkId, answer: facts, answeredAt: final ? at : null }),
    ],
    withdraws: final ? [operation.resumeJob] : [],
  });
}

async function approve(
  deps: PaymentDeps,
  payment: Payment,
  operation: Operation,
  networkId: string,
  answered: UnitPart,
): Promise<Settled> {
  const closed = { openOperation: null } as const;
  switch (operation.kind) {
    case 'authorize': {
      const changes = movePayment(payment, 'authorized', { ...closed, networkPaymentId: networkId });
      return settled(
        payment,
        changes,
        [event('payment.authorized', payment.id, { amount: operation.amount })],
        answered,
      );
    }
    case 'sale':
    case 'capture': {
      const networkPaymentId = operation.kind === 'sale' ? networkId : payment.networkPaymentId;
      const changes = movePayment(payment, 'captured', { ...closed, networkPaymentId, captured: operation.amount });
      const captured = event('payment.captured', payment.id, {
        network: payment.network,
        order: payment.order,
        captured: operation.amount,
      });
      return settled(
        payment,
        changes,
        [captured],
        answered,
        await deps.owner.paymentCaptured({ ...payment, ...changes }),
      );
    }
    case 'void': {
      const changes = movePayment(payment, 'canceled', closed);
      const canceled = event('payment.canceled', payment.id, { amount: operation.amount });
      return settled(payment, changes, [canceled], answered, await deps.owner.paymentFailed(payment, 'canceled'));
    }
    case 'refund':
      return endRefund(deps, payment, operation, 'confirmed', answered);
    default:
      return unreachable(operation.kind);
  }
}

async function decline(
  deps: PaymentDeps,
  payment: Payment,
  operation: Operation,
  answer: { code: string; message: string },
  answered: UnitPart,
): Promise<Settled> {
  switch (operation.kind) {
    case 'authorize':
    case 'sale': {
      const changes = movePayment(payment, 'declined', {
        openOperation: null,
        decline: { code: answer.code, message: answer.message },
      });
      const declined = event('payment.declined', payment.id, { code: answer.code });
      return settled(payment, changes, [declined], answered, await deps.owner.paymentFailed(payment, answer.code));
    }
    case 'capture':
    case 'void': {
      const declined = event('payment.operation_declined', payment.id, {
        operation: operation.id,
        kind: operation.kind,
        code: answer.code,
      });
      return settled(payment, { openOperation: null }, [declined], answered);
    }
    case 'refund':
      return endRefund(deps, payment, operation, 'rejected', answered, answer.code);
    default:
      return unreachable(operation.kind);
  }
}

async function endRefund(
  deps: PaymentDeps,
  payment: Payment,
  operation: Operation,
  outcome: 'confirmed' | 'rejected',
  answered: UnitPart,
  code = '',
): Promise<Settled> {
  const id = operation.refund as Id<'ref'>;
  const refund = await findRefund(deps.journal.db, id);
  if (refund === null) throw new Error(`refund ${id} of operation ${operation.id} is missing`);
  const { amount } = operation;
  const refunded = outcome === 'confirmed' ? add(payment.refunded, amount) : payment.refunded;
  const posting =
    outcome === 'confirmed'
      ? event('refund.confirmed', id, { refund: id, network: payment.network, amount })
      : event('refund.rejected', id, { refund: id, order: payment.order, fromHeld: amount, code });
  const refundPart = part({ events: [posting], writes: [update(refunds, refund, { state: outcome })] });
  const ended = event('payment.refund_ended', payment.id, { refund: id, amount, outcome });
  const changes = { openOperation: null, refunded, refunding: subtract(payment.refunding, amount) };
  const owner = await deps.owner.refundEnded(payment, id, amount, outcome);
  const answer: Refund = { ...refund, state: outcome, version: refund.version + 1 };
  return { ...settled(payment, changes, [ended], merge(answered, refundPart), owner), answer };
}

function settled(
  payment: Payment,
  changes: Partial<Payment>,
  events: UnitPart['events'],
  answered: UnitPart,
  owner: UnitPart = part({}),
): Settled {
  const own = part({ events, writes: [update(payments, payment, changes)] });
  return {
    payment: { ...payment, ...changes, version: payment.version + events.length },
    part: merge(answered, own, owner),
    final: true,
  };
}

/** A payment starts with nothing captured. */
export const nothingYet = (payment: Pick<Payment, 'amount'>): Pick<Payment, 'captured' | 'refunded' | 'refunding'> => {
  const none = zero(payment.amount.currency);
  return { captured: none, refunded: none, refunding: none };
};
