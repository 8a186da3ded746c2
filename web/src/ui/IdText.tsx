import { CopyButton, UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { shortId } from '../format/id.ts';

/** An id by its ends; a click copies the whole of it. */
export function IdText({ value }: { readonly value: string }) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <UnstyledButton className="id mono" title={`${value} · click to copy`} onClick={copy}>
          {shortId(value)}
          <span className="visually-hidden">{copied ? ', copied' : ', copy'}</span>
          {copied && <IconCheck size={12} aria-hidden="true" />}
        </UnstyledButton>
      )}
    </CopyButton>
  );
}
