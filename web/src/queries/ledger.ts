/** The ledger as the operator sees it: accounts with a balance, and the laws. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get, type LedgerAccount, type LedgerCheck, query } from '../api/client.ts';
import type { LedgerSearch } from '../screens/ledger/search.ts';

export const useLedgerAccounts = (search: LedgerSearch) =>
  useQuery({
    queryKey: ['ledger', 'accounts', search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      get<{ readonly data: readonly LedgerAccount[] }>(
        `/v1/ledger/accounts${query({ ...search, currency: whole(search.currency), nonZero: 'true' })}`,
        signal,
      ),
  });

/** Runs every law over the whole ledger: asked for when the page opens and when a person asks, never by itself. */
export const useLedgerCheck = () =>
  useQuery({
    queryKey: ['ledger', 'check'],
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => get<LedgerCheck>('/v1/ledger/check', signal),
  });

/** A currency that is still being typed filters nothing yet. */
const whole = (currency: string | undefined): string | undefined =>
  currency !== undefined && /^[A-Z]{3}$/.test(currency) ? currency : undefined;
