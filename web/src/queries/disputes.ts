/** Disputes: the filtered list, those of one order, one with its history, and what a person may do about it. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type Dispute,
  type DisputeWithHistory,
  get,
  type OrderSummary,
  type Page,
  query,
  send,
  type TimelineEntry,
} from '../api/client.ts';
import type { DisputeSearch } from '../screens/disputes/search.ts';

export const useDisputes = (search: DisputeSearch) =>
  useQuery({
    queryKey: ['disputes', 'list', search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Page<Dispute>>(`/v1/disputes${query({ ...search, limit: '25' })}`, signal),
  });

/** The disputes of an order; whatever one of them does to its money gives the order a new version. */
export const useOrderDisputes = ({ id, version }: Pick<OrderSummary, 'id' | 'version'>) =>
  useQuery({
    queryKey: ['disputes', 'order', id, version],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Page<Dispute>>(`/v1/disputes${query({ order: id, limit: '100' })}`, signal),
  });

/** One dispute; read again every two seconds while an answer is being looked up, every ten otherwise: time runs out. */
export const useDispute = (id: string) =>
  useQuery({
    queryKey: ['disputes', id],
    queryFn: ({ signal }) => get<DisputeWithHistory>(`/v1/disputes/${id}`, signal),
    refetchInterval: ({ state }) => (state.data?.checking === true ? 2000 : 10_000),
  });

/** Read again whenever the dispute has moved. */
export const useDisputeTimeline = (dispute: DisputeWithHistory) =>
  useQuery({
    queryKey: ['disputes', dispute.id, 'timeline', markOf(dispute)],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      get<{ readonly data: readonly TimelineEntry[] }>(`/v1/disputes/${dispute.id}/timeline`, signal),
  });

const markOf = ({ state, turn, checking, documents, answers, money }: DisputeWithHistory): string =>
  [
    state,
    turn,
    checking,
    documents.length,
    answers.length,
    money.debited.value,
    money.credited.value,
    money.fees.value,
  ].join();

export interface DisputeAction {
  readonly move: 'evidence' | 'challenge' | 'accept';
  readonly body: object;
  readonly key: string;
}

/** Posts one action; every answer, refusals included, reads disputes and orders again. */
export function useDisputeAction(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ move, body, key }: DisputeAction) =>
      send<Dispute>('POST', `/v1/disputes/${id}/${move}`, { body, key }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['disputes'] }),
        client.invalidateQueries({ queryKey: ['orders'] }),
      ]),
  });
}
