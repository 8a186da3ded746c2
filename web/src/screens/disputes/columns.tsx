import { Link } from '@tanstack/react-router';
import type { Dispute } from '../../api/client.ts';
import { channelWords } from '../../format/dispute-words.ts';
import { shortId } from '../../format/id.ts';
import { partyName } from '../../format/party.ts';
import { viewerZone } from '../../format/time.ts';
import { Amount } from '../../ui/Amount.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { TimeLeft } from '../../ui/TimeLeft.tsx';
import { When } from '../../ui/When.tsx';

/** A dispute in a list. The order's own page leaves out what is the same in every row. */
export function disputeColumns(options: { readonly ofOneOrder?: boolean } = {}): readonly Column<Dispute>[] {
  const zone = viewerZone();
  const reason: Column<Dispute> = {
    header: 'Reason',
    heads: true,
    cell: ({ id, reason: { title } }) => (
      <Link
        to="/disputes/$disputeId"
        params={{ disputeId: id }}
        className="row-link row-link-wide"
        title={title}
        data-row
      >
        {title}
      </Link>
    ),
  };
  const state: Column<Dispute> = {
    header: 'State',
    narrow: 'start',
    cell: (dispute) => <StateBadge kind="dispute" state={dispute.state} />,
  };
  const channel: Column<Dispute> = {
    header: 'Channel',
    narrow: 'hidden',
    cell: (dispute) => channelWords(dispute.channel),
  };
  const due: Column<Dispute> = { header: `Answer due · ${zone}`, cell: (dispute) => <Due dispute={dispute} /> };
  const opened: Column<Dispute> = {
    header: `Opened · ${zone}`,
    narrow: 'hidden',
    cell: ({ openedAt }) => <When at={openedAt} />,
  };
  const amount: Column<Dispute> = {
    header: 'Amount',
    align: 'end',
    narrow: 'end',
    cell: (dispute) => <Amount money={dispute.amount} />,
  };
  if (options.ofOneOrder === true) return [reason, state, channel, due, opened, amount];
  return [reason, state, channel, ORDER, SELLER, due, opened, amount];
}

const ORDER: Column<Dispute> = {
  header: 'Order',
  cell: ({ order, orderReference }) => (
    <Link to="/orders/$orderId" params={{ orderId: order }} className="over-row">
      {orderReference ?? shortId(order)}
    </Link>
  ),
};
const SELLER: Column<Dispute> = {
  header: 'Seller',
  cell: ({ seller }) => (
    <span className="clip" title={partyName(seller)}>
      {partyName(seller)}
    </span>
  ),
};

/** Until when we have to answer; whose turn it is where it is not ours. */
function Due({ dispute }: { readonly dispute: Dispute }) {
  if (dispute.checking) return <span className="faint">checking our answer</span>;
  if (dispute.turn === 'theirs') return <span className="faint">the bank’s turn</span>;
  if (dispute.turn === null || dispute.respondBy === null) return <span className="faint">—</span>;
  return (
    <span>
      <When at={dispute.respondBy} />
      <TimeLeft until={dispute.respondBy} separator=", " />
    </span>
  );
}
