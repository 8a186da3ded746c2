/**
 * An operation, as a wallet is asked about it, and the wallet's word in the terms of every operation. A refund is asked for
 * again under its reference: the wallet answers what it answered first. A cancel may be repeated as it is.
 */
import type { Instant } from '../base/clock.ts';
import type { AcquirerAnswer } from '../connectors/ports/card-acquirer.ts';
import type { WalletAnswer, WalletDebit, WalletPayer } from '../connectors/ports/wallet.ts';
import type { Queryable } from '../db/pool.ts';
import { type WalletParticipant, walletTarget } from '../parties/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { Flight } from './in-flight.ts';
import type { Operation } from './operation.ts';
import type { Payment, WalletPayment } from './payment.ts';
import type { PayableFacts } from './ports.ts';
import { findRefund, operationsOf } from './store.ts';
import { networkOf } from './wallet-access.ts';

/** Asks, unless it has become too late for that (in-flight.ts). */
export async function askInTime(flight: Flight, ask: () => Promise<WalletWord>): Promise<WalletWord> {
  let learned: Learned = {};
  const answer = await flight.call(async () => {
    const word = await ask();
    learned = word.learned;
    return word.answer;
  });
  return { answer, learned };
}

/** What a wallet says beside its answer. */
export interface Learned {
  readonly payUrl?: string;
  readonly customerId?: string;
  readonly paidAt?: Instant;
  readonly limitSetBy?: string;
  /** The wallet has refused the cancel that was asked: what it says now counts again. */
  readonly cancelRefused?: true;
}

export interface WalletWord {
  readonly answer: AcquirerAnswer;
  readonly learned: Learned;
}

export interface Asked {
  readonly wallet: WalletParticipant;
  readonly payment: WalletPayment;
  readonly operation: Operation;
}

/** The first call of a payment. */
export async function askToPay(
  { wallets }: PaymentDeps,
  asked: Asked & { readonly facts: PayableFacts; readonly payer: WalletPayer },
): Promise<WalletWord> {
  const { wallet, payment, operation, facts, payer } = asked;
  const request = { ...debit(wallets, { payment, reference: operation.reference, facts }), payer };
  return wordOf(operation, await networkOf(wallets).pay(walletTarget(wallet), request));
}

/** What the wallet is told of a payment: all from the terms that it keeps, so it is the same however often it is told. */
export async function debitOf({ wallets, journal, owner }: PaymentDeps, payment: WalletPayment): Promise<WalletDebit> {
  const { reference } = await saleOf(journal.db, payment);
  return debit(wallets, { payment, reference, facts: await owner.describe(payment) });
}

interface Debited {
  readonly payment: WalletPayment;
  readonly reference: string;
  readonly facts: PayableFacts;
}

function debit({ acquirer, notifyUrl }: PaymentDeps['wallets'], { payment, reference, facts }: Debited): WalletDebit {
  const { payTo, rate, returnUrl } = payment.wallet;
  const { softMerchant, orderNumber, description } = facts;
  // Nothing is waited for once it is paid.
  const expiresAt = payment.expiresAt ?? payment.wallet.paidAt ?? payment.createdAt;
  return {
    reference,
    acquirer,
    amount: payment.amount,
    payTo,
    quote:
      rate === null
        ? null
        : { id: rate.quote, rate: rate.allIn, markup: rate.fee, from: rate.lockedAt, until: expiresAt },
    discounts: [],
    order: {
      reference: orderNumber,
      description: description.slice(0, 256),
      shop: {
        merchantId: softMerchant.sellerId,
        name: softMerchant.name,
        country: softMerchant.country,
        categoryCode: softMerchant.categoryCode,
      },
    },
    expiresAt,
    notifyUrl,
    ...(returnUrl === null ? {} : { redirectUrl: returnUrl }),
  };
}

/** What became of a payment at the wallet; `not_found` when it never arrived. */
export async function inquire(
  { wallets }: PaymentDeps,
  { wallet, operation }: Asked,
): Promise<WalletWord | 'not_found'> {
  const ask = { reference: operation.reference, acquirer: wallets.acquirer };
  const answer = await networkOf(wallets).inquire(walletTarget(wallet), ask);
  return answer.outcome === 'not_found' ? 'not_found' : wordOf(operation, answer);
}

/** Everything back, or never debited: of a payment that has no word yet. `code`: what it is called then. */
export async function cancelAtWallet(
  { wallets }: PaymentDeps,
  { wallet, operation }: Asked,
  code: string,
): Promise<WalletWord | 'refused'> {
  const ask = { reference: operation.reference, acquirer: wallets.acquirer };
  const answer = await networkOf(wallets).cancel(walletTarget(wallet), ask);
  if (answer.outcome === 'refused') return 'refused';
  if (answer.outcome === 'unknown') return { answer, learned: {} };
  return { answer: { outcome: 'declined', code, message: 'canceled at the wallet' }, learned: {} };
}

/** A void or a refund, also when it is asked again. */
export async function askBack(deps: PaymentDeps, asked: Asked): Promise<WalletWord> {
  return asked.operation.kind === 'void' ? reverse(deps, asked) : refund(deps, asked);
}

async function reverse(deps: PaymentDeps, { wallet, payment, operation }: Asked): Promise<WalletWord> {
  const { acquirer } = deps.wallets;
  const { reference } = await saleOf(deps.journal.db, payment);
  const answer = await networkOf(deps.wallets).cancel(walletTarget(wallet), { reference, acquirer });
  if (answer.outcome === 'done') return { answer: approved(operation, operation.reference), learned: {} };
  if (answer.outcome === 'unknown') return { answer, learned: {} };
  return { answer: { outcome: 'declined', code: answer.code, message: answer.message }, learned: {} };
}

async function refund(deps: PaymentDeps, { wallet, payment, operation }: Asked): Promise<WalletWord> {
  const { amount, moved, reference } = operation;
  if (moved === undefined) throw new Error(`operation ${operation.id} is not one of a wallet`);
  const answer = await networkOf(deps.wallets).refund(walletTarget(wallet), {
    paymentReference: (await saleOf(deps.journal.db, payment)).reference,
    reference,
    amount,
    payBack: moved,
    reason: await reasonOf(deps, operation),
  });
  if (answer.outcome !== 'approved') return { answer, learned: {} };
  return { answer: approved(operation, answer.walletRefundId), learned: {} };
}

async function reasonOf({ journal: { db } }: PaymentDeps, { refund }: Operation): Promise<string> {
  const row = refund === null ? null : await findRefund(db, refund);
  return row?.reason ?? 'refund';
}

/** The wallet knows a payment by the reference of its sale, whatever is asked later. */
async function saleOf(db: Queryable, { id }: Payment): Promise<Operation> {
  const sale = (await operationsOf(db, id)).find(({ kind }) => kind === 'sale');
  if (sale === undefined) throw new Error(`payment ${id} has no sale`);
  return sale;
}

/** A wallet's word about a payment. */
export function wordOf(operation: Operation, answer: WalletAnswer): WalletWord {
  switch (answer.outcome) {
    case 'approved': {
      const { walletPaymentId, paidAt, customerId } = answer;
      const learned = { paidAt, ...(customerId === null ? {} : { customerId }) };
      return { answer: approved(operation, walletPaymentId), learned };
    }
    case 'pending': {
      const { walletPaymentId: id, payUrl } = answer;
      return {
        answer: { outcome: 'pending', ...(id === null ? {} : { networkId: id }) },
        learned: payUrl === null ? {} : { payUrl },
      };
    }
    case 'declined': {
      const { code, message, limitSetBy } = answer;
      return { answer: { outcome: 'declined', code, message }, learned: limitSetBy === null ? {} : { limitSetBy } };
    }
    case 'unknown':
      return { answer, learned: {} };
  }
}

const approved = ({ amount }: Operation, networkId: string): AcquirerAnswer => ({
  outcome: 'approved',
  networkId,
  amount,
  details: {},
});
