/** The sellers list's state in the URL. */
export interface SellerSearch {
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Keeps the known, non-empty text fields of a query string. */
export function parseSellerSearch(raw: Record<string, unknown>): SellerSearch {
  const known = (['q', 'cursor'] as const).map((field) => [field, raw[field]] as const);
  return Object.fromEntries(known.filter(([, value]) => typeof value === 'string' && value !== ''));
}
