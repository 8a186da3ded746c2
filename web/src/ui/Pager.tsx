import { Button } from '@mantine/core';
import { viewerZone } from '../format/time.ts';

interface Props {
  readonly shown: number;
  readonly onFirstPage: boolean;
  readonly next: string | null;
  readonly goTo: (cursor: string | undefined) => void;
}

/** Paging by cursor: forwards, and back to the start; the browser's back button goes one page back. */
export function Pager({ shown, onFirstPage, next, goTo }: Props) {
  const only = onFirstPage && next === null;
  return (
    <nav className="pager" aria-label="Pages">
      <span className="faint">
        {shown} {only ? 'in all' : 'on this page'} · times in {viewerZone()}
      </span>
      {!only && (
        <>
          <Button size="compact-sm" variant="default" disabled={onFirstPage} onClick={() => goTo(undefined)}>
            First page
          </Button>
          <Button size="compact-sm" variant="default" disabled={next === null} onClick={() => goTo(next ?? undefined)}>
            Next page
          </Button>
        </>
      )}
    </nav>
  );
}
