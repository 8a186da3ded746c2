/** The hub: where each wallet can be used, the list of payments in shops, and one of them. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Coverage, get, type Page, query, type ShopPayment, type WholeShopPayment } from '../api/client.ts';
import type { ShopPaymentSearch } from '../screens/shop-payments/search.ts';

export const useCoverage = () =>
  useQuery({ queryKey: ['coverage'], queryFn: ({ signal }) => get<Coverage>('/v1/coverage', signal) });

export const useShopPayments = (search: ShopPaymentSearch) =>
  useQuery({
    queryKey: ['shop-payments', 'list', search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Page<ShopPayment>>(`/v1/hub-payments${query({ ...search, limit: '25' })}`, signal),
  });

const OPEN: readonly string[] = ['waiting', 'in_process', 'canceling'];

/** Read again every two seconds while somebody still has to say something. */
export const useShopPayment = (id: string) =>
  useQuery({
    queryKey: ['shop-payments', id],
    queryFn: ({ signal }) => get<WholeShopPayment>(`/v1/hub-payments/${id}`, signal),
    refetchInterval: ({ state }) => (state.data !== undefined && OPEN.includes(state.data.state) ? 2000 : false),
  });
