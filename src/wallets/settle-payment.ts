/**
 * The word of a wallet about a payment, wherever it comes from: its answer to pay, an inquiry, its notification. Applied once; the
 * same word again, or one that comes too late, changes nothing. Who has asked to cancel, or was told that it is closed, is
 * never told that it is paid: then the wallet is told to cancel instead.
 *
 * Invariant: money is posted here and nowhere else, in the unit in which the payment becomes paid, with the quote it used and
 * the message that tells the acquirer.
 */
import type { Instant } from '../base/clock.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type { WalletInquiryAnswer } from '../connectors/ports/wallet.ts';
import { findQuote, type Quote, quoteUsed } from '../fx/index.ts';
import { type CommitUnit, type Decision, EMPTY_PART, merge, part, type UnitPart, update } from '../journal/index.ts';
import { event, type NewEvent } from '../ledger/index.ts';
import { findParticipant, type Participant } from '../parties/index.ts';
import type { HubDeps } from './deps.ts';
import type { HubRefusal } from './errors.ts';
import { findCode, startingPush, verifyingCode } from './hub-codes/index.ts';
import { tellingAcquirer } from './hub-notification.ts';
import { HUB_PAYMENT_MOVES, type HubPayment, type HubPrice, hubPayments } from './hub-payment.ts';
import { loadHubPayment } from './store.ts';
import { cancelableUntil } from './wait-times.ts';

type Approved = Extract<WalletInquiryAnswer, { readonly outcome: 'approved' }>;
type Declined = Extract<WalletInquiryAnswer, { readonly outcome: 'declined' }>;

/** The payment as it stands afterwards. */
export async function settlePayment(
  deps: HubDeps,
  id: HubPayment['id'],
  word: WalletInquiryAnswer,
): Promise<Result<HubPayment, HubRefusal>> {
  const { db } = deps.journal;
  const before = (await loadHubPayment(db, id)) as HubPayment;
  if (before.state !== 'in_process' || !saysSomething(before, word)) return ok(before);
  const settled = await deps.journal.run(
    undefined,
    async (): Promise<Result<Decision<null>, Refusal<'nothing_new'>>> => {
      const payment = (await loadHubPayment(db, id)) as HubPayment;
      if (payment.state !== 'in_process' || !saysSomething(payment, word))
        return refuse('nothing_new', 'it was said before, or too late');
      const at = deps.clock.now();
      return ok({ unit: await unitOf(deps, payment, word, at), value: null });
    },
  );
  if (!settled.ok && settled.error.code !== 'nothing_new')
    return { ok: false, error: settled.error as Exclude<typeof settled.error, Refusal<'nothing_new'>> };
  return ok((await loadHubPayment(db, id)) as HubPayment);
}

function saysSomething({ walletPaymentId, payUrl }: HubPayment, word: WalletInquiryAnswer): boolean {
  if (word.outcome === 'approved' || word.outcome === 'declined') return true;
  if (word.outcome !== 'pending') return false;
  const news = (known: string | null, said: string | null): boolean => said !== null && said !== known;
  return news(walletPaymentId, word.walletPaymentId) || news(payUrl, word.payUrl);
}

async function unitOf(deps: HubDeps, payment: HubPayment, word: WalletInquiryAnswer, at: Instant): Promise<CommitUnit> {
  switch (word.outcome) {
    case 'approved':
      return { at, ...(await paying(deps, payment, word, at)) };
    case 'declined':
      return { at, ...(await failing(deps, payment, word, at)) };
    case 'pending': {
      const walletPaymentId = word.walletPaymentId ?? payment.walletPaymentId;
      const payUrl = word.payUrl ?? payment.payUrl;
      const waits = event('hub_payment.wallet_waits', payment.id, { walletPaymentId });
      return { at, ...part({ events: [waits], writes: [update(hubPayments, payment, { walletPaymentId, payUrl })] }) };
    }
    default:
      throw new Error(`a wallet that says ${word.outcome} settles nothing`);
  }
}

async function paying(deps: HubDeps, payment: HubPayment, word: Approved, at: Instant): Promise<UnitPart> {
  const price = payment.price as HubPrice;
  const wallet = (await findParticipant(deps.journal.db, payment.wallet as Participant['id'])) as Participant;
  // The wallet's own time, for its day decides until when it can be canceled there; but not before it was asked, nor yet to come.
  const paidAt = word.paidAt < payment.createdAt ? payment.createdAt : word.paidAt > at ? at : word.paidAt;
  const paid = ended(payment, 'paid', {
    walletPaymentId: word.walletPaymentId,
    customerId: payment.customerId ?? word.customerId,
    paidAt,
    cancelableUntil: cancelableUntil(paidAt, wallet.wallet?.cutOffMinutes ?? CUT_OFF_MINUTES),
  });
  const code = payment.code === null ? null : await findCode(deps.journal.db, payment.code);
  const quote = price.quote === null ? null : ((await findQuote(deps.journal.db, price.quote)) as Quote);
  return merge(
    part({
      events: [paidEvent(payment, price)],
      writes: [update(hubPayments, payment, paid)],
      withdraws: payment.waitJob === null ? [] : [payment.waitJob],
    }),
    quote === null ? EMPTY_PART : quoteUsed(quote, payment.id),
    await deps.discounts.spending(payment),
    verifyingCode(code, payment.id, at),
    startingPush(payment, at),
    await tellingAcquirer(deps, paid, at),
  );
}

/** 00:15; of a participant that is no wallet any more. */
const CUT_OFF_MINUTES = 15;

async function failing(
  deps: HubDeps,
  payment: HubPayment,
  { code, message, limitSetBy }: Declined,
  at: Instant,
): Promise<UnitPart> {
  const failure = { code, message, ...(limitSetBy === null ? {} : { limitSetBy }) };
  const failed = ended(payment, 'failed', { failure, endedAt: at });
  return merge(
    part({
      events: [event('hub_payment.failed', payment.id, { code })],
      writes: [update(hubPayments, payment, failed)],
      withdraws: payment.waitJob === null ? [] : [payment.waitJob],
    }),
    await deps.discounts.lettingGo(payment),
    await tellingAcquirer(deps, failed, at),
  );
}

function ended(payment: HubPayment, state: 'paid' | 'failed', facts: Partial<HubPayment>): HubPayment {
  assertMove(HUB_PAYMENT_MOVES, `hub payment ${payment.id}`, payment.state, state);
  return { ...payment, state, ...facts, waitJob: null };
}

/** Who a payment is between, as events say it. */
export const sidesOf = ({ id, walletAccount, acquirer }: HubPayment) => ({
  payment: id,
  wallet: walletAccount as NonNullable<HubPayment['walletAccount']>,
  acquirer,
});

function paidEvent(payment: HubPayment, { quote, payTo, settled, margin }: HubPrice): NewEvent {
  const sides = sidesOf(payment);
  return quote === null
    ? event('hub.paid_same_currency', payment.id, { ...sides, payTo })
    : event('hub.paid', payment.id, { ...sides, payTo, settled, margin });
}
