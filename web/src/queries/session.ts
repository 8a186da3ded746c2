/** Who is signed in. `null` means nobody: the shell then shows the sign-in page in place of the screen. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, Problem, type Session, send } from '../api/client.ts';

export const SESSION_KEY = ['session'] as const;

export const useSession = () =>
  useQuery({
    queryKey: SESSION_KEY,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return await get<Session>('/console/session', signal);
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
  });

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (key: string) => send('POST', '/console/session', { body: { key } }),
    onSuccess: () => client.invalidateQueries({ queryKey: SESSION_KEY }),
  });
}

/** Ends the session and forgets everything that was read with it. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send('DELETE', '/console/session'),
    onSuccess: () => {
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
      client.setQueryData(SESSION_KEY, null);
    },
  });
}
