import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { DISPUTE_STATES } from '../../format/states.ts';
import { useDisputes } from '../../queries/disputes.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Pager } from '../../ui/Pager.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { disputeColumns } from './columns.tsx';
import { type DisputeSearch, statesOf, toggleState } from './search.ts';

/** The disputes list, newest first, filtered by state in the URL. */
export function DisputesScreen() {
  const search = useSearch({ from: '/disputes' });
  const navigate = useNavigate({ from: '/disputes' });
  const disputes = useDisputes(search);
  useTitle('Disputes');
  const filtered = statesOf(search).length > 0;
  return (
    <>
      <h1>Disputes</h1>
      <States search={search} show={(next) => void navigate({ to: '/disputes', search: next })} />
      <Loaded
        of={disputes}
        what="disputes"
        isEmpty={({ data }) => data.length === 0}
        empty={filtered ? 'No dispute is in such a state.' : 'No payer has disputed a payment.'}
      >
        {(page) => (
          <>
            <DataTable
              label="Disputes"
              columns={disputeColumns()}
              rows={page.data}
              keyOf={({ id }) => id}
              busy={disputes.isPlaceholderData}
            />
            <Pager
              shown={page.data.length}
              onFirstPage={search.cursor === undefined}
              next={page.next}
              goTo={(cursor) => void navigate({ to: '/disputes', search: (now) => ({ ...now, cursor }) })}
            />
          </>
        )}
      </Loaded>
    </>
  );
}

interface StatesProps {
  readonly search: DisputeSearch;
  readonly show: (search: DisputeSearch) => void;
}

function States({ search, show }: StatesProps) {
  const chosen = statesOf(search);
  return (
    <form className="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <fieldset className="chips">
        <legend>State</legend>
        {Object.entries(DISPUTE_STATES).map(([state, { label }]) => (
          <label key={state} className="chip">
            <input type="checkbox" checked={chosen.includes(state)} onChange={() => show(toggleState(search, state))} />
            {label}
          </label>
        ))}
        {chosen.length > 0 && (
          <Button size="compact-sm" variant="subtle" onClick={() => show({})}>
            Clear filters
          </Button>
        )}
      </fieldset>
    </form>
  );
}
