import type { Order, Posting } from '../../api/client.ts';
import { viewerZone } from '../../format/time.ts';
import { useOrderPostings } from '../../queries/orders.ts';
import { AccountName } from '../../ui/AccountName.tsx';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';

/** The order's double entries, one leg a row, by the journal's order. */
export function Postings({ order }: { readonly order: Order }) {
  const postings = useOrderPostings(order);
  return (
    <Panel title="Ledger">
      <Loaded of={postings} what="postings" isEmpty={({ data }) => data.length === 0} empty="No money has moved yet.">
        {({ data }) => (
          <DataTable label="Ledger entries" columns={columns()} rows={data} keyOf={(leg) => `${leg.seq}.${leg.leg}`} />
        )}
      </Loaded>
    </Panel>
  );
}

const columns = (): readonly Column<Posting>[] => [
  {
    header: 'Seq.leg',
    narrow: 'hidden',
    cell: (leg) => (
      <span className="num">
        {leg.seq}
        <span className="faint">.{leg.leg}</span>
      </span>
    ),
  },
  { header: 'Event', heads: true, cell: (leg) => leg.event },
  { header: 'Debit', cell: (leg) => <AccountName account={leg.debit} /> },
  { header: 'Credit', cell: (leg) => <AccountName account={leg.credit} /> },
  { header: `At · ${viewerZone()}`, cell: (leg) => <When at={leg.at} /> },
  { header: 'Amount', align: 'end', narrow: 'end', cell: (leg) => <Amount money={leg.amount} /> },
];
