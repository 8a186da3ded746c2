/**
 * Hands documents in for the stage that waits for our answer. They can be added to and not taken back. One key a choice of
 * files: the same files after a lost answer are the same request.
 */
import { Button, FileInput, Modal } from '@mantine/core';
import { useState } from 'react';
import type { DisputeWithHistory } from '../../api/client.ts';
import { mintKey } from '../../api/mint-key.ts';
import { reasonWords } from '../../format/dispute-words.ts';
import { useDisputeAction } from '../../queries/disputes.ts';
import { NO_ANSWER, Refusal } from './Refusal.tsx';
import { ACCEPTED, readFiles, wrongWith } from './read-files.ts';

interface Props {
  readonly dispute: DisputeWithHistory;
  readonly close: () => void;
}

export function EvidenceDialog({ dispute, close }: Props) {
  const [files, setFiles] = useState<File[]>([]);
  const [key, setKey] = useState(mintKey);
  const [wrong, setWrong] = useState<string | null>(null);
  const action = useDisputeAction(dispute.id);

  const choose = (chosen: File[]): void => {
    setFiles(chosen);
    setKey(mintKey());
    setWrong(null);
    action.reset();
  };
  const submit = async (): Promise<void> => {
    const found = wrongWith(files);
    setWrong(found);
    if (found !== null) return;
    const documents = await readFiles(files).catch(() => null);
    if (documents === null) setWrong('The files could not be read. Choose them again.');
    else action.mutate({ move: 'evidence', body: { documents }, key }, { onSuccess: close });
  };

  return (
    <Modal opened onClose={close} title="Add evidence" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className="move"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!action.isPending) void submit();
        }}
      >
        <p className="move-context">{dispute.reason.title}</p>
        <p>Show {reasonWords(dispute.reason.kind).evidence}.</p>
        <Refusal error={action.error} unsure={NO_ANSWER} />
        <FileInput
          label="Documents"
          placeholder="Choose files"
          description="PDF, PNG, JPEG or text; 2 MiB each, ten files and 6 MiB a stage."
          accept={ACCEPTED}
          multiple
          clearable
          required
          value={files}
          error={wrong}
          onChange={choose}
        />
        <div className="move-buttons">
          <Button variant="default" onClick={close}>
            Not now
          </Button>
          <Button type="submit" loading={action.isPending}>
            Hand in
          </Button>
        </div>
      </form>
    </Modal>
  );
}
