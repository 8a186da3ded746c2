/**
 * Settle's half of every network operation: the answer becomes events and rows, once. It does not matter who brings the
 * answer: the call itself, a notification confirmed by inquiry, the resume job, or an operator with evidence; an operation
 * that is final already stays as it is.
 */
import { unreachable } from '../base/assert.ts';
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { zero } from '../base/money.ts';
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
import { approveOperation, approvesWhatWasAsked } from './approved-operation.ts';
import type { Learned } from './ask-wallet.ts';
import type { PaymentDeps } from './deps.ts';
import { endRefund } from './end-refund.ts';
import type { PaymentRefusal } from './errors.ts';
import { isOpen, type Operation, operations } from './operation.ts';
import { isByWallet, movePayment, type Payment } from './payment.ts';
import type { AsStarted } from './ports.ts';
import { type Decline, trySecond, type Waiting } from './second-try.ts';
import { withAgreement } from './settle-agreement.ts';
import { changed, type Settled } from './settled.ts';
import { findOperation, findPayment } from './store.ts';
import { comesTooLate, reversalRefused, unpaidByWallet, waitingAtWallet } from './wallet-outcome.ts';

export interface NetworkWord {
  readonly operation: Id<'opn'>;
  readonly answer: AcquirerAnswer;
  /** What a wallet said beside it. */
  readonly learned?: Learned;
  /** What was committed when the operation began, if the caller knows: decided on as it is, loaded if it has moved on. */
  readonly begun?: Begun;
  /** Set when an operator decides with evidence instead of the network. */
  readonly decidedBy?: { readonly who: string; readonly evidence: string };
  /** Set when the answer is that of the call itself, and who asked still waits: a decline may then be tried otherwise. */
  readonly waiting?: Waiting;
  readonly done?: JobLease;
  /** The operator's own request, when there is one. */
  readonly command?: CommandKey;
}

export interface Begun {
  readonly operation: Operation;
  readonly payment: Payment;
  /** Of a payment that has started: its owner is not loaded either. */
  readonly owner?: AsStarted;
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
    const { operation, payment, owner } = found;
    if (!isOpen(operation)) return refuse('operation_closed', `the operation is ${operation.state} already`);
    const settled = await withAgreement(
      deps,
      payment,
      await decideOutcome({ ...deps, owner: { ...deps.owner, ...owner } }, payment, operation, word),
      word.answer,
    );
    const unit: CommitUnit = {
      at: deps.clock.now(),
      ...settled.part,
      answer: settled.answer ?? settled.payment,
      ...(settled.final && operation.command !== null ? { closes: operation.command } : {}),
      // A success of a payment that was given up meanwhile is not taken: its job goes on asking for the cancel.
      ...(word.done !== undefined && (settled.final || !isByWallet(payment)) ? { done: word.done } : {}),
    };
    return ok({ unit, value: settled.payment });
  });
}

async function load({ journal: { db } }: PaymentDeps, id: Id<'opn'>): Promise<Begun | null> {
  const operation = await findOperation(db, id);
  return operation === null ? null : { operation, payment: (await findPayment(db, operation.payment)) as Payment };
}

async function decideOutcome(
  deps: PaymentDeps,
  payment: Payment,
  operation: Operation,
  word: NetworkWord,
): Promise<Settled> {
  const { answer } = word;
  const at = deps.clock.now();
  const unsure = (cause: string): Settled => {
    const unknown = { ...word, answer: { outcome: 'unknown', cause } } as const;
    return { payment, part: answerOperation(operation, unknown, at), final: false };
  };
  if (answer.outcome === 'approved' && !approvesWhatWasAsked(operation, answer)) {
    return unsure('amount_differs');
  }
  const learned =
    word.decidedBy === undefined ? (word.learned ?? {}) : { ...word.learned, cancelRefused: true as const };
  const byWallet = isByWallet(payment) ? { deps, payment, operation, learned } : null;
  if (byWallet !== null && answer.outcome === 'approved' && comesTooLate(byWallet.payment, operation, learned))
    return unsure('given_up');
  const answered = answerOperation(operation, word, at);
  switch (answer.outcome) {
    case 'unknown':
    case 'pending': {
      const waits = byWallet === null || answer.outcome === 'unknown' ? null : waitingAtWallet(byWallet);
      return waits === null ? { payment, part: answered, final: false } : after(answered, waits);
    }
    case 'approved':
      return after(answered, await approveOperation({ deps, payment, operation, answer, at, learned }));
    case 'declined':
      if (byWallet !== null && operation.kind !== 'refund') {
        const ended =
          operation.kind === 'void' ? reversalRefused(byWallet, answer.code) : unpaidByWallet(byWallet, answer);
        return after(answered, await ended);
      }
      return after(answered, await decline(deps, payment, operation, word, answer));
    default:
      return unreachable(answer);
  }
}

/** Events keep their order: the network's answer first, then what it changes. */
const after = (answered: UnitPart, settled: Settled): Settled => ({ ...settled, part: merge(answered, settled.part) });

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

async function decline(
  deps: PaymentDeps,
  payment: Payment,
  operation: Operation,
  { waiting }: NetworkWord,
  answer: Decline,
): Promise<Settled> {
  const { code, message, checks } = answer;
  if (operation.kind === 'refund') return endRefund(deps, payment, operation, 'rejected', code);
  if (operation.kind === 'authorize' || operation.kind === 'sale') {
    const second = waiting === undefined ? null : await trySecond(deps, { payment, operation, answer, waiting });
    if (second !== null) return second;
    const moved = movePayment(payment, 'declined', {
      decline: { code, message, ...(answer.class === undefined ? {} : { class: answer.class }) },
      ...(checks === undefined ? {} : { checks }),
    });
    const owner = await deps.owner.paymentFailed(payment, code);
    return changed(payment, moved, [event('payment.declined', payment.id, { code })], owner);
  }
  // The authorization stands as it was; one that will not be renewed is not asked about again (expire-payment.ts).
  const kept =
    operation.kind === 'reauthorize' ? { decline: { code: 'not_renewed', message: `${code}: ${message}` } } : {};
  const declined = event('payment.operation_declined', payment.id, {
    operation: operation.id,
    kind: operation.kind,
    code,
  });
  return changed(payment, kept, [declined]);
}

/** A payment starts with nothing held and nothing captured. */
export const nothingYet = (
  payment: Pick<Payment, 'amount'>,
): Pick<Payment, 'authorized' | 'captured' | 'captures' | 'refunded' | 'refunding'> => {
  const none = zero(payment.amount.currency);
  return { authorized: none, captured: none, captures: [], refunded: none, refunding: none };
};
