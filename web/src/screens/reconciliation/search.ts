/** Which breaks and lines the page shows, in the URL; what calls for a person is the default. */
export interface ReconciliationSearch {
  readonly breaks?: 'closed' | undefined;
  readonly lines?: 'explained' | undefined;
}

export const parseReconciliationSearch = (raw: Record<string, unknown>): ReconciliationSearch => ({
  ...(raw.breaks === 'closed' ? { breaks: 'closed' } : {}),
  ...(raw.lines === 'explained' ? { lines: 'explained' } : {}),
});
