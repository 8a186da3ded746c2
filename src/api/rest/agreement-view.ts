/** How agreements and kept cards look to a client. A card's id is its token at the vault, which is nothing without its owner. */
import type { Agreement, BuyerCard } from '../../payments/index.ts';

export const viewAgreement = (agreement: Agreement) => ({
  id: agreement.id,
  state: agreement.state,
  marketplace: agreement.marketplace,
  buyer: agreement.buyer,
  scope: agreement.scope,
  order: agreement.order,
  maximum: agreement.maximum,
  terms: agreement.terms,
  agreedAt: agreement.agreedAt,
  payment: agreement.payment,
  firstUse:
    agreement.first === null
      ? null
      : {
          named: agreement.first.schemeTransactionId !== null,
          authenticated: agreement.first.authenticated,
          authenticationAsked: agreement.authenticationAsked,
        },
  card: agreement.card === null ? null : viewCard(agreement.card),
  ended: agreement.ended,
});

export const viewBuyerCard = (card: BuyerCard) => ({ ...viewCard(card), agreement: card.agreement?.id ?? null });

const viewCard = (card: Omit<BuyerCard, 'agreement'>) => ({
  id: card.token,
  brand: card.brand,
  last4: card.last4,
  expiryMonth: card.expiryMonth,
  expiryYear: card.expiryYear,
  fingerprint: card.fingerprint,
  state: card.state,
});
