/**
 * A timeline in two lanes, in one order of time; the second lane is money. A filled mark has happened; a hollow one is a
 * deadline, with its absolute time and zone and what happens then (never "in 3 days": people read it at different times).
 */
import { Fragment } from 'react';
import type { TimelineEntry } from '../api/client.ts';
import { Amount } from './Amount.tsx';
import { When } from './When.tsx';

interface Props {
  readonly entries: readonly TimelineEntry[];
  /** The name of the lane beside money. */
  readonly first: string;
}

export function Lanes({ entries, first }: Props) {
  const firstDue = entries.findIndex(({ kind }) => kind === 'due');
  return (
    <div className="lanes">
      <div className="lane-heads" aria-hidden="true">
        <span>Time</span>
        <span className="lane-name">{first}</span>
        <span className="lane-name">Money</span>
      </div>
      <ol className="lane-list">
        {entries.map((entry, index) => (
          <Fragment key={`${entry.at} ${entry.seq ?? 'due'} ${entry.title}`}>
            {index === firstDue && <li className="ahead">Ahead, unless someone acts first</li>}
            <Entry entry={entry} lane={entry.lane === 'money' ? 'Money' : first} />
          </Fragment>
        ))}
      </ol>
    </div>
  );
}

function Entry({ entry, lane }: { readonly entry: TimelineEntry; readonly lane: string }) {
  const due = entry.kind === 'due';
  return (
    <li className={`entry lane-${entry.lane} ${entry.kind}`}>
      <p className="entry-time" data-lane={lane}>
        {due && <span className="visually-hidden">Due </span>}
        <When at={entry.at} named />
      </p>
      <div className="entry-body">
        <span className="mark" aria-hidden="true" />
        <p className="entry-title">
          <span>
            <span className="visually-hidden">
              {lane}, {due ? 'due' : 'done'}:{' '}
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

export function LaneLegend() {
  return (
    <span className="legend" aria-hidden="true">
      <span className="mark" /> done <span className="mark hollow" /> due
    </span>
  );
}
