/**
 * What an approval changes, by the kind of operation: the payment, the money, the payment's owner. Amounts are those that
 * were asked; an approval of another amount is not taken for this one (settle-operation.ts), but for an authorization, which
 * an issuer may approve in part.
 */
import { unreachable } from '../base/assert.ts';
import type { Instant } from '../base/clock.ts';
import { add, compare, equals } from '../base/money.ts';
import type { AcquirerAnswer } from '../connectors/ports/card-acquirer.ts';
import { merge } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { Learned } from './ask-wallet.ts';
import { endWatch, watchAuthorization } from './authorization-watch.ts';
import { brokenRule } from './card-rules.ts';
import type { PaymentDeps } from './deps.ts';
import { endRefund } from './end-refund.ts';
import type { Operation } from './operation.ts';
import { isByWallet, movePayment, type Payment, type WalletPayment } from './payment.ts';
import { changed, type Settled } from './settled.ts';
import { capturedByWallet, reversedByWallet } from './wallet-outcome.ts';

export type Approval = Extract<AcquirerAnswer, { outcome: 'approved' }>;

interface Approved {
  readonly deps: PaymentDeps;
  readonly payment: Payment;
  readonly operation: Operation;
  readonly answer: Approval;
  readonly at: Instant;
  /** What a wallet said beside it. */
  readonly learned: Learned;
}

export async function approveOperation(approved: Approved): Promise<Settled> {
  const { deps, payment, operation } = approved;
  if (isByWallet(payment)) return approvedByWallet({ ...approved, payment });
  switch (operation.kind) {
    case 'authorize':
      return authorized(approved);
    case 'sale':
    case 'capture':
      return captured(approved);
    case 'void': {
      const { changes, part: unwatched } = endWatch(payment);
      const canceled = event('payment.canceled', payment.id, { amount: operation.amount });
      const owner = await deps.owner.paymentFailed(payment, payment.decline?.code ?? 'canceled');
      return changed(payment, movePayment(payment, 'canceled', changes), [canceled], merge(unwatched, owner));
    }
    case 'reverse': {
      const { changes, part: unwatched } = endWatch(payment);
      const reversed = event('payment.reversed', payment.id, { authorized: operation.amount });
      const none = { ...operation.amount, amount: 0n };
      const moved = movePayment(payment, 'captured', { ...changes, authorized: operation.amount });
      const owner = await deps.owner.paymentCaptured({ ...payment, ...moved }, { amount: none, final: true });
      return changed(payment, moved, [reversed], merge(unwatched, owner));
    }
    case 'increment': {
      const { changes, part: watched } = watchAuthorization(payment, approved.at);
      const incremented = event('payment.incremented', payment.id, { authorized: operation.amount });
      const owner = await deps.owner.paymentChanged(payment, operation.amount);
      const moved = { ...changes, authorized: operation.amount, amount: operation.amount };
      return changed(payment, moved, [incremented], merge(watched, owner));
    }
    case 'reauthorize':
      return reauthorized(approved);
    case 'refund':
      return endRefund(deps, payment, operation, 'confirmed');
    case 'verify':
    case 'authenticate':
      throw new Error(`an operation of kind ${operation.kind} is not settled here`);
    default:
      return unreachable(operation.kind);
  }
}

function approvedByWallet(approved: Approved & { readonly payment: WalletPayment }): Promise<Settled> {
  const { deps, payment, operation, answer, at } = approved;
  if (operation.kind === 'sale') return capturedByWallet(approved, answer, at);
  return operation.kind === 'void' ? reversedByWallet(approved) : endRefund(deps, payment, operation, 'confirmed');
}

/**
 * In part, or with a mismatch that the marketplace does not take: nothing may be captured, and the watch gives it back at
 * once. It also captures what was authorized only to look.
 */
function authorized({ payment, operation, answer, at }: Approved): Settled {
  const whole = compare(answer.amount, operation.amount) >= 0;
  const broken = whole ? brokenRule(payment.rules, answer.checks) : 'partial_approval';
  const acts = broken !== null || payment.capture === 'automatic';
  const { changes, part: watched } = watchAuthorization(payment, at, acts ? at : undefined);
  const moved = movePayment(payment, 'authorized', {
    ...changes,
    ...learned(answer),
    authorized: answer.amount,
    networkPaymentId: answer.networkId,
    decline: broken === null ? null : { code: broken, message: WHY[broken] },
  });
  return changed(payment, moved, [event('payment.authorized', payment.id, { amount: answer.amount })], watched);
}

const WHY = {
  partial_approval: 'the issuer approved less than the amount',
  cvv_mismatch: 'the verification value is not that of the card',
  address_mismatch: 'the address is not that of the cardholder',
} as const;

async function captured({ deps, payment, operation, answer }: Approved): Promise<Settled> {
  const { amount } = operation;
  const sale = operation.kind === 'sale';
  const final = operation.part?.final ?? true;
  const { changes, part: unwatched } = endWatch(payment);
  const moved: Partial<Payment> = {
    ...(final ? changes : {}),
    ...(sale ? { ...learned(answer), networkPaymentId: answer.networkId, authorized: amount } : {}),
    captured: add(payment.captured, amount),
    captures: [...payment.captures, { networkId: answer.networkId, amount, returned: { ...amount, amount: 0n } }],
  };
  const state = final ? 'captured' : 'part_captured';
  const next = payment.state === state ? moved : movePayment(payment, state, moved);
  const posting = event('payment.captured', payment.id, {
    network: payment.network,
    order: payment.order,
    captured: amount,
  });
  const owner = await deps.owner.paymentCaptured({ ...payment, ...next }, { amount, final });
  return changed(payment, next, [posting], final ? merge(unwatched, owner) : owner);
}

/** The same total again, under an id that the network may have changed. */
function reauthorized({ payment, answer, at }: Approved): Settled {
  const { changes, part: watched } = watchAuthorization(payment, at);
  const networkPaymentId = answer.networkPaymentId ?? payment.networkPaymentId;
  const moved = { ...changes, networkPaymentId, reauthorizations: payment.reauthorizations + 1 };
  const again = event('payment.reauthorized', payment.id, { authorized: payment.authorized });
  return changed(payment, moved, [again], watched);
}

const learned = ({ checks, schemeTransactionId }: Approval): Partial<Payment> => ({
  ...(checks === undefined ? {} : { checks }),
  ...(schemeTransactionId === undefined ? {} : { schemeTransactionId }),
});

/** True unless the network approved another amount than was asked; an authorization may come out smaller. */
export function approvesWhatWasAsked({ kind, amount }: Operation, answer: Approval): boolean {
  if (answer.amount.currency !== amount.currency) return false;
  return kind === 'authorize' ? compare(answer.amount, amount) <= 0 : equals(answer.amount, amount);
}
