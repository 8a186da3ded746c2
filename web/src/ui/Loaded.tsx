/**
 * The three things a query can be besides ready: loading, failed, empty. A failed refresh of data that is on the screen
 * keeps the data and says that it is old.
 */
import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from '../api/client.ts';

interface Props<Data> {
  readonly of: UseQueryResult<Data>;
  readonly what: string;
  readonly isEmpty?: (data: Data) => boolean;
  readonly empty?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

export function Loaded<Data>({ of: result, what, isEmpty, empty, children }: Props<Data>) {
  if (result.data === undefined) {
    if (result.error === null) return <Loading what={what} />;
    return <Failed what={what} error={result.error} retry={() => void result.refetch()} />;
  }
  return (
    <>
      {result.error !== null && (
        <p className="notice tone-bad" role="status">
          Could not refresh {what}; what you see may be old. {result.error.message}
        </p>
      )}
      {isEmpty?.(result.data) === true ? <div className="empty">{empty}</div> : children(result.data)}
    </>
  );
}

function Loading({ what }: { readonly what: string }) {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">Loading {what}</span>
      <span aria-hidden="true" />
      <span aria-hidden="true" />
      <span aria-hidden="true" />
    </div>
  );
}

function Failed({ what, error, retry }: { readonly what: string; readonly error: Error; readonly retry: () => void }) {
  if (error instanceof Problem && error.status === 404) {
    return (
      <div className="empty">
        <h1>There is no such {what}</h1>
      </div>
    );
  }
  return (
    <div className="notice tone-bad" role="alert">
      <p>
        <strong>Could not load {what}.</strong> {error.message}
      </p>
      <Button size="compact-sm" variant="default" onClick={retry}>
        Try again
      </Button>
    </div>
  );
}
