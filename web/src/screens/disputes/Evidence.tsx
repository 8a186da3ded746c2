import type { DisputeAnswer, DisputeWithHistory, EvidenceDocument } from '../../api/client.ts';
import { stageWords } from '../../format/dispute-words.ts';
import { sizeText } from '../../format/size.ts';
import { viewerZone } from '../../format/time.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { When } from '../../ui/When.tsx';

/** What was handed in, and what was answered with it. */
export function Evidence({ dispute: { documents, answers } }: { readonly dispute: DisputeWithHistory }) {
  return (
    <>
      <Panel title="Evidence">
        {documents.length === 0 ? (
          <div className="empty">No document has been handed in.</div>
        ) : (
          <DataTable label="Evidence" columns={documentColumns()} rows={documents} keyOf={({ id }) => id} />
        )}
      </Panel>
      {answers.length > 0 && (
        <Panel title="Our answers">
          <DataTable
            label="Our answers"
            columns={answerColumns()}
            rows={answers}
            keyOf={({ sentAt, stage }) => `${stage} ${sentAt}`}
          />
        </Panel>
      )}
    </>
  );
}

const documentColumns = (): readonly Column<EvidenceDocument>[] => [
  { header: 'Document', heads: true, cell: ({ name }) => <span className="wrap">{name}</span> },
  { header: 'Type', cell: ({ mediaType }) => mediaType },
  { header: 'For the stage', cell: ({ stage }) => stageWords(stage) },
  { header: `Added · ${viewerZone()}`, cell: ({ addedAt }) => <When at={addedAt} /> },
  { header: 'Size', align: 'end', narrow: 'end', cell: ({ bytes }) => <span className="num">{sizeText(bytes)}</span> },
];

const answerColumns = (): readonly Column<DisputeAnswer>[] => [
  { header: 'Answer', heads: true, cell: ({ kind }) => (kind === 'accept' ? 'Accepted' : 'Challenged') },
  { header: 'In the stage', cell: ({ stage }) => stageWords(stage) },
  { header: 'Outcome', cell: ({ state }) => <StateBadge kind="other" state={state} /> },
  {
    header: 'Why refused',
    cell: ({ refusal }) =>
      refusal === null ? (
        <span className="faint">—</span>
      ) : (
        <span className="wrap">
          {refusal.message} <code>{refusal.code}</code>
        </span>
      ),
  },
  { header: `Sent · ${viewerZone()}`, cell: ({ sentAt }) => <When at={sentAt} /> },
];
