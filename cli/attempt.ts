/** One attempt to do what must not happen twice, under a name (Idempotency-Key) that makes a repeat safe. */
import { Unreachable } from './errors.ts';

/** Names an attempt. */
export const ATTEMPT = [
  '--attempt <key>',
  'names this attempt (Idempotency-Key): the same name again is the same attempt',
] as const;

/** Sends under the given name, or a fresh one. Without an answer it may have happened: the error then says the name. */
export async function attempted<Answer>(
  attempt: string | undefined,
  send: (key: string) => Promise<Answer>,
): Promise<Answer> {
  const key = attempt ?? crypto.randomUUID();
  return send(key).catch((error: unknown) => {
    if (!(error instanceof Unreachable)) throw error;
    throw new Unreachable(`${error.message}\nIt may have happened. Repeat it with --attempt ${key}`, { cause: error });
  });
}
