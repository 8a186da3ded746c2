/**
 * What an answer to a move means. Only an explicit word is final: a 202, or a payment still `pending` or `checking`, is
 * "nobody knows yet" and is asked for again, never shown as success or failure.
 */
import type { Challenge, Payment } from '../api/client.ts';

export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'declined'; readonly message: string }
  /** The issuer wants the cardholder on its own page first. */
  | { readonly kind: 'challenge'; readonly challenge: Challenge }
  /** `paymentId` is what to poll; null when the answer names no payment. */
  | { readonly kind: 'checking'; readonly paymentId: string | null };

/** Reads a successful (2xx) answer to a POST on `href`. */
export function outcomeOf(status: number, body: unknown, href: string): Outcome {
  const facts = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const ownId = typeof facts.id === 'string' && facts.id.startsWith('pay_') ? facts.id : null;
  const paymentId = ownId ?? /\/payments\/(pay_[0-9a-f]+)/.exec(href)?.[1] ?? null;
  const challenge = challengeOf(facts.action);
  if (challenge !== null) return { kind: 'challenge', challenge };
  const open =
    facts.checking === true || (ownId !== null && (facts.state === 'pending' || facts.state === 'authenticating'));
  if (status === 202 || open) return { kind: 'checking', paymentId };
  if (facts.state === 'declined') return { kind: 'declined', message: declineText(facts.decline) };
  if (facts.state === 'rejected') return { kind: 'declined', message: 'The bank refused the refund.' };
  return { kind: 'done' };
}

/**
 * What became of a move about a payment that exists: a capture that is declined leaves the payment as it was, so the last
 * thing that was asked of the network says it.
 */
export function lastWord(payment: Payment): Outcome {
  const last = payment.operations?.at(-1);
  if (last?.state !== 'declined') return { kind: 'done' };
  return { kind: 'declined', message: last.answer?.message ?? 'The bank declined it.' };
}

function challengeOf(action: unknown): Challenge | null {
  if (typeof action !== 'object' || action === null || !('url' in action) || !('creq' in action)) return null;
  const { url, creq } = action;
  return typeof url === 'string' && typeof creq === 'string' ? { kind: 'challenge', url, creq } : null;
}

function declineText(decline: unknown): string {
  const known = typeof decline === 'object' && decline !== null && 'message' in decline ? decline.message : undefined;
  return typeof known === 'string' ? known : 'The bank declined it.';
}
