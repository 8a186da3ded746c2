/**
 * notifyPayment of wallets: what became of a payment that they were asked for, or that their user began. The reference says whose
 * payment it is: the hub's, or one of somebody else who is paid by wallets. Believed when it is about a payment of that
 * wallet and says the amount that was agreed.
 */
import { equals, type Money } from '../../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../../base/result.ts';
import type { WalletInquiryAnswer } from '../../connectors/ports/wallet.ts';
import { findByReference, settlePayment } from '../../wallets/index.ts';
import type { Fields } from '../ams/fields.ts';
import type { App, NoticeTaker, WalletNotice } from '../app.ts';
import { type Answer, type Call, refused } from './call.ts';
import { UNKNOWN_PAYMENT } from './named.ts';
import { SUCCESS } from './results.ts';

export async function notifyPayment({ app, participant, fields }: Call): Promise<Answer> {
  const reference = fields.needText('paymentRequestId', 64);
  const word = readWord(app, fields);
  const payTo = readPayTo(fields);
  if (fields.wrong !== null) return refused(fields.wrong);
  for (const take of [ofHub(app), ...app.hub.noticeTakers]) {
    const taken = await take({ wallet: participant, reference, word, payTo });
    if (taken !== null) return taken.ok ? { result: SUCCESS } : refused(taken.error);
  }
  return refused(UNKNOWN_PAYMENT);
}

/** Payments through the hub. */
const ofHub =
  ({ hub, journal }: App): NoticeTaker =>
  async ({ wallet, reference, word, payTo }: WalletNotice): Promise<Result<null, Refusal> | null> => {
    const payment = await findByReference(journal.db, reference);
    if (payment === null || payment.wallet !== wallet.id || payment.price === null) return null;
    if (payTo !== null && !equals(payTo, payment.price.payTo))
      return refuse('amount_differs', 'is not what was agreed', { pointer: '/payToAmount' });
    const settled = await settlePayment(hub.deps, payment.id, word);
    return settled.ok ? ok(null) : settled;
  };

function readWord(app: App, fields: Fields): WalletInquiryAnswer {
  const status = fields.word('paymentResult.resultStatus', ['S', 'F', 'U'] as const);
  const code = fields.needText('paymentResult.resultCode', 64);
  const message = fields.text('paymentResult.resultMessage', 256) ?? '';
  const walletPaymentId = fields.text('paymentId', 64);
  const paidAt = fields.time('paymentTime') ?? app.clock.now();
  const customerId = fields.text('customerId', 64);
  if (status === null) fields.reject('paymentResult.resultStatus', 'is needed');
  if (status === 'F') return { outcome: 'declined', code, message, limitSetBy: fields.text('limit.setBy', 64) };
  if (status === 'U') return { outcome: 'pending', walletPaymentId, payUrl: null };
  if (walletPaymentId === null) fields.reject('paymentId', 'is needed');
  return { outcome: 'approved', walletPaymentId: walletPaymentId ?? '', paidAt, customerId };
}

function readPayTo(fields: Fields): Money | null {
  if (!fields.has('payToAmount')) return null;
  return fields.needAmount('payToAmount');
}
