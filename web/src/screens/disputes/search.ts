/** The disputes list's state in the URL. */
export interface DisputeSearch {
  /** States, separated by commas. */
  readonly state?: string | undefined;
  readonly cursor?: string | undefined;
}

/** Keeps the known, non-empty text fields of a query string. */
export function parseDisputeSearch(raw: Record<string, unknown>): DisputeSearch {
  const known = (['state', 'cursor'] as const).map((field) => [field, raw[field]] as const);
  return Object.fromEntries(known.filter(([, value]) => typeof value === 'string' && value !== ''));
}

export const statesOf = (search: DisputeSearch): readonly string[] => search.state?.split(',').filter(Boolean) ?? [];

/** The search with `state` added or taken out; paging starts again. */
export function toggleState(search: DisputeSearch, state: string): DisputeSearch {
  const states = statesOf(search);
  const next = states.includes(state) ? states.filter((other) => other !== state) : [...states, state];
  return parseDisputeSearch({ state: next.join(',') });
}
