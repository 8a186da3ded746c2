import { Link, useParams } from '@tanstack/react-router';
import type { Balance, Seller } from '../../api/client.ts';
import { useSeller } from '../../queries/sellers.ts';
import { Amount } from '../../ui/Amount.tsx';
import { BankAccountText } from '../../ui/BankAccountText.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { When } from '../../ui/When.tsx';

export function SellerScreen() {
  const { sellerId } = useParams({ from: '/sellers/$sellerId' });
  const seller = useSeller(sellerId);
  useTitle(seller.data?.name ?? 'Seller', 'Sellers');
  return (
    <Loaded of={seller} what="seller">
      {(data) => <SellerPage seller={data} />}
    </Loaded>
  );
}

const BALANCES: readonly Column<Balance>[] = [
  { header: 'Currency', heads: true, cell: ({ currency }) => currency },
  { header: 'Held under protection', align: 'end', cell: ({ held }) => <Amount money={held} /> },
  { header: 'Available', align: 'end', cell: ({ available }) => <Amount money={available} /> },
  { header: 'Frozen by disputes', align: 'end', cell: ({ frozen }) => <Amount money={frozen} /> },
  { header: 'Owed', align: 'end', cell: ({ debt }) => <Amount money={debt} /> },
  { header: 'Can be paid out', align: 'end', cell: ({ payable }) => <Amount money={payable} /> },
  { header: 'In payout', align: 'end', cell: ({ inPayout }) => <Amount money={inPayout} /> },
];

function SellerPage({ seller }: { readonly seller: Seller }) {
  const balances = seller.balances ?? [];
  return (
    <>
      <header className="page-head">
        <div className="crumb">
          <Link to="/sellers" search={{}}>
            Sellers
          </Link>
          <span className="crumb-id">
            <IdText value={seller.id} />
          </span>
        </div>
        <div className="title-row">
          <h1>{seller.name}</h1>
          <StateBadge kind="other" state={seller.payoutsBlocked ? 'blocked' : seller.state} />
        </div>
      </header>
      {seller.payoutsBlocked && (
        <p className="notice tone-bad">
          Payouts are blocked since <When at={seller.payoutsBlocked.since} named />: {seller.payoutsBlocked.reason}
        </p>
      )}
      <Panel title="Balances">
        {balances.length === 0 ? (
          <div className="empty">No money has reached this seller yet.</div>
        ) : (
          <DataTable label="Balances" columns={BALANCES} rows={balances} keyOf={({ currency }) => currency} />
        )}
      </Panel>
      <Panel
        title="Details"
        aside={
          <span className="panel-links">
            <Link to="/orders" search={{ seller: seller.id }}>
              Orders
            </Link>
            <Link to="/payouts" search={{ seller: seller.id }}>
              Payouts
            </Link>
          </span>
        }
      >
        <Facts
          items={[
            ['Email', seller.email],
            ['Country', seller.country],
            ['Category (ISO 18245)', seller.categoryCode],
            ['Bank account', <BankAccountText key="bank" account={seller.bankAccount} />],
            ['Created', <When key="created" at={seller.createdAt} named />],
          ]}
        />
      </Panel>
    </>
  );
}
