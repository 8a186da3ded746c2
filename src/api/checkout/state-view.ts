/**
 * What the buyer's page is told. Only what this buyer may see: of a link that has ended or was taken back nothing but the
 * marketplace's name, of a decline what can be done and never the network's words, of a card its brand and last digits.
 */
import { adviceOn, type Checkout, nextAttempt } from '../../checkout/index.ts';
import { isByWallet, operationsOf, type Payment, type WalletPayment } from '../../payments/index.ts';
import type { App } from '../app.ts';
import { offersFor } from '../rest/payment-methods.ts';

export async function viewCheckout(app: App, checkout: Checkout) {
  const { standing, marketplace, link } = checkout;
  const always = { standing, marketplace: { name: marketplace.name }, returnUrl: link.returnUrl };
  if (standing === 'revoked' || standing === 'expired') return always;
  const last = checkout.attempts.at(-1) ?? null;
  return {
    ...always,
    ...viewTerms(checkout),
    attempt: nextAttempt(checkout),
    card: last?.card ? { brand: last.card.brand, last4: last.card.last4 } : null,
    wallet: last !== null && isByWallet(last) ? viewWallet(last) : null,
    declined: standing === 'ready' && last !== null ? adviceOn(last) : null,
    challenge: standing === 'challenge' ? (last?.authentication?.challenge ?? null) : null,
    receipt: standing === 'paid' && last !== null ? await viewReceipt(app, last) : null,
    fields: standing === 'ready' ? { vault: app.vaultUrl, marketplace: marketplace.id } : null,
    wallets: standing === 'ready' ? (await offersFor(app, checkout)).wallets : [],
  };
}

/** What is paid at home: one rate with everything in it, and what part of the sum is fee. */
const viewWallet = ({ wallet }: WalletPayment) => ({
  name: wallet.name,
  payTo: wallet.payTo,
  rate: wallet.rate?.allIn ?? null,
  fee: wallet.rate?.fee ?? null,
  payUrl: wallet.payUrl,
  paidBack: wallet.paidBack,
});

function viewTerms({ order, seller, link }: Checkout) {
  const instalment = order.instalments.find(({ number }) => number === link.instalment);
  return {
    seller: { name: seller.name, country: seller.country },
    order: { reference: order.reference, description: order.description, total: order.total, state: order.state },
    instalment: link.instalment,
    amount: instalment?.amount ?? order.total,
    plan: order.instalments.map(({ number, amount, due, state }) => ({ number, amount, due, state })),
    protection: {
      releaseAfterReceiptDays: order.policy.releaseAfterReceiptDays,
      autoReceiptDays: order.policy.autoReceiptDays,
    },
  };
}

async function viewReceipt(app: App, payment: Payment) {
  const [operations, facts] = await Promise.all([
    operationsOf(app.journal.db, payment.id),
    app.payments.owner.describe(payment),
  ]);
  const taken = operations.find(({ kind, state }) => (kind === 'sale' || kind === 'capture') && state === 'approved');
  return {
    amount: payment.captured,
    refunded: payment.refunded,
    paidAt: taken?.answeredAt ?? payment.createdAt,
    reference: taken?.reference ?? payment.id,
    statement: facts.statementDescriptor,
  };
}
