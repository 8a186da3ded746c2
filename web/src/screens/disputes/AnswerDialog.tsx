/**
 * Confirms what cannot be taken back: a challenge is sent once a stage, what is accepted is lost. The key is minted once per
 * dialog, so that pressing again after a lost answer repeats the same request.
 */
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { type DisputeWithHistory, Problem } from '../../api/client.ts';
import { mintKey } from '../../api/mint-key.ts';
import { moneyText } from '../../format/money.ts';
import { useDisputeAction } from '../../queries/disputes.ts';
import { NO_ANSWER, Refusal } from './Refusal.tsx';

interface Props {
  readonly dispute: DisputeWithHistory;
  readonly kind: 'challenge' | 'accept';
  readonly close: () => void;
}

export function AnswerDialog({ dispute, kind, close }: Props) {
  const [key] = useState(mintKey);
  const action = useDisputeAction(dispute.id);
  const done = action.data !== undefined;
  const [title, confirm] =
    kind === 'challenge'
      ? ['Challenge the dispute', 'Send the challenge']
      : ['Accept the dispute', 'Accept: it is lost'];
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className="move"
        onSubmit={(event) => {
          event.preventDefault();
          if (!done && !action.isPending) action.mutate({ move: kind, body: {}, key });
        }}
      >
        <p className="move-context">
          {dispute.orderReference ?? dispute.order} · {moneyText(dispute.amount)}
        </p>
        <Refusal error={action.error} unsure={NO_ANSWER} />
        {done && (
          <div className="notice tone-good" role="status">
            {action.data.status === 202
              ? 'Sent. We are checking with the bank whether it took the answer.'
              : 'Sent, and the bank took it. The dispute below is up to date.'}
          </div>
        )}
        {!done && kind === 'challenge' && <Documents dispute={dispute} />}
        {!done && kind === 'accept' && (
          <p>
            {moneyText(dispute.amount)} stay with the cardholder, and what is frozen of the seller’s is gone. This
            cannot be taken back.
          </p>
        )}
        <div className="move-buttons">
          <Button variant="default" onClick={close}>
            {done ? 'Close' : 'Not now'}
          </Button>
          {!done && !isFinal(action.error) && (
            <Button type="submit" loading={action.isPending} color={kind === 'accept' ? 'red.9' : 'ink'}>
              {confirm}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );
}

/** The server's no stands; without an answer the same request may be sent again. */
const isFinal = (error: Error | null): boolean => error instanceof Problem && error.status < 500 && !error.retryAfter;

function Documents({ dispute: { documents, stage } }: { readonly dispute: DisputeWithHistory }) {
  const sent = documents.filter((document) => document.stage === stage);
  return (
    <>
      <p>
        These documents go to the bank, together and once. After that this stage can be neither changed nor accepted.
      </p>
      <ul className="plain-list">
        {sent.map(({ id, name }) => (
          <li key={id}>{name}</li>
        ))}
      </ul>
    </>
  );
}
