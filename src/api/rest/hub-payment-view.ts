/** A payment of a home wallet in a shop abroad, as the operator sees it: what each side owes or gets, and at which rates. */
import { Type } from 'typebox';
import type { Participant } from '../../parties/index.ts';
import type { HubNotification, HubPayment, HubPrice, HubRefund } from '../../wallets/index.ts';
import { closed, id, instant, money, nullable, said, text } from '../answer-parts.ts';
import { PostingAnswer, TimelineAnswer } from '../answers.ts';

const acquirer = closed({ id: id('ptc'), participantId: text, name: text });
const wallet = closed({ id: id('ptc'), participantId: text, name: text, slug: text, brandCode: text });
const shop = closed({
  merchantId: Type.String({ description: "the acquirer's `referenceMerchantId`" }),
  name: text,
  latinName: Type.Optional(Type.String({ description: 'beside a `name` in another writing' })),
  country: text,
  categoryCode: text,
  store: Type.Optional(closed({ id: text, name: text })),
});
const failure = closed({ code: text, message: text, limitSetBy: Type.Optional(text) });

const facts = {
  id: id('hpy'),
  state: Type.String({ description: 'waiting, in_process, paid, canceling, failed, closed or canceled' }),
  scenario: text,
  requestId: Type.String({ description: "the acquirer's `paymentRequestId`; ours where a person began it" }),
  acquirer,
  wallet: nullable(wallet),
  shop,
  orderReference: text,
  description: text,
  amount: said('what the shop sells for'),
  payTo: Type.Union([money, Type.Null()], { description: 'what the wallet owes; null until a wallet is known' }),
  settlement: Type.Union([money, Type.Null()], { description: 'what the acquirer gets' }),
  refunded: money,
  refunding: money,
  failure: nullable(failure),
  expiresAt: instant,
  paidAt: nullable(instant),
  endedAt: nullable(instant),
  createdAt: instant,
};
export const HubPaymentAnswer = closed(facts);

const discount = closed({
  campaign: nullable(id('cmp')),
  name: text,
  fundedBy: text,
  savings: said("off what the person pays, in the wallet's currency"),
  off: said("off the order, in the shop's currency"),
  funded: said('what its funder pays the acquirer for it'),
});

const price = closed({
  settled: said("what of the settlement the wallet's money pays"),
  margin: said('our markup, in the settlement currency'),
  hubDiscount: money,
  sponsorDiscount: money,
  quote: nullable(id('qte')),
  shownRate: Type.Union([text, Type.Null()], {
    description: "of the wallet's currency for one of the shop's, with all",
  }),
  settlementRate: nullable(text),
  shownFee: said('of what the wallet owes, our markup'),
  lockedAt: instant,
});

const refund = closed({
  id: id('hrf'),
  state: Type.String({ description: 'sent, refunded or refused' }),
  requestId: text,
  amount: said("of the shop's amount"),
  payBack: said("to the wallet, at the payment's own rate"),
  settled: said('from the acquirer'),
  margin: money,
  reason: text,
  failure: nullable(closed({ code: text, message: text })),
  refundedAt: nullable(instant),
  createdAt: instant,
});

const notification = closed({
  id: id('hnt'),
  state: Type.String({ description: 'waiting, acknowledged or given_up' }),
  url: text,
  attempts: Type.Array(closed({ at: instant, outcome: text })),
  createdAt: instant,
});

export const HubPaymentWhole = closed({
  ...facts,
  reference: Type.String({ description: 'ours towards the wallet' }),
  walletPaymentId: nullable(text),
  customerId: nullable(text),
  inquiries: Type.Integer({ description: 'how often the wallet was asked again' }),
  cancelableUntil: nullable(instant),
  cycle: Type.Union([id('cyc'), Type.Null()], { description: 'the clearing cycle it was cleared in' }),
  price: nullable(price),
  discounts: Type.Array(discount),
  push: nullable(closed({ code: text, state: text, at: nullable(instant) })),
  refunds: Type.Array(refund),
  notifications: Type.Array(notification),
  timeline: Type.Array(TimelineAnswer),
  postings: Type.Array(PostingAnswer),
});

/** Participants by id; those of a payment are among them. */
export type Names = ReadonlyMap<string, Participant>;

export function viewHubPayment(payment: HubPayment, names: Names) {
  const { id, state, scenario, requestId, shop, orderReference, description, amount, price } = payment;
  const { refunded, refunding, failure, expiresAt, paidAt, endedAt, createdAt } = payment;
  return {
    ...{ id, state, scenario, requestId, shop, orderReference, description, amount },
    acquirer: viewName(names.get(payment.acquirer)),
    wallet: payment.wallet === null ? null : viewWallet(names.get(payment.wallet)),
    payTo: price?.payTo ?? null,
    settlement: price?.settlement ?? null,
    ...{ refunded, refunding, failure, expiresAt, paidAt, endedAt, createdAt },
  };
}

const viewName = (participant: Participant | undefined) =>
  participant && { id: participant.id, participantId: participant.participantId, name: participant.name };

const viewWallet = (participant: Participant | undefined) =>
  participant?.wallet && {
    ...viewName(participant),
    ...{ slug: participant.wallet.slug, brandCode: participant.wallet.brandCode },
  };

/** What only the view of one payment has, of its own row. */
export const viewTerms = ({ price, discounts, push, ...payment }: HubPayment) => ({
  ...{ reference: payment.reference, walletPaymentId: payment.walletPaymentId, customerId: payment.customerId },
  ...{ inquiries: payment.inquiries, cancelableUntil: payment.cancelableUntil },
  price: price === null ? null : viewPrice(price),
  discounts: discounts.map(({ campaign, name, fundedBy, savings, off, funded }) => ({
    ...{ campaign, name, fundedBy, savings, off, funded },
  })),
  push: push === null ? null : { code: push.code, state: push.state, at: push.at },
});

const viewPrice = ({ payTo: _payTo, settlement: _settlement, ...rest }: HubPrice) => rest;

export const viewHubRefund = ({ id, state, requestId, amount, payBack, settled, margin, ...rest }: HubRefund) => ({
  ...{ id, state, requestId, amount, payBack, settled, margin },
  ...{ reason: rest.reason, failure: rest.failure, refundedAt: rest.refundedAt, createdAt: rest.createdAt },
});

/** Its body is what the payment says; it is not shown again. */
export const viewNotification = ({ id, state, url, attempts, createdAt }: HubNotification) => ({
  ...{ id, state, url, attempts, createdAt },
});
