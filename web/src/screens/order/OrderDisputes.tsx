import { Link } from '@tanstack/react-router';
import type { Order } from '../../api/client.ts';
import { useOrderDisputes } from '../../queries/disputes.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { disputeColumns } from '../disputes/columns.tsx';

/** Says that an open dispute holds the order; shown above everything else, as no other move of the money is possible. */
export function DisputeNotice({ order }: { readonly order: Order }) {
  if (order.dispute === null) return null;
  return (
    <div className="notice tone-waiting" role="status">
      A dispute is open. Until it ends, nothing of this order is released or refunded.{' '}
      <Link to="/disputes/$disputeId" params={{ disputeId: order.dispute }}>
        See the dispute
      </Link>
    </div>
  );
}

/** The disputes of the order; an order without any, as most are, shows nothing. */
export function OrderDisputes({ order }: { readonly order: Order }) {
  const disputes = useOrderDisputes(order);
  if (disputes.error !== null && disputes.data === undefined) {
    return (
      <p className="notice tone-bad" role="alert">
        Could not load the disputes of this order. {disputes.error.message}
      </p>
    );
  }
  const rows = disputes.data?.data ?? [];
  if (rows.length === 0) return null;
  return (
    <Panel title="Disputes">
      <DataTable
        label="Disputes"
        columns={disputeColumns({ ofOneOrder: true })}
        rows={rows}
        keyOf={({ id }) => id}
        busy={disputes.isPlaceholderData}
      />
    </Panel>
  );
}
