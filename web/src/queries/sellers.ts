/** Sellers: the searched list and one seller with balances. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get, type Page, query, type Seller } from '../api/client.ts';
import type { SellerSearch } from '../screens/sellers/search.ts';

export const useSellers = (search: SellerSearch) =>
  useQuery({
    queryKey: ['sellers', 'list', search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Page<Seller>>(`/v1/sellers${query({ ...search, limit: '25' })}`, signal),
  });

export const useSeller = (id: string) =>
  useQuery({
    queryKey: ['sellers', id],
    queryFn: ({ signal }) => get<Seller>(`/v1/sellers/${id}`, signal),
  });

/** The names for the orders filter; the first hundred, by name search elsewhere. */
export const useSellerChoices = () =>
  useQuery({
    queryKey: ['sellers', 'choices'],
    staleTime: 60_000,
    queryFn: ({ signal }) => get<Page<Seller>>(`/v1/sellers${query({ limit: '100' })}`, signal),
  });
