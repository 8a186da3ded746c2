/**
 * One attempt to move money: its idempotency key and the body it was sent with. Minted by the browser before the first
 * send, kept over retries, reloads and unknown results, and given up only on a definite answer; so that pressing the
 * button again after a slow success asks for the same thing and cannot charge twice. The body is kept with the key
 * because the server refuses one key with other fields. It holds a vault token, never a card number.
 */
export interface Attempt {
  readonly key: string;
  readonly body: Readonly<Record<string, unknown>>;
}
export type AttemptStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The attempt that is still open for this scope (one move of one order), or null. */
export function openAttempt(store: AttemptStore, scope: string): Attempt | null {
  const text = store.getItem(name(scope));
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isAttempt(value) ? value : null;
  } catch {
    return null;
  }
}

/** The open attempt if there is one, whatever `body` says; otherwise a new one, stored before it is returned. */
export function beginAttempt(store: AttemptStore, scope: string, body: Attempt['body'], mint: () => string): Attempt {
  const open = openAttempt(store, scope);
  if (open !== null) return open;
  const attempt: Attempt = { key: mint(), body };
  store.setItem(name(scope), JSON.stringify(attempt));
  return attempt;
}

/** After a definite answer: the next send is a new attempt. */
export const endAttempt = (store: AttemptStore, scope: string): void => store.removeItem(name(scope));

/**
 * Whether a status settles the attempt. 202 is "still being checked"; 5xx, 408, 425 and 429 say nothing about the
 * outcome; 409 with Retry-After is an attempt still open; 401 leaves the attempt for after signing in again.
 */
export function isDefinite(status: number, retryAfter: boolean): boolean {
  if (status === 202 || status >= 500) return false;
  if (status === 409) return !retryAfter;
  return ![401, 408, 425, 429].includes(status);
}

const name = (scope: string): string => `causeway.attempt.${scope}`;

function isAttempt(value: unknown): value is Attempt {
  if (typeof value !== 'object' || value === null || !('key' in value) || !('body' in value)) return false;
  return typeof value.key === 'string' && typeof value.body === 'object' && value.body !== null;
}
