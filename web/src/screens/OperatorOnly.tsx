import type { ReactNode } from 'react';
import { useSession } from '../queries/session.ts';

/** Keeps a page from asking for what a marketplace's key may not see; the server refuses it in any case. */
export function OperatorOnly({ children }: { readonly children: ReactNode }) {
  const session = useSession().data;
  if (session?.role === 'operator') return children;
  return (
    <div className="empty">
      <h1>For the operator</h1>
      <p>Sign in with an operator’s key to see this page.</p>
    </div>
  );
}
