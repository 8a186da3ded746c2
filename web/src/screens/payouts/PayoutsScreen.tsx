import { NativeSelect } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Payout } from '../../api/client.ts';
import { partyName } from '../../format/party.ts';
import { PAYOUT_STATES } from '../../format/states.ts';
import { viewerZone } from '../../format/time.ts';
import { usePayouts } from '../../queries/payouts.ts';
import { useSellerChoices } from '../../queries/sellers.ts';
import { Amount } from '../../ui/Amount.tsx';
import { BankAccountText } from '../../ui/BankAccountText.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Pager } from '../../ui/Pager.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { When } from '../../ui/When.tsx';
import { type PayoutSearch, parsePayoutSearch } from './search.ts';

/** The payouts list, filtered by state and seller in the URL. */
export function PayoutsScreen() {
  const search = useSearch({ from: '/payouts' });
  const navigate = useNavigate({ from: '/payouts' });
  const payouts = usePayouts(search);
  useTitle('Payouts');
  const sellers = useSellerChoices().data?.data ?? [];
  const filter = (change: PayoutSearch): void =>
    void navigate({ to: '/payouts', search: (now) => parsePayoutSearch({ ...now, ...change, cursor: undefined }) });
  return (
    <>
      <h1>Payouts</h1>
      <form className="filters filter-row" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
        <NativeSelect
          label="State"
          value={search.state ?? ''}
          data={[
            { value: '', label: 'All states' },
            ...Object.entries(PAYOUT_STATES).map(([value, { label }]) => ({ value, label })),
          ]}
          onChange={(event) => filter({ state: event.currentTarget.value })}
        />
        <NativeSelect
          label="Seller"
          value={search.seller ?? ''}
          data={[{ value: '', label: 'All sellers' }, ...sellers.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(event) => filter({ seller: event.currentTarget.value })}
        />
      </form>
      <Loaded of={payouts} what="payouts" isEmpty={({ data }) => data.length === 0} empty="No payouts here.">
        {(page) => (
          <>
            <DataTable
              label="Payouts"
              columns={columns()}
              rows={page.data}
              keyOf={(payout) => payout.id}
              busy={payouts.isPlaceholderData}
            />
            <Pager
              shown={page.data.length}
              onFirstPage={search.cursor === undefined}
              next={page.next}
              goTo={(cursor) => void navigate({ to: '/payouts', search: (now) => ({ ...now, cursor }) })}
            />
          </>
        )}
      </Loaded>
    </>
  );
}

const columns = (): readonly Column<Payout>[] => [
  {
    header: 'Seller',
    heads: true,
    cell: (payout) => (
      <Link to="/payouts/$payoutId" params={{ payoutId: payout.id }} className="row-link" data-row>
        {partyName(payout.seller)}
      </Link>
    ),
  },
  { header: 'State', narrow: 'start', cell: (payout) => <StateBadge kind="payout" state={payout.state} /> },
  { header: 'To', cell: (payout) => <BankAccountText account={payout.bankAccount} short /> },
  { header: 'Expected on', cell: (payout) => payout.expectedOn ?? '—' },
  { header: `Created · ${viewerZone()}`, narrow: 'hidden', cell: (payout) => <When at={payout.createdAt} /> },
  { header: 'Amount', align: 'end', narrow: 'end', cell: (payout) => <Amount money={payout.amount} /> },
];
