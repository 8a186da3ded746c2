/** The state of the list of payments in shops, in the URL. */
export interface ShopPaymentSearch {
  /** States, separated by commas. */
  readonly state?: string | undefined;
  /** A wallet's short name. */
  readonly wallet?: string | undefined;
  readonly acquirer?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Keeps the known, non-empty text fields of a query string. */
export function parseShopPaymentSearch(raw: Record<string, unknown>): ShopPaymentSearch {
  const known = (['state', 'wallet', 'acquirer', 'cursor'] as const).map((field) => [field, raw[field]] as const);
  return Object.fromEntries(known.filter(([, value]) => typeof value === 'string' && value !== ''));
}

export const statesOf = (search: ShopPaymentSearch): readonly string[] =>
  search.state?.split(',').filter(Boolean) ?? [];

/** The search with `state` added or taken out; paging starts again. */
export function toggleState(search: ShopPaymentSearch, state: string): ShopPaymentSearch {
  const states = statesOf(search);
  const next = states.includes(state) ? states.filter((other) => other !== state) : [...states, state];
  return parseShopPaymentSearch({ ...search, cursor: undefined, state: next.join(',') });
}
