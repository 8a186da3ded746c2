/**
 * Outgoing calls of the networks to each other, to the clock and to the merchant. Never throws for what the other side or
 * the wire does: a sandbox network only needs to know whether the other one took it.
 * Over node:http with kept connections: an exchange on loopback costs well under a millisecond (fetch: two to three).
 */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface CallRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of a body: what is signed must not be written anew. */
  readonly text?: string;
  /** Wall-clock milliseconds. */
  readonly timeoutMs: number;
}

/** `answered` only when a complete response arrived; any status counts as one. */
export type CallOutcome =
  | { readonly answered: true; readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
  | { readonly answered: false; readonly reason: string };

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export function call(options: CallRequest): Promise<CallOutcome> {
  const body = options.text ?? (options.body === undefined ? '' : JSON.stringify(options.body));
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...options.headers };
  return new Promise((resolve) => {
    const refused = (cause: Error): void => resolve({ answered: false, reason: cause.message });
    const signal = AbortSignal.timeout(options.timeoutMs);
    const outgoing = request(options.url, { method: options.method, agent, headers, signal }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () => {
        resolve({ answered: true, status: incoming.statusCode ?? 0, headers: incoming.headers, body: text });
      });
      incoming.on('error', refused);
    });
    outgoing.on('error', refused);
    outgoing.end(body);
  });
}

/** Whether the other side took it: any 2xx. */
export const taken = (outcome: CallOutcome): boolean =>
  outcome.answered && outcome.status >= 200 && outcome.status < 300;

/** The JSON object of an answered 2xx call, or null. */
export function answeredObject(outcome: CallOutcome): Record<string, unknown> | null {
  if (!outcome.answered || !taken(outcome)) return null;
  try {
    const value: unknown = JSON.parse(outcome.body);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
