import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { SHOP_PAYMENT_STATES } from '../../format/states.ts';
import { useShopPayments } from '../../queries/hub.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Pager } from '../../ui/Pager.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { OperatorOnly } from '../OperatorOnly.tsx';
import { shopPaymentColumns } from './columns.tsx';
import { type ShopPaymentSearch, statesOf, toggleState } from './search.ts';

export function ShopPaymentsScreen() {
  useTitle('Shop payments');
  return (
    <OperatorOnly>
      <ShopPayments />
    </OperatorOnly>
  );
}

/** What home wallets paid in shops abroad, newest first, filtered in the URL. */
function ShopPayments() {
  const search = useSearch({ from: '/shop-payments' });
  const navigate = useNavigate({ from: '/shop-payments' });
  const payments = useShopPayments(search);
  const filtered = Object.keys(search).length > 0;
  return (
    <>
      <h1>Shop payments</h1>
      <Filters search={search} show={(next) => void navigate({ to: '/shop-payments', search: next })} />
      <Loaded
        of={payments}
        what="payments"
        isEmpty={({ data }) => data.length === 0}
        empty={filtered ? 'No payment is like that.' : 'No wallet has paid in a shop yet.'}
      >
        {(page) => (
          <>
            <DataTable
              label="Shop payments"
              columns={shopPaymentColumns()}
              rows={page.data}
              keyOf={({ id }) => id}
              busy={payments.isPlaceholderData}
            />
            <Pager
              shown={page.data.length}
              onFirstPage={search.cursor === undefined}
              next={page.next}
              goTo={(cursor) => void navigate({ to: '/shop-payments', search: (now) => ({ ...now, cursor }) })}
            />
          </>
        )}
      </Loaded>
    </>
  );
}

interface FiltersProps {
  readonly search: ShopPaymentSearch;
  readonly show: (search: ShopPaymentSearch) => void;
}

function Filters({ search, show }: FiltersProps) {
  const chosen = statesOf(search);
  const { wallet, acquirer } = search;
  return (
    <form className="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <fieldset className="chips">
        <legend>State</legend>
        {Object.entries(SHOP_PAYMENT_STATES).map(([state, { label }]) => (
          <label key={state} className="chip">
            <input type="checkbox" checked={chosen.includes(state)} onChange={() => show(toggleState(search, state))} />
            {label}
          </label>
        ))}
        {wallet !== undefined && <span>of the wallet {wallet}</span>}
        {acquirer !== undefined && <span>of one acquirer</span>}
        {(chosen.length > 0 || wallet !== undefined || acquirer !== undefined) && (
          <Button size="compact-sm" variant="subtle" onClick={() => show({})}>
            Clear filters
          </Button>
        )}
      </fieldset>
    </form>
  );
}
