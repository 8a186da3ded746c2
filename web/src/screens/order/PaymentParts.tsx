import type { Capture, Operation, Refund } from '../../api/client.ts';
import { operationWords } from '../../format/card-words.ts';
import { viewerZone } from '../../format/time.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { NetworkId } from '../../ui/NetworkId.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { When } from '../../ui/When.tsx';

/** What was asked of the network for a payment. The reference is ours, the network id theirs. */
export function Operations({ operations }: { readonly operations: readonly Operation[] }) {
  const columns: readonly Column<Operation>[] = [
    { header: 'Operation', heads: true, cell: ({ kind }) => operationWords(kind) },
    { header: 'Outcome', narrow: 'start', cell: (operation) => <Outcome operation={operation} /> },
    { header: 'Reference', cell: ({ reference }) => <span className="mono">{reference}</span> },
    { header: 'Network id', cell: ({ networkId }) => <NetworkId value={networkId} /> },
    { header: `At · ${viewerZone()}`, cell: ({ at }) => <When at={at} /> },
    { header: 'Amount', align: 'end', narrow: 'end', cell: ({ amount }) => <Amount money={amount} /> },
  ];
  return <DataTable label="Operations" columns={columns} rows={operations} keyOf={({ id }) => id} />;
}

/** The state, and for a no the network's words. What has no answer yet says only that we ask. */
function Outcome({ operation: { state, answer } }: { readonly operation: Operation }) {
  return (
    <>
      <StateBadge kind="other" state={state} />
      {state === 'declined' && answer && (
        <span className="why">
          {answer.message} <code>{answer.code}</code>
        </span>
      )}
    </>
  );
}

/** What each capture took, and what it still has to give back. */
export function Captures({
  captures,
  operations,
}: {
  readonly captures: readonly Capture[];
  readonly operations: readonly Operation[];
}) {
  const timeOf = ({ networkId }: Capture): string | undefined =>
    operations.find((operation) => operation.networkId === networkId && ['capture', 'sale'].includes(operation.kind))
      ?.at;
  const columns: readonly Column<Capture>[] = [
    { header: 'Capture', heads: true, cell: ({ networkId }) => <NetworkId value={networkId} /> },
    { header: `Captured · ${viewerZone()}`, cell: (capture) => <When at={timeOf(capture)} /> },
    { header: 'Refunded', align: 'end', cell: ({ returned }) => <Amount money={returned} /> },
    { header: 'Not refunded', align: 'end', cell: ({ left }) => <Amount money={left} /> },
    { header: 'Amount', align: 'end', narrow: 'end', cell: ({ amount }) => <Amount money={amount} /> },
  ];
  return <DataTable label="Captures" columns={columns} rows={captures} keyOf={({ networkId }) => networkId} />;
}

/** The refunds of a payment, each from one capture. */
export function Refunds({ refunds }: { readonly refunds: readonly Refund[] }) {
  const columns: readonly Column<Refund>[] = [
    { header: 'Refund', heads: true, cell: ({ id }) => <IdText value={id} /> },
    { header: 'State', narrow: 'start', cell: ({ state }) => <StateBadge kind="other" state={state} /> },
    { header: 'From capture', cell: ({ capture }) => <NetworkId value={capture} /> },
    { header: 'Reason', cell: ({ reason }) => <span className="wrap">{reason}</span> },
    { header: `Created · ${viewerZone()}`, cell: ({ createdAt }) => <When at={createdAt} /> },
    { header: 'Amount', align: 'end', narrow: 'end', cell: ({ amount }) => <Amount money={amount} /> },
  ];
  return <DataTable label="Refunds" columns={columns} rows={refunds} keyOf={({ id }) => id} />;
}
