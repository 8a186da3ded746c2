/**
 * The same request id for the same kind answers the first answer again, without a second effect. The real network does not
 * document this; it is the sandbox's behaviour, and a connector must not rely on it. POST and PATCH of payments are one
 * kind, because a payment is found by either's request id.
 */
import { json, type Reply } from '../base/http-server.ts';
import type { Acquirer } from './acquirer.ts';

export type AnswerKind =
  | 'payments'
  | 'captures'
  | 'refunds'
  | 'verifications'
  | 'authentications'
  | 'dispute_accept'
  | 'dispute_challenge'
  | 'dispute_fulfill';

/** Runs `act` in one transaction with the record of its 2xx answer. Another answer is not kept: nothing happened. */
export function once({ store }: Acquirer, kind: AnswerKind, requestId: string, act: () => Reply): Reply {
  const known = store.first<{ body: string; status: bigint }>(
    'select body, status from answer where kind = ? and request_id = ?',
    kind,
    requestId,
  );
  if (known !== null) {
    return { status: Number(known.status), headers: { 'content-type': 'application/json' }, body: known.body };
  }
  return store.transaction(() => {
    const reply = act();
    if ('hangUp' in reply || reply.status >= 300) return reply;
    const insert = 'insert into answer (kind, request_id, body, status) values (?, ?, ?, ?)';
    store.run(insert, kind, requestId, String(reply.body), reply.status);
    return reply;
  });
}

export const done = (answer: unknown): Reply => json(200, answer);
