/** The system strip's figures, read again every five seconds. */
import { useQuery } from '@tanstack/react-query';
import { get, type SystemStatus } from '../api/client.ts';

export const useSystem = () =>
  useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => get<SystemStatus>('/v1/system', signal),
    refetchInterval: 5000,
  });
