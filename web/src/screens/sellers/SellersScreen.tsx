import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Seller } from '../../api/client.ts';
import { viewerZone } from '../../format/time.ts';
import { useSellers } from '../../queries/sellers.ts';
import { BankAccountText } from '../../ui/BankAccountText.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Pager } from '../../ui/Pager.tsx';
import { SearchBox } from '../../ui/SearchBox.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { When } from '../../ui/When.tsx';
import { parseSellerSearch } from './search.ts';

/** The sellers list, searched by name in the URL. */
export function SellersScreen() {
  const search = useSearch({ from: '/sellers' });
  const navigate = useNavigate({ from: '/sellers' });
  const sellers = useSellers(search);
  useTitle('Sellers');
  return (
    <>
      <h1>Sellers</h1>
      <form className="filters filter-row" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
        <SearchBox
          label="Search"
          placeholder="Name or id"
          value={search.q ?? ''}
          onSearch={(q) => void navigate({ to: '/sellers', search: parseSellerSearch({ q }), replace: true })}
        />
      </form>
      <Loaded
        of={sellers}
        what="sellers"
        isEmpty={({ data }) => data.length === 0}
        empty={
          search.q === undefined ? 'No sellers yet. They are made through the API.' : 'No seller matches this search.'
        }
      >
        {(page) => (
          <>
            <DataTable
              label="Sellers"
              columns={columns()}
              rows={page.data}
              keyOf={(seller) => seller.id}
              busy={sellers.isPlaceholderData}
            />
            <Pager
              shown={page.data.length}
              onFirstPage={search.cursor === undefined}
              next={page.next}
              goTo={(cursor) => void navigate({ to: '/sellers', search: (now) => ({ ...now, cursor }) })}
            />
          </>
        )}
      </Loaded>
    </>
  );
}

const columns = (): readonly Column<Seller>[] => [
  {
    header: 'Name',
    heads: true,
    cell: (seller) => (
      <Link to="/sellers/$sellerId" params={{ sellerId: seller.id }} className="row-link" data-row>
        {seller.name}
      </Link>
    ),
  },
  {
    header: 'State',
    narrow: 'end',
    cell: (seller) => <StateBadge kind="other" state={seller.payoutsBlocked ? 'blocked' : seller.state} />,
  },
  { header: 'Country', cell: (seller) => seller.country },
  { header: 'Category', narrow: 'hidden', cell: (seller) => <span className="num">{seller.categoryCode}</span> },
  { header: 'Bank account', cell: (seller) => <BankAccountText account={seller.bankAccount} short /> },
  { header: `Created · ${viewerZone()}`, narrow: 'hidden', cell: (seller) => <When at={seller.createdAt} /> },
];
