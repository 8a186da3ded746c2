import type { ShopNotification, ShopRefund, WholeShopPayment } from '../../api/client.ts';
import { viewerZone } from '../../format/time.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { When } from '../../ui/When.tsx';

/** What went back, each refund at the payment's own rate. */
export function Refunds({ payment }: { readonly payment: WholeShopPayment }) {
  if (payment.refunds.length === 0) return null;
  return (
    <Panel title="Refunds">
      <DataTable label="Refunds" columns={refundColumns()} rows={payment.refunds} keyOf={({ id }) => id} />
    </Panel>
  );
}

const refundColumns = (): readonly Column<ShopRefund>[] => [
  { header: 'Reason', heads: true, cell: ({ reason }) => (reason === '' ? 'none given' : reason) },
  { header: 'State', narrow: 'start', cell: ({ state }) => <StateBadge kind="other" state={state} /> },
  { header: `At · ${viewerZone()}`, cell: ({ createdAt }) => <When at={createdAt} /> },
  { header: 'To the wallet', align: 'end', cell: ({ payBack }) => <Amount money={payBack} /> },
  { header: 'From the acquirer', align: 'end', cell: ({ settled }) => <Amount money={settled} /> },
  { header: 'Amount', align: 'end', narrow: 'end', cell: ({ amount }) => <Amount money={amount} /> },
];

/** What the acquirer was told, how often, and whether it has said that it knows. */
export function Notifications({ payment }: { readonly payment: WholeShopPayment }) {
  if (payment.notifications.length === 0) return null;
  return (
    <Panel title="Told to the acquirer">
      <DataTable
        label="Notifications"
        columns={notificationColumns()}
        rows={payment.notifications}
        keyOf={({ id }) => id}
      />
    </Panel>
  );
}

const notificationColumns = (): readonly Column<ShopNotification>[] => [
  { header: 'Address', heads: true, cell: ({ url }) => <span className="wrap mono">{url}</span> },
  { header: 'State', narrow: 'start', cell: ({ state }) => <StateBadge kind="other" state={state} /> },
  { header: 'Tries', cell: ({ attempts }) => <span className="num">{attempts.length}</span> },
  { header: 'Last answer', cell: ({ attempts }) => attempts.at(-1)?.outcome.replaceAll('_', ' ') ?? 'none yet' },
];
