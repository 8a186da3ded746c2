/**
 * A payment by wallet, gone on with by whoever comes later: the resume job of its operation, a notification of the wallet, the
 * buyer who is back from the wallet's page, the end of its time. Everything is asked by the reference it began with, and
 * nothing is ever charged again. A sale that we called the wallet with and that it does not know is canceled there first, so that it
 * cannot arrive any more; only then it was never received.
 */
import type { Id } from '../base/ids.ts';
import { equals, type Money } from '../base/money.ts';
import type { WalletAnswer } from '../connectors/ports/wallet.ts';
import { COMMITTED, FINISHED, type Job, type JobResult } from '../jobs/index.ts';
import type { JobLease } from '../journal/index.ts';
import { askBack, cancelAtWallet, inquire, type WalletWord, wordOf } from './ask-wallet.ts';
import { cancelWalletPayment, pursueCancel } from './cancel-wallet-payment.ts';
import type { PaymentDeps } from './deps.ts';
import { isOpen, type Operation } from './operation.ts';
import { isByWallet, type Payment, type WalletPayment } from './payment.ts';
import { settleOperation } from './settle-operation.ts';
import { findOperation, findOperationByReference, findPayment } from './store.ts';
import { walletById } from './wallet-access.ts';

/** Pauses between inquiries, business time, as a hub polls a partner: seconds, minutes, then every five minutes. */
const LADDER_MS = [4_000, 4_000, 30_000, 60_000, 60_000, 60_000, 300_000] as const;
const PAUSE_MS = 30_000;

/** The resume job of an operation with a wallet. */
export async function resumeWalletOperation(deps: PaymentDeps, operation: Operation, job: Job): Promise<JobResult> {
  if (deps.inFlight.has(operation.id)) return again(job, 'its call is under way');
  const payment = await load(deps, operation);
  const asked = { wallet: await walletById(deps.journal.db, payment.wallet.participant), payment, operation };
  if (operation.kind === 'sale' && payment.wallet.canceling !== null) {
    await pursueCancel(deps, asked);
    return isSettled(deps, operation, job);
  }
  const word = operation.kind === 'sale' ? await askAboutSale(deps, asked) : await askBack(deps, asked);
  return settle(deps, operation, word, job);
}

async function askAboutSale(deps: PaymentDeps, asked: Parameters<typeof inquire>[1]): Promise<WalletWord> {
  const found = await inquire(deps, asked);
  if (found !== 'not_found') return found;
  if (asked.payment.wallet.way === 'order_code') return ITS_USER_DECIDES;
  const canceled = await cancelAtWallet(deps, asked, 'not_received');
  return canceled === 'refused'
    ? { answer: { outcome: 'unknown', cause: 'not found, and not to be canceled' }, learned: {} }
    : canceled;
}

/** We have not called a wallet whose user has scanned: it may know the payment only once he has said yes. */
const ITS_USER_DECIDES: WalletWord = { answer: { outcome: 'pending' }, learned: {} };

async function settle(deps: PaymentDeps, operation: Operation, word: WalletWord, job: Job): Promise<JobResult> {
  const { outcome } = word.answer;
  const final = outcome === 'approved' || outcome === 'declined';
  if (!final && outcome === operation.state && word.learned.payUrl === undefined) return again(job, 'outcome unknown');
  const done: { readonly done?: JobLease } = final ? { done: { job: job.id, lease: job.lease } } : {};
  const settled = await settleOperation(deps, { operation: operation.id, ...word, ...done });
  if (!settled.ok) return settled.error.code === 'operation_closed' ? FINISHED : again(job, settled.error.code);
  if (!final) return again(job, 'outcome unknown');
  // What was given up meanwhile is not approved: its job goes on.
  const after = await findOperation(deps.journal.db, operation.id);
  return after !== null && isOpen(after) ? again(job, 'it is being canceled') : COMMITTED;
}

async function isSettled(deps: PaymentDeps, { id }: Operation, job: Job): Promise<JobResult> {
  const after = await findOperation(deps.journal.db, id);
  return after !== null && isOpen(after) ? again(job, 'the wallet has not canceled yet') : FINISHED;
}

function again(job: Job, reason: string): JobResult {
  const rung = Math.min(job.attempts - 1, LADDER_MS.length - 1);
  return { kind: 'again', afterMs: LADDER_MS[Math.max(rung, 0)] as number, reason, countsAsAttempt: true };
}

async function load({ journal: { db } }: PaymentDeps, { id, payment }: Operation): Promise<WalletPayment> {
  const found = await findPayment(db, payment);
  if (found === null || !isByWallet(found)) throw new Error(`payment ${payment} of operation ${id} is not by wallet`);
  return found;
}

export interface WalletNotice {
  /** Who says it, by its signature. A wallet is heard about its own payments only. */
  readonly wallet: Id<'ptc'>;
  /** Ours, of the payment. */
  readonly reference: string;
  /** What the wallet says, signed; without it the wallet is asked. */
  readonly word?: WalletAnswer;
  /** What it says it owes us. A word about another amount is not taken: the wallet is asked. */
  readonly payTo?: Money;
}

/**
 * A wallet says that a payment has changed. May be said twice, and before the wallet has answered the first call. `unknown`:
 * no payment of an order with this wallet has this reference.
 */
export async function walletNotified(deps: PaymentDeps, notice: WalletNotice): Promise<'taken' | 'unknown'> {
  const operation = await findOperationByReference(deps.journal.db, notice.reference);
  if (operation === null || operation.moved === undefined) return 'unknown';
  if ((await load(deps, operation)).wallet.participant !== notice.wallet) return 'unknown';
  if (!isOpen(operation) || operation.kind !== 'sale') return 'taken';
  const agrees = notice.payTo === undefined || equals(notice.payTo, operation.moved);
  if (notice.word !== undefined && agrees) await settleFinal(deps, operation, wordOf(operation, notice.word));
  else await lookAtSale(deps, operation);
  return 'taken';
}

/** The buyer is back, or somebody wants to know. */
export async function lookAtWallet(deps: PaymentDeps, payment: WalletPayment): Promise<Payment> {
  const { db } = deps.journal;
  const operation = payment.openOperation === null ? null : await findOperation(db, payment.openOperation);
  if (operation === null || operation.kind !== 'sale' || deps.inFlight.has(operation.id)) return payment;
  await lookAtSale(deps, operation);
  return (await findPayment(db, payment.id)) as Payment;
}

async function lookAtSale(deps: PaymentDeps, operation: Operation): Promise<void> {
  const payment = await load(deps, operation);
  const wallet = await walletById(deps.journal.db, payment.wallet.participant);
  const word = await inquire(deps, { wallet, payment, operation });
  // Not found means something only once the call cannot arrive any more: the resume job sees to that.
  if (word !== 'not_found') await settleFinal(deps, operation, word);
}

async function settleFinal(deps: PaymentDeps, operation: Operation, word: WalletWord): Promise<void> {
  const { outcome } = word.answer;
  if (outcome !== 'approved' && outcome !== 'declined') return;
  await settleOperation(deps, { operation: operation.id, ...word });
}

/** Nobody paid in time: canceled at the wallet until that is done. */
export async function expireWalletPayment(deps: PaymentDeps, payment: WalletPayment): Promise<JobResult> {
  if (payment.state !== 'pending') return FINISHED;
  const open = payment.openOperation as Id<'opn'>;
  if (deps.inFlight.has(open)) return later('its call is under way');
  if (payment.wallet.canceling === null) {
    const asked = { marketplace: null, payment: payment.id, by: 'expiry' } as const;
    const canceled = await cancelWalletPayment(deps, undefined, asked);
    if (!canceled.ok && canceled.error.code !== 'illegal_move') return later(canceled.error.code);
  } else {
    const operation = (await findOperation(deps.journal.db, open)) as Operation;
    const wallet = await walletById(deps.journal.db, payment.wallet.participant);
    await pursueCancel(deps, { wallet, payment, operation });
  }
  const after = await findPayment(deps.journal.db, payment.id);
  return after?.state === 'pending' ? later('the wallet has not canceled yet') : FINISHED;
}

const later = (reason: string): JobResult => ({ kind: 'again', afterMs: PAUSE_MS, reason });
