/** Which accounts the ledger page shows, in the URL. */
export interface LedgerSearch {
  readonly name?: string | undefined;
  readonly owner?: string | undefined;
  readonly currency?: string | undefined;
}

/** Keeps the known, non-empty text fields of a query string; a currency is read in capitals. */
export function parseLedgerSearch(raw: Record<string, unknown>): LedgerSearch {
  const known = (['name', 'owner', 'currency'] as const).map((field) => [field, raw[field]] as const);
  return Object.fromEntries(
    known
      .filter((pair): pair is [(typeof pair)[0], string] => typeof pair[1] === 'string' && pair[1] !== '')
      .map(([field, value]) => [field, field === 'currency' ? value.toUpperCase() : value]),
  );
}
