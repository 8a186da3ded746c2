/**
 * Asking a wallet for the money of one payment, once: a code dies in a minute, and a token is a secret that is not kept. A process
 * that ends between the commit and the call has not asked; the ladder finds that the wallet does not know the payment, and it
 * fails once the wallet has promised by its cancel that it never will.
 */
import type { Result } from '../base/result.ts';
import type { ShownDiscount, WalletDebit, WalletPayer, WalletTarget } from '../connectors/ports/wallet.ts';
import { findQuote } from '../fx/index.ts';
import { findParticipant, type Participant, type WalletParticipant, walletTarget } from '../parties/index.ts';
import type { HubDeps } from './deps.ts';
import type { HubRefusal } from './errors.ts';
import type { Discount, HubPayment, HubPrice } from './hub-payment.ts';
import { settlePayment } from './settle-payment.ts';

/** Asks for the money, and applies the answer. */
export async function askWallet(
  deps: HubDeps,
  payment: HubPayment,
  payer: WalletPayer,
): Promise<Result<HubPayment, HubRefusal>> {
  const { target, acquirer } = await partiesOf(deps, payment);
  const request = { ...(await hubDebitOf(deps, payment, acquirer)), payer };
  const word = await calling(deps, payment.reference, () => deps.wallets.pay(target, request));
  return settlePayment(deps, payment.id, word);
}

/** Notes a call while it is under way: the ladder does not ask about what may not have arrived yet. */
export async function calling<Answer>(deps: HubDeps, reference: string, call: () => Promise<Answer>): Promise<Answer> {
  deps.calling.add(reference);
  try {
    return await call();
  } finally {
    deps.calling.delete(reference);
  }
}

export interface Sides {
  readonly target: WalletTarget;
  /** `acquirerId`. */
  readonly acquirer: string;
}

/** Of a payment that a wallet has; also of a suspended one, whose payments go on. */
export async function partiesOf({ journal: { db } }: HubDeps, payment: HubPayment): Promise<Sides> {
  const wallet = (await findParticipant(db, payment.wallet as Participant['id'])) as WalletParticipant;
  const acquirer = (await findParticipant(db, payment.acquirer)) as Participant;
  return { target: walletTarget(wallet), acquirer: acquirer.participantId };
}

/** What the wallet is told of a payment whose price is fixed: all from what it keeps, so it is the same however often it is told. */
export async function hubDebitOf(
  deps: HubDeps,
  payment: HubPayment,
  /** `acquirerId`. */
  acquirer: string,
): Promise<WalletDebit> {
  const { reference, amount, discounts, orderReference, description, shop, expiresAt, redirectUrl } = payment;
  return {
    ...{ reference, acquirer, amount, payTo: (payment.price as HubPrice).payTo },
    quote: await shownQuote(deps, payment),
    discounts: discounts.map(shownDiscount),
    order: { reference: orderReference, description, shop },
    ...{ expiresAt, notifyUrl: deps.walletNotifyUrl },
    ...(redirectUrl === null ? {} : { redirectUrl }),
  };
}

/** What a wallet may show of the rate; null where the person pays in the currency of the shop and nothing was exchanged. */
async function shownQuote(
  { journal: { db } }: HubDeps,
  { id, price }: Pick<HubPayment, 'id' | 'price'>,
): Promise<WalletDebit['quote']> {
  if (price === null || price.shownRate === null) return null;
  const quote = price.quote === null ? null : await findQuote(db, price.quote);
  return {
    ...{ id: price.quote ?? id, rate: price.shownRate, markup: price.shownFee, from: price.lockedAt },
    until: quote?.expiresAt ?? price.lockedAt,
  };
}

/** As the person is shown it; a sponsor is one of the hub's. */
const shownDiscount = ({ campaign, name, fundedBy, savings }: Discount): ShownDiscount => ({
  id: campaign ?? name,
  name,
  fundedBy: fundedBy === 'sponsor' ? 'HUB' : (fundedBy.toUpperCase() as ShownDiscount['fundedBy']),
  savings,
});
