import type { Posting } from '../api/client.ts';
import { viewerZone } from '../format/time.ts';
import { AccountName } from './AccountName.tsx';
import { Amount } from './Amount.tsx';
import { type Column, DataTable } from './DataTable.tsx';
import { When } from './When.tsx';

/** Double entries, one leg a row, by the journal's order. */
export const PostingsTable = ({ postings }: { readonly postings: readonly Posting[] }) => (
  <DataTable label="Ledger entries" columns={columns()} rows={postings} keyOf={(leg) => `${leg.seq}.${leg.leg}`} />
);

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
