import { Link } from '@tanstack/react-router';
import type { Order } from '../../api/client.ts';
import { partyName } from '../../format/party.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';

/** Who, by when and under which terms. */
export function OrderFacts({ order }: { readonly order: Order }) {
  const { shipment } = order;
  return (
    <Panel title="Terms">
      <Facts
        rows
        items={[
          ['Buyer', [partyName(order.buyer), order.buyer.country].filter(Boolean).join(' · ')],
          [
            'Seller',
            <Link key="seller" to="/sellers/$sellerId" params={{ sellerId: order.seller.id }}>
              {partyName(order.seller)}
            </Link>,
          ],
          ['Ship by', <When key="shipBy" at={order.shipBy} named />],
          ['Carrier', shipment?.carrier],
          ['Tracking', shipment && <span className="mono">{shipment.trackingNumber}</span>],
          ['Shipped', shipment && <When key="shipped" at={shipment.shippedAt} named />],
          ['Received', order.receivedAt && <When key="received" at={order.receivedAt} named />],
          ['Received by', order.receivedBy && RECEIVED_BY[order.receivedBy]],
          ['Canceled', order.canceledAt && <When key="canceled" at={order.canceledAt} named />],
          ['Policy', `${order.policy.name}, version ${order.policy.version}`],
          ['Created', <When key="created" at={order.createdAt} named />],
        ]}
      />
    </Panel>
  );
}

const RECEIVED_BY = { buyer: 'the buyer’s word', deadline: 'the deadline passing' } as const;
