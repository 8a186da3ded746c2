/** Payments of an order, and one payment while the bank is being asked what became of it. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, type OrderSummary, type Page, type Payment, send } from '../api/client.ts';

/** Read again every two seconds while any outcome is unknown. */
export const useOrderPayments = ({ id, version }: Pick<OrderSummary, 'id' | 'version'>) =>
  useQuery({
    queryKey: ['orders', id, 'payments', version],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => get<Pick<Page<Payment>, 'data'>>(`/v1/orders/${id}/payments`, signal),
    refetchInterval: ({ state }) => (state.data?.data.some(isOpen) === true ? 2000 : false),
  });

/** A payment with what was asked of the network for it; asked for apart when the list left it out. */
export const usePaymentParts = (payment: Payment, version: number) =>
  useQuery({
    queryKey: ['orders', payment.order, 'payments', payment.id, version, payment.state, payment.checking],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      payment.operations === undefined ? get<Payment>(`/v1/payments/${payment.id}`, signal) : payment,
  });

/** Polls until the payment is final; idle while `id` is null. */
export const usePaymentUntilFinal = (id: string | null) =>
  useQuery({
    queryKey: ['payments', id, 'until-final'],
    enabled: id !== null,
    staleTime: 0,
    gcTime: 0,
    queryFn: ({ signal }) => get<Payment>(`/v1/payments/${id ?? ''}`, signal),
    refetchInterval: ({ state }) => (state.data === undefined || isOpen(state.data) ? 1500 : false),
  });

/** Asks the issuer, through the server, whether the cardholder has confirmed; goes on with the charge if so. */
export function useContinuePayment(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send<Payment>('POST', `/v1/payments/${id}/continue`, { body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: ['orders'] }),
  });
}

/** True while an operation's outcome is unknown or the payment has not been answered yet. */
export const isOpen = ({ checking, state }: Payment): boolean =>
  checking || state === 'pending' || state === 'authenticating';
