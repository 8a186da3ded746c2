import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { DisputeMove, DisputeWithHistory } from '../../api/client.ts';
import { reasonWords } from '../../format/dispute-words.ts';
import { Amount } from '../../ui/Amount.tsx';
import { IdText } from '../../ui/IdText.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';

interface Props {
  readonly dispute: DisputeWithHistory;
  readonly choose: (move: DisputeMove) => void;
}

const LABELS: Readonly<Record<DisputeMove, string>> = {
  evidence: 'Add evidence',
  challenge: 'Challenge',
  accept: 'Accept',
};

/** What is claimed, where the case stands, and what may be done now, as the server lists it. */
export function DisputeHeader({ dispute, choose }: Props) {
  // Evidence once handed in, the challenge is what comes next.
  const next = dispute.moves.includes('challenge') ? 'challenge' : 'evidence';
  return (
    <header className="page-head">
      <div className="crumb">
        <Link to="/disputes" search={{}}>
          Disputes
        </Link>
        <span className="crumb-id">
          <IdText value={dispute.id} />
        </span>
      </div>
      <div className="title-row">
        <h1>
          {dispute.reason.title} · <Amount money={dispute.amount} strong />
        </h1>
        <StateBadge kind="dispute" state={dispute.state} />
        {dispute.moves.length > 0 && (
          <fieldset className="moves">
            <legend className="visually-hidden">Next moves</legend>
            {dispute.moves.map((move) => (
              <Button key={move} size="sm" variant={move === next ? 'filled' : 'default'} onClick={() => choose(move)}>
                {LABELS[move]}
              </Button>
            ))}
          </fieldset>
        )}
      </div>
      <p className="lead">{reasonWords(dispute.reason.kind).claim}</p>
    </header>
  );
}
