import { Button } from '@mantine/core';
import type { BankLine } from '../../api/client.ts';
import { useBankLines } from '../../queries/reconciliation.ts';
import { Amount } from '../../ui/Amount.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Switch } from './Switch.tsx';
import { explainQuestion, type SignedQuestion } from './signed-question.ts';

type State = 'unexplained' | 'explained';
interface Props {
  readonly state: State;
  readonly show: (state: State) => void;
  readonly ask: (question: SignedQuestion) => void;
}

/** The bank statement's lines. Until one is explained its money stands in suspense. */
export function BankLines({ state, show, ask }: Props) {
  const lines = useBankLines(state);
  const choices = [
    ['unexplained', 'Unexplained'],
    ['explained', 'Explained'],
  ] as const;
  return (
    <Panel title="Bank lines" aside={<Switch label="Lines shown" value={state} choices={choices} choose={show} />}>
      <Loaded
        of={lines}
        what="bank lines"
        isEmpty={({ data }) => data.length === 0}
        empty={state === 'unexplained' ? 'Every bank line is explained.' : 'No bank line has been explained yet.'}
      >
        {({ data }) => (
          <DataTable
            label="Bank lines"
            columns={[...COLUMNS, state === 'unexplained' ? explainColumn(ask) : EXPLAINED]}
            rows={data}
            keyOf={({ id }) => id}
            busy={lines.isPlaceholderData}
          />
        )}
      </Loaded>
    </Panel>
  );
}

const COLUMNS: readonly Column<BankLine>[] = [
  { header: 'Booked (bank day)', heads: true, cell: ({ bookedOn }) => <span className="num">{bookedOn}</span> },
  { header: 'Text', cell: ({ text }) => <span className="wrap">{text || '—'}</span> },
  { header: 'Counterparty', cell: ({ counterparty }) => counterparty || <span className="faint">—</span> },
  { header: 'Bank reference', cell: ({ bankReference }) => <span className="mono">{bankReference || '—'}</span> },
  { header: 'Out', align: 'end', narrow: 'end-named', cell: (line) => <OnSide line={line} side="debit" /> },
  { header: 'In', align: 'end', narrow: 'end-named', cell: (line) => <OnSide line={line} side="credit" /> },
];

const OnSide = ({ line, side }: { readonly line: BankLine; readonly side: BankLine['direction'] }) =>
  line.direction === side ? <Amount money={line.amount} /> : null;

const explainColumn = (ask: Props['ask']): Column<BankLine> => ({
  header: 'Action',
  align: 'end',
  cell: (line) => (
    <Button size="compact-xs" variant="default" onClick={() => ask(explainQuestion(line))}>
      Explain…
    </Button>
  ),
});

const EXPLAINED: Column<BankLine> = {
  header: 'Explained as',
  cell: ({ explainedAs, subject }) => (
    <span>
      {(explainedAs ?? '—').replaceAll('_', ' ')} {subject && <IdText value={subject} />}
    </span>
  ),
};
