import { Button } from '@mantine/core';
import type { Break } from '../../api/client.ts';
import { sentence } from '../../format/states.ts';
import { viewerZone } from '../../format/time.ts';
import { useBreaks } from '../../queries/reconciliation.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { Switch } from './Switch.tsx';
import { closeQuestion, type SignedQuestion } from './signed-question.ts';

type State = 'open' | 'closed';
interface Props {
  readonly state: State;
  readonly show: (state: State) => void;
  readonly ask: (question: SignedQuestion) => void;
}

/** What does not agree, since when, whose it is. An open break is closed by a signed reason. */
export function Breaks({ state, show, ask }: Props) {
  const breaks = useBreaks(state);
  const choices = [
    ['open', 'Open'],
    ['closed', 'Closed'],
  ] as const;
  return (
    <Panel title="Breaks" aside={<Switch label="Breaks shown" value={state} choices={choices} choose={show} />}>
      <Loaded
        of={breaks}
        what="breaks"
        isEmpty={({ data }) => data.length === 0}
        empty={state === 'open' ? 'Ledger, network files and bank agree.' : 'No break has been closed yet.'}
      >
        {({ data }) => (
          <DataTable
            label="Breaks"
            columns={state === 'open' ? openColumns(ask) : closedColumns()}
            rows={data}
            keyOf={({ id }) => id}
            busy={breaks.isPlaceholderData}
          />
        )}
      </Loaded>
    </Panel>
  );
}

const KIND: Column<Break> = { header: 'Break', heads: true, cell: ({ kind }) => sentence(kind) };
const REASON: Column<Break> = {
  header: 'Reason',
  cell: ({ reason, subject }) => (
    <span className="wrap">
      {reason} {subject && <IdText value={subject} />}
    </span>
  ),
};
const AMOUNT: Column<Break> = {
  header: 'Amount',
  align: 'end',
  narrow: 'end',
  cell: ({ amount }) => (amount ? <Amount money={amount} /> : <span className="faint">—</span>),
};

const openColumns = (ask: Props['ask']): readonly Column<Break>[] => [
  KIND,
  REASON,
  { header: 'Owner', cell: ({ owner }) => owner },
  { header: `Opened · ${viewerZone()}`, cell: ({ openedAt }) => <When at={openedAt} /> },
  AMOUNT,
  {
    header: 'Action',
    align: 'end',
    cell: (item) => (
      <Button size="compact-xs" variant="default" onClick={() => ask(closeQuestion(item))}>
        Close…
      </Button>
    ),
  },
];

const closedColumns = (): readonly Column<Break>[] => [
  KIND,
  REASON,
  { header: 'Closed because', cell: ({ closeReason }) => <span className="wrap">{closeReason ?? '—'}</span> },
  { header: 'Signed by', cell: ({ closedBy }) => closedBy ?? '—' },
  { header: `Closed · ${viewerZone()}`, cell: ({ closedAt }) => <When at={closedAt} /> },
  AMOUNT,
];
