import type { DisputeWithHistory } from '../../api/client.ts';
import { reasonWords, recommendationWords } from '../../format/dispute-words.ts';
import { TimeLeft } from '../../ui/TimeLeft.tsx';
import { When } from '../../ui/When.tsx';

/** Whose turn it is, until when, and what speaks for which answer; or how it ended. */
export function DisputeTurn({ dispute }: { readonly dispute: DisputeWithHistory }) {
  if (dispute.checking) {
    return (
      <Notice tone="waiting">
        We are checking with the bank whether it took our answer. Nothing needs to be done; do not answer again.
      </Notice>
    );
  }
  if (dispute.turn === 'ours') return <OurTurn dispute={dispute} />;
  if (dispute.turn === 'theirs') {
    const accepted = dispute.answers.some(({ kind, state }) => kind === 'accept' && state === 'taken');
    return (
      <Notice tone="active">
        {accepted
          ? 'We have accepted it. The bank closes it; nothing more can be done.'
          : 'It is the bank’s turn. Until it has decided, the money stays frozen.'}
      </Notice>
    );
  }
  return <Notice tone={dispute.state === 'won' ? 'good' : 'quiet'}>{endWords(dispute)}</Notice>;
}

function OurTurn({ dispute }: { readonly dispute: DisputeWithHistory }) {
  const { respondBy, reason, recommendation, liabilityShift } = dispute;
  return (
    <Notice tone="waiting">
      <p>
        <strong>It is our turn to answer.</strong>{' '}
        {respondBy !== null && (
          <>
            Until <When at={respondBy} named />
            <TimeLeft until={respondBy} separator=", " />. Unanswered, it is lost.
          </>
        )}
      </p>
      <p className="notice-line">
        A challenge has to show {reasonWords(reason.kind).evidence}. {recommendationWords(recommendation.because)}
        {liabilityShift && recommendation.because !== 'liability_shift'
          ? ' The cardholder was authenticated, which counts against fraud only.'
          : ''}
      </p>
    </Notice>
  );
}

function endWords({ state, expired }: DisputeWithHistory): string {
  if (state === 'won') return 'Won. The money is back, and nothing of the seller’s is frozen any more.';
  if (state === 'accepted') return 'Accepted. The money stays with the cardholder.';
  return expired
    ? 'Lost, because nobody answered in time. The money stays with the cardholder.'
    : 'Lost. The money stays with the cardholder.';
}

const Notice = ({ tone, children }: { readonly tone: string; readonly children: React.ReactNode }) => (
  <div className={`notice tone-${tone}`} role="status">
    {children}
  </div>
);
