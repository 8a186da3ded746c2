/**
 * The server as this page asks it. The token in the address is all it sends of a login. A request that is not answered, or
 * answered with trouble that may pass, is `silence`: nobody knows what came of it, and the same attempt may be sent again.
 */
import type { State } from './state.ts';

export interface Attempt {
  readonly attempt: number;
  /** A card token of the vault, or a wallet's short name. */
  readonly card?: string;
  readonly wallet?: string;
  readonly browser: BrowserFacts;
}

export interface BrowserFacts {
  readonly language: string;
  readonly screenWidth: number;
  readonly screenHeight: number;
  readonly colorDepth: number;
  readonly timeZoneOffset: number;
}

export type Answer =
  | { readonly kind: 'state'; readonly state: State }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'silence' };

export interface Server {
  look(): Promise<Answer>;
  goOn(): Promise<Answer>;
  pay(attempt: Attempt): Promise<Answer>;
}

const LONGEST_MS = 30_000;

export function serverOf(token: string): Server {
  const path = `/checkout/${token}`;
  return {
    look: () => ask(`${path}/state`, { method: 'GET' }),
    goOn: () => ask(`${path}/continue`, { method: 'POST' }),
    pay: (attempt) =>
      ask(`${path}/pay`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(attempt),
      }),
  };
}

async function ask(path: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(path, { ...init, cache: 'no-store', signal: AbortSignal.timeout(LONGEST_MS) });
    if (response.status === 429 || response.status >= 500) return { kind: 'silence' };
    const body = (await response.json()) as State & { readonly code?: string };
    return response.ok ? { kind: 'state', state: body } : { kind: 'refused', code: body.code ?? 'unknown' };
  } catch {
    return { kind: 'silence' };
  }
}

/** What an issuer wants to know of the browser (EMV 3-D Secure 2); the rest the server reads from the request. */
export const browserFacts = (): BrowserFacts => ({
  language: navigator.language.slice(0, 35) || 'en',
  screenWidth: Math.max(1, screen.width),
  screenHeight: Math.max(1, screen.height),
  colorDepth: Math.min(64, Math.max(1, screen.colorDepth)),
  timeZoneOffset: new Date().getTimezoneOffset(),
});
