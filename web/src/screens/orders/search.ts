/** What the orders list shows is in the URL: reload, back and a shared link all give the same list. */
export interface OrderSearch {
  /** States, separated by commas. */
  readonly state?: string | undefined;
  readonly q?: string | undefined;
  readonly seller?: string | undefined;
  /** Days of the report zone (UTC), both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly cursor?: string | undefined;
}

const FIELDS = ['state', 'q', 'seller', 'from', 'to', 'cursor'] as const;

/** Keeps the known, non-empty text fields of a query string. */
export function parseOrderSearch(raw: Record<string, unknown>): OrderSearch {
  const known = FIELDS.map((field) => [field, raw[field]] as const);
  return Object.fromEntries(known.filter(([, value]) => typeof value === 'string' && value !== ''));
}

/** The search after a filter changed: paging starts again, every other filter stays. */
export function withFilter(search: OrderSearch, change: Partial<Omit<OrderSearch, 'cursor'>>): OrderSearch {
  return parseOrderSearch({ ...search, ...change, cursor: undefined });
}

export const statesOf = (search: OrderSearch): readonly string[] => search.state?.split(',').filter(Boolean) ?? [];

/** The comma list with `state` added or taken out; undefined when none is left. */
export function toggleState(search: OrderSearch, state: string): string | undefined {
  const states = statesOf(search);
  const next = states.includes(state) ? states.filter((other) => other !== state) : [...states, state];
  return next.length === 0 ? undefined : next.join(',');
}

/** True when anything but paging narrows the list. */
export const isFiltered = ({ cursor: _, ...filters }: OrderSearch): boolean => Object.values(filters).some(Boolean);
