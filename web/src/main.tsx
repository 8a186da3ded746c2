/** Starts the console: theme, query cache, routes. A 401 from any call means the session ended: sign in again. */
import '@mantine/core/styles.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/values.css';
import './styles/filters.css';
import './styles/lists.css';
import './styles/matrix.css';
import './styles/panels.css';
import './styles/order.css';
import './styles/timeline.css';
import './styles/dialogs.css';
import './styles/narrow.css';
import { MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Problem } from './api/client.ts';
import { SESSION_KEY } from './queries/session.ts';
import { router } from './router.tsx';
import { theme } from './theme.ts';

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signOutOn401 }),
  mutationCache: new MutationCache({ onError: signOutOn401 }),
  defaultOptions: {
    queries: {
      staleTime: 2000,
      retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.status < 500),
    },
  },
});

function signOutOn401(error: Error): void {
  if (error instanceof Problem && error.status === 401) queries.setQueryData(SESSION_KEY, null);
}

const host = document.getElementById('root');
if (host === null) throw new Error('index.html has no #root');
createRoot(host).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
