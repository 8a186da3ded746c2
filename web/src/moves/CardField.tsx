/**
 * The vault's card fields in a frame of the vault's own origin. The console gets a token, never a number: a message
 * counts only if it comes from that frame and that origin.
 */
import { useEffect, useRef } from 'react';
import { useSystem } from '../queries/system.ts';

interface Props {
  readonly marketplace: string;
  readonly onToken: (token: string) => void;
}

export function CardField({ marketplace, onToken }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const vault = useSystem().data?.addresses.vault;

  useEffect(() => {
    if (vault === undefined) return;
    const onMessage = (event: MessageEvent<unknown>): void => {
      if (event.origin !== new URL(vault).origin || event.source !== frame.current?.contentWindow) return;
      const token = tokenOf(event.data);
      if (token !== null) onToken(token);
    };
    window.addEventListener('message', onMessage);
    return () => window.removeEventListener('message', onMessage);
  }, [vault, onToken]);

  if (vault === undefined) return <p className="faint">Asking for the vault’s address…</p>;
  const parameters = new URLSearchParams({ marketplace, parent: window.location.origin });
  return (
    <div className="card-field">
      <iframe ref={frame} title="Card details, in the vault" src={`${vault}/fields?${parameters.toString()}`} />
      <p className="faint">Card details go to the vault. This page gets a token and never sees the number.</p>
    </div>
  );
}

function tokenOf(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('type' in data) || !('token' in data)) return null;
  return data.type === 'causeway.card-token' && typeof data.token === 'string' ? data.token : null;
}
