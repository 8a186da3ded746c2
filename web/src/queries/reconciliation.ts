/** Reconciliation: bank lines and breaks, and what a person may do about them. Every answer refreshes both lists. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type BankLine, type Break, get, type Page, send } from '../api/client.ts';

type Rows<Row> = Pick<Page<Row>, 'data'>;

export const useBreaks = (state: 'open' | 'closed') =>
  useQuery({
    queryKey: ['reconciliation', 'breaks', state],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Rows<Break>>(`/v1/reconciliation/breaks?state=${state}`, signal),
  });

export const useBankLines = (state: 'unexplained' | 'explained') =>
  useQuery({
    queryKey: ['reconciliation', 'lines', state],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Rows<BankLine>>(`/v1/reconciliation/lines?state=${state}`, signal),
  });

export interface SignedAction {
  readonly path: string;
  readonly body: Readonly<Record<string, string>>;
  readonly key?: string;
}

/** Posts one action below /v1/reconciliation. */
export function useReconcile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body, key }: SignedAction) =>
      send('POST', `/v1/reconciliation/${path}`, { body, ...(key === undefined ? {} : { key }) }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['reconciliation'] }),
        client.invalidateQueries({ queryKey: ['ledger'] }),
      ]),
  });
}
