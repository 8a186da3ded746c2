/**
 * The REST API as the console uses it: its types and one request function. Same origin, session cookie; unsafe methods
 * carry `x-causeway-console`, which another site's form cannot send. Answers are either data, a `Problem` (the server
 * said no, RFC 9457) or `NoAnswer` (nobody knows what happened; the same attempt may be repeated with the same key).
 */
export type * from './dispute-types.ts';
export type * from './hub-types.ts';
export type * from './operator-types.ts';
export type * from './types.ts';

/** The server's refusal or fault, as RFC 9457 says it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly retryAfter: boolean;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
  constructor(status: number, body: ProblemBody, retryAfter: boolean) {
    super(body.detail ?? body.title ?? `The server answered ${status}.`);
    this.status = status;
    this.code = body.code ?? `http_${status}`;
    this.retryAfter = retryAfter;
    this.errors = body.errors ?? [];
  }
}
interface ProblemBody {
  readonly title?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The request may or may not have arrived. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  constructor(cause: unknown) {
    super('The server could not be reached.', { cause });
  }
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** GET; throws Problem or NoAnswer. */
export async function get<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  return (await call<Body>(path, signal === undefined ? {} : { signal })).body;
}

/** Any other method; the status tells 201 from 202. Throws Problem or NoAnswer. */
export function send<Body>(
  method: 'POST' | 'DELETE',
  path: string,
  options: { readonly body?: unknown; readonly key?: string } = {},
): Promise<Answer<Body>> {
  const headers: Record<string, string> = { 'x-causeway-console': '1' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.key !== undefined) headers['idempotency-key'] = options.key;
  return call<Body>(path, {
    method,
    headers,
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
}

/** `?a=1&b=2` of the values that are set; empty text when none is. */
export function query(values: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return set.length === 0 ? '' : `?${new URLSearchParams(set).toString()}`;
}

async function call<Body>(path: string, init: RequestInit): Promise<Answer<Body>> {
  const response = await fetch(path, { credentials: 'same-origin', ...init }).catch((cause: unknown) => {
    if (init.signal?.aborted === true) throw cause;
    throw new NoAnswer(cause);
  });
  const text = await response.text().catch((cause: unknown) => {
    throw new NoAnswer(cause);
  });
  const body = parse(text);
  // A success that cannot be read is not known to be one: it counts as no answer.
  if (response.ok && body === undefined) throw new NoAnswer(new Error('not JSON'));
  if (!response.ok)
    throw new Problem(response.status, (body ?? {}) as ProblemBody, response.headers.has('retry-after'));
  // The contract types what this path answers; the server validates its answers against the same contract.
  return { status: response.status, body: body as Body };
}

/** The JSON value, null for an empty body, undefined for text that is not JSON. */
function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
