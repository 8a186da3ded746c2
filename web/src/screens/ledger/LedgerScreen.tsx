/** The ledger for the operator: do the laws hold, and which accounts have a balance. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { SearchBox } from '../../ui/SearchBox.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { OperatorOnly } from '../OperatorOnly.tsx';
import { Accounts } from './Accounts.tsx';
import { LawsPanel } from './LawsPanel.tsx';
import { type LedgerSearch, parseLedgerSearch } from './search.ts';

export function LedgerScreen() {
  useTitle('Ledger');
  return (
    <OperatorOnly>
      <LedgerPage />
    </OperatorOnly>
  );
}

function LedgerPage() {
  const search = useSearch({ from: '/ledger' });
  const navigate = useNavigate({ from: '/ledger' });
  const filter = (change: LedgerSearch): void =>
    void navigate({ to: '/ledger', search: (now) => parseLedgerSearch({ ...now, ...change }), replace: true });
  return (
    <>
      <h1>Ledger</h1>
      <LawsPanel />
      <h2 className="section-title">Accounts with a balance</h2>
      <form className="filters filter-row" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
        <SearchBox label="Account" placeholder="held" value={search.name ?? ''} onSearch={(name) => filter({ name })} />
        <SearchBox
          label="Owner"
          placeholder="ord_…, sel_…"
          value={search.owner ?? ''}
          onSearch={(owner) => filter({ owner })}
        />
        <SearchBox
          label="Currency"
          placeholder="USD"
          value={search.currency ?? ''}
          onSearch={(currency) => filter({ currency })}
        />
      </form>
      <Accounts search={search} />
    </>
  );
}
