/**
 * An ordered fault on a signed answer. Unlike those of unsigned networks (faults.ts) an answer is changed before it is signed, so that the
 * signature is right and the message is wrong. Nothing is done for `drop_before`, `http_500` and `http_503`.
 */
import { sleep } from '../../src/base/clock.ts';
import type { Fault } from './faults.ts';
import type { Reply } from './http-server.ts';
import type { Answer } from './message-result.ts';

export async function answerUnder(
  fault: Fault | null,
  act: () => Answer,
  sign: (text: string) => Promise<Reply>,
): Promise<Reply> {
  if (fault?.kind === 'drop_before') return { hangUp: true };
  if (fault?.kind === 'http_500' || fault?.kind === 'http_503')
    return {
      status: fault.kind === 'http_500' ? 500 : 503,
      headers: { 'content-type': 'text/plain' },
      body: 'ordered',
    };
  const answer = act();
  const text = JSON.stringify(answer);
  switch (fault?.kind) {
    case 'drop_after':
      return { hangUp: true };
    case 'malformed':
      return sign(text.slice(0, Math.floor(text.length / 2)));
    case 'unknown_code':
      return sign(JSON.stringify({ ...answer, result: { ...answer.result, resultCode: 'SANDBOX_CODE_999' } }));
    case 'delay':
      await sleep(fault.delayMs);
      return sign(text);
    default:
      return sign(text);
  }
}
