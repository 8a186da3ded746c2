import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { DisputeMove, DisputeWithHistory } from '../../api/client.ts';
import { useDispute, useDisputeTimeline } from '../../queries/disputes.ts';
import { LaneLegend, Lanes } from '../../ui/Lanes.tsx';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { AnswerDialog } from './AnswerDialog.tsx';
import { DisputeFacts } from './DisputeFacts.tsx';
import { DisputeHeader } from './DisputeHeader.tsx';
import { DisputeMoney } from './DisputeMoney.tsx';
import { DisputeTurn } from './DisputeTurn.tsx';
import { Evidence } from './Evidence.tsx';
import { EvidenceDialog } from './EvidenceDialog.tsx';

/** One dispute: what is claimed, whose turn it is until when, what it did to the money, what was answered. */
export function DisputeScreen() {
  const { disputeId } = useParams({ from: '/disputes/$disputeId' });
  const dispute = useDispute(disputeId);
  useTitle(dispute.data?.reason.title ?? 'Dispute', 'Disputes');
  return (
    <Loaded of={dispute} what="dispute">
      {(data) => <DisputePage key={data.id} dispute={data} />}
    </Loaded>
  );
}

function DisputePage({ dispute }: { readonly dispute: DisputeWithHistory }) {
  const [move, setMove] = useState<DisputeMove | null>(null);
  const close = (): void => setMove(null);
  return (
    <>
      <DisputeHeader dispute={dispute} choose={setMove} />
      <DisputeTurn dispute={dispute} />
      <DisputeMoney dispute={dispute} />
      <div className="columns">
        <Stages dispute={dispute} />
        <DisputeFacts dispute={dispute} />
      </div>
      <Evidence dispute={dispute} />
      {move === 'evidence' && <EvidenceDialog dispute={dispute} close={close} />}
      {(move === 'challenge' || move === 'accept') && <AnswerDialog dispute={dispute} kind={move} close={close} />}
    </>
  );
}

function Stages({ dispute }: { readonly dispute: DisputeWithHistory }) {
  const timeline = useDisputeTimeline(dispute);
  return (
    <Panel title="Stages" aside={<LaneLegend />}>
      <Loaded of={timeline} what="the stages" isEmpty={({ data }) => data.length === 0} empty="Nothing is known yet.">
        {({ data }) => <Lanes entries={data} first="Case" />}
      </Loaded>
    </Panel>
  );
}
