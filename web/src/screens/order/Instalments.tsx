import type { Instalment, Order } from '../../api/client.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';

const COLUMNS: readonly Column<Instalment>[] = [
  { header: 'Instalment', heads: true, cell: ({ number }) => `No. ${number}` },
  { header: 'State', cell: ({ state }) => <StateBadge kind="other" state={state} /> },
  { header: 'Due', cell: ({ due }) => (due === 'now' ? 'At once' : 'Before shipment') },
  {
    header: 'Payment',
    cell: ({ payment }) => (payment ? <IdText value={payment} /> : <span className="faint">—</span>),
  },
  { header: 'Amount', align: 'end', narrow: 'end', cell: ({ amount }) => <Amount money={amount} /> },
];

/** What the buyer agreed to pay, and when. */
export function Instalments({ order }: { readonly order: Order }) {
  return (
    <Panel title="Instalments">
      <DataTable label="Instalments" columns={COLUMNS} rows={order.instalments} keyOf={({ number }) => `${number}`} />
    </Panel>
  );
}
