import { Link } from '@tanstack/react-router';
import type { ShopPayment } from '../../api/client.ts';
import { viewerZone } from '../../format/time.ts';
import { Amount } from '../../ui/Amount.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { When } from '../../ui/When.tsx';

/** A payment of a wallet in a shop, in a list: what each side knows it by, and what it comes to for each. */
export const shopPaymentColumns = (): readonly Column<ShopPayment>[] => [
  {
    header: 'Shop',
    heads: true,
    cell: ({ id, shop }) => (
      <Link
        to="/shop-payments/$paymentId"
        params={{ paymentId: id }}
        className="row-link row-link-wide"
        title={shop.name}
        data-row
      >
        {shop.name}, {shop.country}
      </Link>
    ),
  },
  {
    header: 'State',
    narrow: 'start',
    cell: ({ state }) => <StateBadge kind="shop-payment" state={state} />,
  },
  { header: 'Wallet', cell: ({ wallet }) => wallet?.name ?? <span className="faint">nobody yet</span> },
  { header: 'Order', narrow: 'hidden', cell: ({ orderReference }) => <Clipped text={orderReference} /> },
  { header: `Created · ${viewerZone()}`, narrow: 'hidden', cell: ({ createdAt }) => <When at={createdAt} /> },
  { header: 'Wallet owes', align: 'end', cell: ({ payTo }) => payTo && <Amount money={payTo} /> },
  { header: 'Acquirer gets', align: 'end', cell: ({ settlement }) => settlement && <Amount money={settlement} /> },
  { header: 'Amount', align: 'end', narrow: 'end', cell: ({ amount }) => <Amount money={amount} /> },
];

const Clipped = ({ text }: { readonly text: string }) => (
  <span className="clip" title={text}>
    {text}
  </span>
);
