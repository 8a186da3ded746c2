/**
 * What a marketplace asks of card payments beyond the issuer's yes: when the cardholder is authenticated (EMV 3-D Secure 2),
 * and what a mismatch of address or verification value means. Data on the marketplace; src/payments/card-rules.ts decides.
 */
export interface CardRules {
  readonly authenticate: {
    /** Every payment. */
    readonly always: boolean;
    /** Payments of at least this many minor units, by currency. */
    readonly from: Readonly<Record<string, string>>;
    /** A card that was declined this often within a day, as when somebody tries out stolen numbers; null: never for that. */
    readonly afterDeclines: number | null;
    /** Cards of these countries (ISO 3166 alpha-2), whatever the amount: where the law asks for it. */
    readonly countries: readonly string[];
    /** Below this many minor units such a card is exempt as low value (PSD2 RTS art. 16), by currency. */
    readonly lowValueBelow: Readonly<Record<string, string>>;
    /** When no authentication can be had: go on without liability shift, or not. */
    readonly unavailable: 'continue' | 'decline';
  };
  readonly mismatch: {
    readonly cvv: 'accept' | 'decline';
    readonly address: 'accept' | 'decline';
  };
}

/** The countries of the European Economic Area, where PSD2 asks for it, the United Kingdom, and India. */
const REGULATED =
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB IN'.split(' ');

/** A marketplace that says nothing: authentication where the law asks for it, and from 1,000 dollars; the issuer judges the rest. */
export const DEFAULT_CARD_RULES: CardRules = {
  authenticate: {
    always: false,
    from: { USD: '100000' },
    afterDeclines: 3,
    countries: REGULATED,
    lowValueBelow: { EUR: '3000', GBP: '2500', USD: '3000' },
    unavailable: 'continue',
  },
  mismatch: { cvv: 'accept', address: 'accept' },
};
