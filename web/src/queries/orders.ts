/** Orders: the filtered list, one order, its timeline and its postings. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  get,
  type Order,
  type OrderSummary,
  type Page,
  type Posting,
  query,
  type TimelineEntry,
} from '../api/client.ts';
import { dayBounds } from '../format/time.ts';
import type { OrderSearch } from '../screens/orders/search.ts';

const PAGE_SIZE = '25';

type OrderVersion = Pick<OrderSummary, 'id' | 'version'>;

export const useOrders = (search: OrderSearch) =>
  useQuery({
    queryKey: ['orders', 'list', search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const { from, to, ...rest } = search;
      return get<Page<OrderSummary>>(
        `/v1/orders${query({ ...rest, ...dayBounds(from, to), sort: '-createdAt', limit: PAGE_SIZE })}`,
        signal,
      );
    },
  });

/** One order; read again every two seconds while a payment is being processed, every ten otherwise: deadlines pass. */
export const useOrder = (id: string) =>
  useQuery({
    queryKey: ['orders', id],
    queryFn: ({ signal }) => get<Order>(`/v1/orders/${id}`, signal),
    refetchInterval: ({ state }) =>
      state.data?.instalments.some((instalment) => instalment.state === 'processing') === true ? 2000 : 10_000,
  });

/** The order's timeline; read again whenever the order has a new version. */
export const useOrderTimeline = ({ id, version }: OrderVersion) =>
  useQuery({
    queryKey: ['orders', id, 'timeline', version],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<{ readonly data: readonly TimelineEntry[] }>(`/v1/orders/${id}/timeline`, signal),
  });

/** The order's postings; whatever moves its money gives it a new version. */
export const useOrderPostings = ({ id, version }: OrderVersion) =>
  useQuery({
    queryKey: ['orders', id, 'postings', version],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<{ readonly data: readonly Posting[] }>(`/v1/orders/${id}/postings`, signal),
  });

/** Reads the order and all that hangs on it again; after every answer to a move, refusals included. */
export function useRefreshOrder() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['orders'] });
}
