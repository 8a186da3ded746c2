/** Payouts: the filtered list and one payout. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get, type Page, type Payout, query } from '../api/client.ts';
import type { PayoutSearch } from '../screens/payouts/search.ts';

export const usePayouts = (search: PayoutSearch) =>
  useQuery({
    queryKey: ['payouts', 'list', search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Page<Payout>>(`/v1/payouts${query({ ...search, limit: '25' })}`, signal),
  });

export const usePayout = (id: string) =>
  useQuery({
    queryKey: ['payouts', id],
    queryFn: ({ signal }) => get<Payout>(`/v1/payouts/${id}`, signal),
  });
