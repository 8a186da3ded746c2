/**
 * One HTTP exchange with a card network. Redirects are answers, not followed: the allow list spoke about this address only.
 * A refused connection is the one failure after which the network cannot have acted; everything else may have been seen.
 */
import { exchange, HttpFailure } from '../base/http-exchange.ts';

export interface NetworkCall {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Wall-clock milliseconds until the exchange counts as unanswered, the body included. */
  readonly timeoutMs: number;
}

export interface NetworkAnswer {
  readonly status: number;
  /** Those of PASSED_ON that the network sent, lower-case names; always a content-type. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type NetworkOutcome =
  | { readonly ok: true; readonly answer: NetworkAnswer }
  | { readonly ok: false; readonly code: 'network_unreachable' | 'network_no_answer' };

/** Headers of an answer that mean something to whoever asked. The others stay here. */
const PASSED_ON = ['content-type', 'retry-after', 'request-id', 'trace-id'];

/** Far above any answer about a card; what is larger is not read to its end. */
const MAX_BYTES = 1024 * 1024;

const NO_ANSWER = { ok: false, code: 'network_no_answer' } as const;

/** Never throws: what went wrong is one of two codes, without the cause's text. */
export async function sendToNetwork({ url, headers, body, timeoutMs }: NetworkCall): Promise<NetworkOutcome> {
  try {
    const {
      status,
      headers: given,
      body: answered,
    } = await exchange({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', ...headers, 'accept-encoding': 'identity' },
      body,
      timeoutMs,
      maxBytes: MAX_BYTES,
    });
    // Nobody asked for it, and in compressed bytes a number could not be found and masked.
    if ((given['content-encoding'] ?? 'identity') !== 'identity') return NO_ANSWER;
    const passed = PASSED_ON.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]]));
    const typed = { 'content-type': 'application/octet-stream', ...Object.fromEntries(passed) };
    return { ok: true, answer: { status, headers: typed, body: answered } };
  } catch (error) {
    const refused = error instanceof HttpFailure && error.code === 'ECONNREFUSED';
    return refused ? { ok: false, code: 'network_unreachable' } : NO_ANSWER;
  }
}
