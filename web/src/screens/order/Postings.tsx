import type { Order } from '../../api/client.ts';
import { useOrderPostings } from '../../queries/orders.ts';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PostingsTable } from '../../ui/PostingsTable.tsx';

/** The order's double entries, one leg a row, by the journal's order. */
export function Postings({ order }: { readonly order: Order }) {
  const postings = useOrderPostings(order);
  return (
    <Panel title="Ledger">
      <Loaded of={postings} what="postings" isEmpty={({ data }) => data.length === 0} empty="No money has moved yet.">
        {({ data }) => <PostingsTable postings={data} />}
      </Loaded>
    </Panel>
  );
}
