/**
 * One attempt, sent until something is known of it. It has its number from the server, and the server begins a number once:
 * sending it again after a silence asks for the same payment and cannot make a second.
 */
import type { Attempt, Server } from './server.ts';
import { isOpen, type State } from './state.ts';

export type Paid =
  | { readonly kind: 'state'; readonly state: State }
  /** Nothing was begun, and this card token will not do. */
  | { readonly kind: 'card_unknown' }
  /** Nothing was begun, and this wallet does not take it any more. */
  | { readonly kind: 'wallet_refused' };

export interface PayOptions {
  /** Waits before the attempt is sent again; `turn` counts from 0. */
  readonly pause: (turn: number) => Promise<void>;
  readonly onSilence: () => void;
}

export async function payUntilKnown(server: Server, attempt: Attempt, options: PayOptions): Promise<Paid> {
  for (let turn = 0; ; turn += 1) {
    const answer = await server.pay(attempt);
    if (answer.kind === 'state' && isBegun(answer.state, attempt)) return answer;
    const known = answer.kind === 'refused' ? await afterRefusal(server, attempt, answer.code) : null;
    if (known !== null) return known;
    if (answer.kind === 'silence') options.onSilence();
    await options.pause(turn);
  }
}

const WALLET_REFUSALS: ReadonlySet<string> = new Set([
  'unknown_wallet',
  'wallet_not_offered',
  'wallet_limit',
  'rate_unavailable',
]);

/** What stands now says more than the refusal does. Null: something else was quicker, and is not to be seen yet. */
async function afterRefusal(server: Server, attempt: Attempt, code: string): Promise<Paid | null> {
  if (code === 'unknown_token') return { kind: 'card_unknown' };
  if (WALLET_REFUSALS.has(code)) return { kind: 'wallet_refused' };
  const now = await server.look();
  if (now.kind !== 'state') return null;
  if (isBegun(now.state, attempt)) return now;
  return code === 'payment_in_progress' || code === 'conflict' ? null : { kind: 'card_unknown' };
}

/** False while the attempt could still be made: the server has not come to it yet. */
const isBegun = (state: State, { attempt }: Attempt): boolean =>
  !isOpen(state) || state.standing !== 'ready' || state.attempt > attempt;
