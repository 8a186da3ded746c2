/** `back=issuer`: the cardholder comes back from the issuer's page to this order. */
export interface OrderPageSearch {
  readonly back?: 'issuer' | undefined;
}

export const parseOrderPageSearch = (raw: Record<string, unknown>): OrderPageSearch =>
  raw.back === 'issuer' ? { back: 'issuer' } : {};
