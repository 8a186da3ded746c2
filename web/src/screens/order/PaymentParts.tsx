import type { Operation, Refund } from '../../api/client.ts';
import { viewerZone } from '../../format/time.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { When } from '../../ui/When.tsx';

/** What was asked of the network for a payment. The reference is ours, the network id theirs. */
export function Operations({ operations }: { readonly operations: readonly Operation[] }) {
  const columns: readonly Column<Operation>[] = [
    {
      header: 'Operation',
      heads: true,
      cell: ({ kind }) => <span className="sentence">{kind.replaceAll('_', ' ')}</span>,
    },
    { header: 'Outcome', cell: ({ state }) => <StateBadge kind="other" state={state} /> },
    { header: 'Reference', cell: ({ reference }) => <span className="mono">{reference}</span> },
    { header: 'Network id', cell: ({ networkId }) => <span className="mono">{networkId ?? '—'}</span> },
    { header: `At · ${viewerZone()}`, cell: ({ at }) => <When at={at} /> },
    { header: 'Amount', align: 'end', narrow: 'end', cell: ({ amount }) => <Amount money={amount} /> },
  ];
  return <DataTable label="Operations" columns={columns} rows={operations} keyOf={({ id }) => id} />;
}

/** The refunds of a payment. */
export function Refunds({ refunds }: { readonly refunds: readonly Refund[] }) {
  const columns: readonly Column<Refund>[] = [
    { header: 'Refund', heads: true, cell: ({ id }) => <IdText value={id} /> },
    { header: 'State', cell: ({ state }) => <StateBadge kind="other" state={state} /> },
    { header: 'Reason', cell: ({ reason }) => reason },
    { header: `Created · ${viewerZone()}`, cell: ({ createdAt }) => <When at={createdAt} /> },
    { header: 'Amount', align: 'end', narrow: 'end', cell: ({ amount }) => <Amount money={amount} /> },
  ];
  return <DataTable label="Refunds" columns={columns} rows={refunds} keyOf={({ id }) => id} />;
}
