/** The payouts list's state in the URL. */
export interface PayoutSearch {
  readonly state?: string | undefined;
  readonly seller?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Keeps the known, non-empty text fields of a query string. */
export function parsePayoutSearch(raw: Record<string, unknown>): PayoutSearch {
  const known = (['state', 'seller', 'cursor'] as const).map((field) => [field, raw[field]] as const);
  return Object.fromEntries(known.filter(([, value]) => typeof value === 'string' && value !== ''));
}
