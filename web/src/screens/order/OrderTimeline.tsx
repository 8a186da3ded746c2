/**
 * Two lanes, goods and money, in one order of time. A filled mark has happened; a hollow one is a deadline, with its
 * absolute time and zone and what happens then (never "in 3 days": people read it at different times).
 */
import { Fragment } from 'react';
import type { Order, TimelineEntry } from '../../api/client.ts';
import { useOrderTimeline } from '../../queries/orders.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';

export function OrderTimeline({ order }: { readonly order: Order }) {
  const timeline = useOrderTimeline(order);
  return (
    <Panel title="Timeline" aside={<Legend />}>
      <Loaded
        of={timeline}
        what="the timeline"
        isEmpty={({ data }) => data.length === 0}
        empty="Nothing has happened yet."
      >
        {({ data }) => <Lanes entries={data} />}
      </Loaded>
    </Panel>
  );
}

function Lanes({ entries }: { readonly entries: readonly TimelineEntry[] }) {
  const firstDue = entries.findIndex(({ kind }) => kind === 'due');
  return (
    <div className="lanes">
      <div className="lane-heads" aria-hidden="true">
        <span>Time</span>
        <span className="lane-name">Goods</span>
        <span className="lane-name">Money</span>
      </div>
      <ol className="lane-list">
        {entries.map((entry, index) => (
          <Fragment key={`${entry.at} ${entry.seq ?? 'due'} ${entry.title}`}>
            {index === firstDue && <li className="ahead">Ahead, unless someone acts first</li>}
            <Entry entry={entry} />
          </Fragment>
        ))}
      </ol>
    </div>
  );
}

function Entry({ entry }: { readonly entry: TimelineEntry }) {
  const due = entry.kind === 'due';
  return (
    <li className={`entry lane-${entry.lane} ${entry.kind}`}>
      <p className="entry-time">
        {due && <span className="visually-hidden">Due </span>}
        <When at={entry.at} named />
      </p>
      <div className="entry-body">
        <span className="mark" aria-hidden="true" />
        <p className="entry-title">
          <span>
            <span className="visually-hidden">
              {entry.lane === 'goods' ? 'Goods' : 'Money'}, {due ? 'due' : 'done'}:{' '}
            </span>
            {entry.title}
          </span>
          {entry.amount && <Amount money={entry.amount} />}
        </p>
        {entry.detail && <p className="entry-detail">{entry.detail}</p>}
      </div>
    </li>
  );
}

function Legend() {
  return (
    <span className="legend" aria-hidden="true">
      <span className="mark" /> done <span className="mark hollow" /> due
    </span>
  );
}
