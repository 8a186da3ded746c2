import { useEffect } from 'react';

/** Names the browser tab after the screen, most particular part first: `PO-1057 · Orders · Causeway`. */
export function useTitle(...parts: readonly string[]): void {
  const title = [...parts, 'Causeway'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
