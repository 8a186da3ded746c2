/**
 * What a buyer can do after a decline: one of a few things, whatever the network's word was. Issuers do not want their
 * reasons told to whoever holds a card, and nobody is helped by a code.
 */
import { isByWallet, type Payment } from '../payments/index.ts';

export type Advice =
  /** This card will not do. */
  | 'other_card'
  /** Another card, or the issuer's word and then the same card again. */
  | 'other_card_or_bank'
  /** The same card, with the issuer's confirmation, which could not be had this time. */
  | 'confirm_with_bank'
  /** The issuer could not confirm the cardholder; nothing was asked of the card. */
  | 'not_confirmed'
  /** The security code was not the card's. */
  | 'check_code'
  /** The issuer would give a part only. */
  | 'part_approved'
  /** It never got to the network. */
  | 'try_again'
  /** The wallet said no. */
  | 'other_wallet'
  /** The wallet waited, and nobody paid, or the payment was given up. */
  | 'wallet_ended';

/** Null while there is nothing to advise about. */
export function adviceOn(payment: Payment): Advice | null {
  if (isByWallet(payment)) {
    if (payment.state === 'expired' || payment.state === 'canceled') return 'wallet_ended';
    if (payment.decline?.code === 'not_received') return 'try_again';
    return payment.decline === null ? null : 'other_wallet';
  }
  return payment.decline === null ? null : adviceAfter(payment.decline);
}

export function adviceAfter({ code, class: meaning }: NonNullable<Payment['decline']>): Advice {
  const own = OWN_WORDS[code];
  if (own !== undefined) return own;
  switch (meaning) {
    case 'authenticate':
      return 'confirm_with_bank';
    case 'hard':
    case 'refused':
      return 'other_card';
    default:
      return 'other_card_or_bank';
  }
}

/** Declines of our own making (src/payments). */
const OWN_WORDS: Readonly<Record<string, Advice>> = {
  authentication_failed: 'not_confirmed',
  cvv_mismatch: 'check_code',
  address_mismatch: 'other_card',
  partial_approval: 'part_approved',
  not_received: 'try_again',
};
