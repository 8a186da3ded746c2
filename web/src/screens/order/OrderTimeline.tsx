import type { Order } from '../../api/client.ts';
import { useOrderTimeline } from '../../queries/orders.ts';
import { LaneLegend, Lanes } from '../../ui/Lanes.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';

/** What happened to goods and money, and what is due. */
export function OrderTimeline({ order }: { readonly order: Order }) {
  const timeline = useOrderTimeline(order);
  return (
    <Panel title="Timeline" aside={<LaneLegend />}>
      <Loaded
        of={timeline}
        what="the timeline"
        isEmpty={({ data }) => data.length === 0}
        empty="Nothing has happened yet."
      >
        {({ data }) => <Lanes entries={data} first="Goods" />}
      </Loaded>
    </Panel>
  );
}
