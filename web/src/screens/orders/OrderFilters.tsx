import { Button, NativeSelect, TextInput } from '@mantine/core';
import { ORDER_STATES } from '../../format/states.ts';
import { useSellerChoices } from '../../queries/sellers.ts';
import { SearchBox } from '../../ui/SearchBox.tsx';
import { isFiltered, type OrderSearch, statesOf, toggleState } from './search.ts';

interface Props {
  readonly search: OrderSearch;
  /** `replace` is for typing: it must not fill the history with letters. */
  readonly change: (filter: Partial<Omit<OrderSearch, 'cursor'>>, options?: { readonly replace: boolean }) => void;
  readonly clear: () => void;
}

export function OrderFilters({ search, change, clear }: Props) {
  const sellers = useSellerChoices().data?.data ?? [];
  const chosen = statesOf(search);
  return (
    <form className="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <div className="filter-row">
        <SearchBox
          label="Search"
          placeholder="Reference, id or description"
          value={search.q ?? ''}
          onSearch={(q) => change({ q }, { replace: true })}
        />
        <NativeSelect
          label="Seller"
          value={search.seller ?? ''}
          data={[{ value: '', label: 'All sellers' }, ...choices(sellers, search.seller)]}
          onChange={(event) => change({ seller: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label="Created from (UTC day)"
          value={search.from ?? ''}
          max={search.to}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label="Created to (UTC day)"
          value={search.to ?? ''}
          min={search.from}
          onChange={(event) => change({ to: event.currentTarget.value })}
        />
      </div>
      <fieldset className="chips">
        <legend>State</legend>
        {Object.entries(ORDER_STATES).map(([state, { label }]) => (
          <label key={state} className="chip">
            <input
              type="checkbox"
              checked={chosen.includes(state)}
              onChange={() => change({ state: toggleState(search, state) })}
            />
            {label}
          </label>
        ))}
        {isFiltered(search) && (
          <Button size="compact-sm" variant="subtle" onClick={clear}>
            Clear filters
          </Button>
        )}
      </fieldset>
    </form>
  );
}

/** The sellers' names; a seller of the URL that is not among them stays choosable by its id. */
function choices(sellers: readonly { readonly id: string; readonly name: string }[], chosen: string | undefined) {
  const known = sellers.map(({ id, name }) => ({ value: id, label: name }));
  const missing = chosen !== undefined && !known.some(({ value }) => value === chosen);
  return missing ? [...known, { value: chosen, label: chosen }] : known;
}
