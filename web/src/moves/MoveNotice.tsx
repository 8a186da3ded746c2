import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { IssuerForm } from '../ui/IssuerForm.tsx';
import type { Phase } from './use-move.ts';

interface Props {
  readonly phase: Phase;
  readonly sending: boolean;
  /** Sends the same attempt again; null for moves that have no attempt to repeat. */
  readonly repeat: (() => void) | null;
}

/** What became of the move, in words. */
export function MoveNotice({ phase, sending, repeat }: Props) {
  if (sending) return <Notice tone="active">Sending…</Notice>;
  switch (phase.kind) {
    case 'form':
      return null;
    case 'done':
      return <Notice tone="good">Done. The order below is up to date.</Notice>;
    case 'declined':
      return <Notice tone="bad">Declined: {phase.message} No money moved; another try is a new attempt.</Notice>;
    case 'challenge':
      return (
        <Notice tone="waiting">
          The issuer of the card wants the cardholder to confirm this payment on its own page, which then leads back
          here. Nothing is charged before that.
          <IssuerForm challenge={phase.challenge} />
        </Notice>
      );
    case 'refused':
      return (
        <Notice tone="bad">
          {phase.problem.message} <code>{phase.problem.code}</code>
          {phase.problem.errors.map((error) => (
            <span key={error.pointer} className="notice-line">
              <code>{error.pointer}</code> {error.detail}
            </span>
          ))}
        </Notice>
      );
    case 'checking':
      return (
        <Notice tone="waiting">
          We are checking with the bank. This can take a minute; you may close this, the order keeps asking.
          {phase.paymentId === null && repeat !== null && <Again repeat={repeat} />}
        </Notice>
      );
    case 'uncertain':
      return (
        <Notice tone="waiting">
          {phase.message}{' '}
          {repeat === null
            ? 'See the order below before trying again.'
            : 'Asking again repeats the same request under the same key, so it cannot happen twice.'}
          {repeat !== null && <Again repeat={repeat} />}
        </Notice>
      );
  }
}

function Again({ repeat }: { readonly repeat: () => void }) {
  return (
    <span className="notice-line">
      <Button size="compact-sm" onClick={repeat}>
        Ask again
      </Button>
    </span>
  );
}

function Notice({ tone, children }: { readonly tone: string; readonly children: ReactNode }) {
  return (
    <div className={`notice tone-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}
