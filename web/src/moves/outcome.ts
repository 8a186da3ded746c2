/**
 * What an answer to a move means. Only an explicit word is final: a 202, or a payment still `pending` or `checking`, is
 * "nobody knows yet" and is asked for again, never shown as success or failure.
 */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'declined'; readonly message: string }
  /** `paymentId` is what to poll; null when the answer names no payment. */
  | { readonly kind: 'checking'; readonly paymentId: string | null };

/** Reads a successful (2xx) answer to a POST on `href`. */
export function outcomeOf(status: number, body: unknown, href: string): Outcome {
  const facts = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const ownId = typeof facts.id === 'string' && facts.id.startsWith('pay_') ? facts.id : null;
  const paymentId = ownId ?? /\/payments\/(pay_[0-9a-f]+)/.exec(href)?.[1] ?? null;
  const open = facts.checking === true || (ownId !== null && facts.state === 'pending');
  if (status === 202 || open) return { kind: 'checking', paymentId };
  if (facts.state === 'declined') return { kind: 'declined', message: declineText(facts.decline) };
  return { kind: 'done' };
}

function declineText(decline: unknown): string {
  const known = typeof decline === 'object' && decline !== null && 'message' in decline ? decline.message : undefined;
  return typeof known === 'string' ? known : 'The bank declined it.';
}
