/**
 * One HTTP exchange with a card network. Redirects are answers, not followed: the allow list spoke about this address only.
 * A refused connection is the one failure after which the network cannot have acted; everything else may have been seen.
 */

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

/** Never throws: what went wrong is one of two codes, without the cause's text. */
export async function sendToNetwork({ url, headers, body, timeoutMs }: NetworkCall): Promise<NetworkOutcome> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, 'accept-encoding': 'identity' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const given = PASSED_ON.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    const answered = { 'content-type': 'application/octet-stream', ...Object.fromEntries(given) };
    return {
      ok: true,
      answer: { status: response.status, headers: answered, body: Buffer.from(await response.arrayBuffer()) },
    };
  } catch (error) {
    return { ok: false, code: isRefusedConnection(error) ? 'network_unreachable' : 'network_no_answer' };
  }
}

// fetch wraps the socket's error; with several addresses of a host it is an AggregateError carrying the same code.
function isRefusedConnection(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
