/**
 * The same request id for the same kind answers the first answer again, without a second effect. The real network does not
 * document this; it is the sandbox's behaviour, and a connector must not rely on it.
 */
import { json, type Reply } from '../base/http-server.ts';
import type { Acquirer, OperationName } from './acquirer.ts';

/** Runs `act` in one transaction with the record of its 200 answer. A non-200 answer is not kept: nothing happened. */
export function once({ store }: Acquirer, kind: OperationName, requestId: string, act: () => Reply): Reply {
  const known = store.first<{ body: string }>(
    'select body from answer where kind = ? and request_id = ?',
    kind,
    requestId,
  );
  if (known !== null) return { status: 200, headers: { 'content-type': 'application/json' }, body: known.body };
  return store.transaction(() => {
    const reply = act();
    if ('hangUp' in reply || reply.status !== 200) return reply;
    store.run('insert into answer values (?, ?, ?)', kind, requestId, String(reply.body));
    return reply;
  });
}

export const done = (answer: unknown): Reply => json(200, answer);
