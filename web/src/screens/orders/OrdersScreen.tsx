import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { OrderSummary } from '../../api/client.ts';
import { partyName } from '../../format/party.ts';
import { viewerZone } from '../../format/time.ts';
import { useOrders } from '../../queries/orders.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Pager } from '../../ui/Pager.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { When } from '../../ui/When.tsx';
import { OrderFilters } from './OrderFilters.tsx';
import { isFiltered, withFilter } from './search.ts';

/** The orders list. Everything it shows is decided by the URL. */
export function OrdersScreen() {
  const search = useSearch({ from: '/orders' });
  const navigate = useNavigate({ from: '/orders' });
  const orders = useOrders(search);
  useTitle('Orders');
  return (
    <>
      <h1>Orders</h1>
      <OrderFilters
        search={search}
        change={(filter, options) =>
          void navigate({ to: '/orders', search: (now) => withFilter(now, filter), ...options })
        }
        clear={() => void navigate({ to: '/orders', search: {} })}
      />
      <Loaded
        of={orders}
        what="orders"
        isEmpty={(page) => page.data.length === 0}
        empty={isFiltered(search) ? 'No order matches these filters.' : 'No orders yet. They are made through the API.'}
      >
        {(page) => (
          <>
            <DataTable
              label="Orders"
              columns={columns()}
              rows={page.data}
              keyOf={(order) => order.id}
              busy={orders.isPlaceholderData}
            />
            <Pager
              shown={page.data.length}
              onFirstPage={search.cursor === undefined}
              next={page.next}
              goTo={(cursor) => void navigate({ to: '/orders', search: (now) => ({ ...now, cursor }) })}
            />
          </>
        )}
      </Loaded>
    </>
  );
}

function columns(): readonly Column<OrderSummary>[] {
  const zone = viewerZone();
  return [
    {
      header: 'Reference',
      heads: true,
      cell: (order) => (
        <Link to="/orders/$orderId" params={{ orderId: order.id }} className="row-link" data-row>
          {order.reference}
        </Link>
      ),
    },
    { header: 'State', narrow: 'start', cell: (order) => <StateBadge kind="order" state={order.state} /> },
    { header: 'Buyer', narrow: 'start', cell: (order) => <Name text={partyName(order.buyer)} /> },
    { header: 'Seller', narrow: 'hidden', cell: (order) => <Name text={partyName(order.seller)} /> },
    { header: 'Total', align: 'end', narrow: 'end', cell: (order) => <Amount money={order.total} /> },
    { header: 'Paid', align: 'end', narrow: 'hidden', cell: (order) => <Amount money={order.captured} /> },
    { header: 'Held', align: 'end', narrow: 'end-named', cell: (order) => <Amount money={order.held} /> },
    { header: `Ship by · ${zone}`, narrow: 'hidden', cell: (order) => <When at={order.shipBy} /> },
    { header: `Created · ${zone}`, narrow: 'end', cell: (order) => <When at={order.createdAt} /> },
  ];
}

/** A name on one line; the whole of it on hover. */
const Name = ({ text }: { readonly text: string }) => (
  <span className="clip" title={text}>
    {text}
  </span>
);
