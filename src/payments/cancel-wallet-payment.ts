/**
 * Giving up a payment by wallet. Without a word of the wallet the wish commits first, and the wallet is asked to cancel until
 * it has: a success that comes later counts no more. What is paid already is taken back whole at the wallet, as long as its
 * window is open and nothing of it was refunded; afterwards it is refunded.
 * Checks in this order: the payment, its state, what is asked about it, refunds, the window, then what the order says.
 */
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { type CommandKey, type Decision, merge, type Outcome, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { askBack, askInTime, cancelAtWallet, inquire } from './ask-wallet.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import type { CanceledBy } from './method.ts';
import type { Operation } from './operation.ts';
import { isByWallet, type Payment, payments, type WalletPayment } from './payment.ts';
import { settleOperation } from './settle-operation.ts';
import { startOperation } from './start-operation.ts';
import { findOperation, findPayment } from './store.ts';
import { walletById } from './wallet-access.ts';

export interface CancelWalletPayment {
  readonly marketplace: Id<'mkt'> | null;
  readonly payment: Id<'pay'>;
  readonly by: CanceledBy;
}

/** Canceled or expired; captured when the wallet's success could not be taken back; pending while the wallet is silent. */
export async function cancelWalletPayment(
  deps: PaymentDeps,
  command: CommandKey | undefined,
  input: CancelWalletPayment,
): Promise<Result<Outcome<Payment>, PaymentRefusal>> {
  return deps.inFlight.during(async (flight) => {
    const begun = await deps.journal.run(command, async () => flight.track(await decide(deps, command, input)));
    if (!begun.ok || begun.value.kind === 'repeated') return begun as Result<Outcome<Payment>, PaymentRefusal>;
    const { payment, operation } = begun.value.value;
    const asked = { wallet: await walletById(deps.journal.db, payment.wallet.participant), payment, operation };
    const settled =
      operation.kind === 'void'
        ? await settleOperation(deps, {
            operation: operation.id,
            ...(await askInTime(flight, () => askBack(deps, asked))),
          })
        : await pursueCancel(deps, asked);
    if (!settled.ok && settled.error.code !== 'operation_closed') return settled;
    const value = (await findPayment(deps.journal.db, payment.id)) as Payment;
    return ok({ kind: 'committed', value, seq: begun.value.seq });
  });
}

type Begun = Decision<{ readonly payment: WalletPayment; readonly operation: Operation }>;

async function decide(
  deps: PaymentDeps,
  command: CommandKey | undefined,
  { marketplace, payment: id, by }: CancelWalletPayment,
): Promise<Result<Begun, PaymentRefusal>> {
  const payment = await findPayment(deps.journal.db, id);
  if (payment === null || (marketplace !== null && payment.marketplace !== marketplace))
    return refuse('not_found', 'no such payment');
  if (!isByWallet(payment)) return refuse('illegal_move', 'it is not paid by wallet');
  if (payment.state === 'pending') return giveUp(deps, payment, by);
  if (payment.state !== 'captured')
    return refuse('illegal_move', `a payment that is ${payment.state} cannot be canceled`, {
      facts: { state: payment.state },
    });
  return takeBack(deps, command, payment);
}

/** From here a success of the wallet counts no more. */
async function giveUp(
  deps: PaymentDeps,
  payment: WalletPayment,
  by: CanceledBy,
): Promise<Result<Begun, PaymentRefusal>> {
  if (payment.wallet.canceling !== null)
    return refuse('operation_in_progress', 'it is being canceled; the wallet has not answered yet');
  const operation = (await findOperation(deps.journal.db, payment.openOperation as Id<'opn'>)) as Operation;
  const at = deps.clock.now();
  const wallet = { ...payment.wallet, canceling: { by, at } };
  const changed: WalletPayment = { ...payment, wallet, version: payment.version + 1 };
  const asked = part({
    events: [event('payment.cancel_asked', payment.id, { by })],
    writes: [update(payments, payment, { wallet })],
  });
  return ok({ unit: { at, ...asked, answer: changed }, value: { payment: changed, operation } });
}

async function takeBack(
  deps: PaymentDeps,
  command: CommandKey | undefined,
  payment: WalletPayment,
): Promise<Result<Begun, PaymentRefusal>> {
  if (payment.openOperation !== null)
    return refuse('operation_in_progress', 'the wallet has not answered an earlier request about this payment');
  if (payment.refunded.amount + payment.refunding.amount > 0n)
    return refuse('illegal_move', 'a part of it was refunded; refund the rest', { facts: { state: payment.state } });
  const at = deps.clock.now();
  const { cancelableUntil, payTo } = payment.wallet;
  if (cancelableUntil === null || at >= cancelableUntil)
    return refuse('cancel_window_over', 'the day on which it can be canceled is over; refund it', {
      facts: { cancelableUntil },
    });
  const owner = await deps.owner.startReversal(payment);
  if (!owner.ok) return owner;
  const { operation, part: sent } = startOperation({
    ...({ payment, kind: 'void', amount: payment.captured, moved: payTo, command, at } as const),
    timeoutMs: deps.acquirerTimeoutMs,
  });
  const changed: WalletPayment = { ...payment, version: payment.version + 1, openOperation: operation.id };
  const started = part({
    events: [event('payment.operation_started', payment.id, { operation: operation.id, kind: operation.kind })],
    writes: [update(payments, payment, { openOperation: operation.id })],
  });
  const unit = { at, ...merge(started, sent, owner.value), open: true, answer: changed };
  return ok({ unit, value: { payment: changed, operation } });
}

interface Pursued {
  readonly wallet: Parameters<typeof cancelAtWallet>[1]['wallet'];
  readonly payment: WalletPayment;
  readonly operation: Operation;
}

/**
 * The wallet is asked to cancel. One that refuses is asked what is so: what it says then counts again, for its user was
 * debited and keeps the goods, or can be refunded.
 */
export async function pursueCancel(deps: PaymentDeps, asked: Pursued): Promise<Result<Payment, PaymentRefusal>> {
  const { payment, operation } = asked;
  const code = payment.wallet.canceling?.by === 'expiry' ? 'expired' : 'canceled';
  const word = await cancelAtWallet(deps, asked, code);
  if (word !== 'refused' && word.answer.outcome === 'unknown' && operation.state === 'unknown') return ok(payment);
  if (word !== 'refused') return settleOperation(deps, { operation: operation.id, ...word });
  const now = await inquire(deps, asked);
  if (now === 'not_found') {
    const answer = { outcome: 'unknown', cause: 'cancel refused, and not found' } as const;
    return settleOperation(deps, { operation: operation.id, answer });
  }
  const learned = { ...now.learned, cancelRefused: true } as const;
  return settleOperation(deps, { operation: operation.id, answer: now.answer, learned });
}
