import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { isDay } from '../../format/time.ts';
import { useReconcile } from '../../queries/reconciliation.ts';
import { useSystem } from '../../queries/system.ts';

/** Fetches a day's files from networks and banks now; the daily job does it by itself. Repeating a day adds nothing. */
export function ImportDay() {
  const today = useSystem().data?.now.slice(0, 10);
  const [typed, setTyped] = useState<string | null>(null);
  const reconcile = useReconcile();
  const day = typed ?? today ?? '';
  return (
    <form
      className="import-day"
      onSubmit={(event) => {
        event.preventDefault();
        if (isDay(day)) reconcile.mutate({ path: 'import', body: { day } });
      }}
    >
      <span className="faint" role="status">
        {reconcile.isSuccess && 'Fetched; processing goes on.'}
        {reconcile.error !== null && <span className="tone-bad-text">{reconcile.error.message}</span>}
      </span>
      <TextInput
        type="date"
        aria-label="Day to import (UTC)"
        value={day}
        max={today}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button type="submit" size="sm" variant="default" loading={reconcile.isPending} disabled={!isDay(day)}>
        Import files
      </Button>
    </form>
  );
}
