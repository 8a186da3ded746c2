/** A plain HTTP client for JSON: what a marketplace engineer would write in ten minutes. */
import { randomUUID } from 'node:crypto';

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

export interface Client {
  /** The body of a 2xx answer. Throws Refused otherwise. */
  get<Body>(path: string): Promise<Body>;
  /** With a fresh idempotency key unless one is given. Throws Refused unless 2xx. */
  post<Body>(path: string, body?: unknown, key?: string): Promise<Body>;
  put<Body>(path: string, body: unknown): Promise<Body>;
  delete<Body>(path: string): Promise<Body>;
  /** Any answer, whatever its status. */
  send<Body>(method: string, path: string, options?: SendOptions): Promise<Answer<Body>>;
}

export interface SendOptions {
  readonly body?: unknown;
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** The server said no. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly problem: Readonly<Record<string, unknown>>;
  constructor(what: string, status: number, problem: Record<string, unknown>) {
    super(`${what}: ${status} ${JSON.stringify(problem)}`);
    this.status = status;
    this.problem = problem;
  }
}

export function createClient(base: string, apiKey?: string): Client {
  const send = async <Body>(method: string, path: string, options: SendOptions = {}): Promise<Answer<Body>> => {
    const headers: Record<string, string> = {
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.key === undefined || options.key === null ? {} : { 'idempotency-key': options.key }),
      ...options.headers,
    };
    const response = await fetch(`${base}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(options.timeoutMs ?? 180_000),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const body = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
    return { status: response.status, body: body as Body, headers: response.headers };
  };
  const accepted = async <Body>(method: string, path: string, options?: SendOptions): Promise<Body> => {
    const { status, body } = await send<Body>(method, path, options);
    if (status >= 300) throw new Refused(`${method} ${path}`, status, body as Record<string, unknown>);
    return body;
  };
  return {
    send,
    get: (path) => accepted('GET', path),
    post: (path, body = {}, key = randomUUID()) => accepted('POST', path, { body, key }),
    put: (path, body) => accepted('PUT', path, { body, key: randomUUID() }),
    delete: (path) => accepted('DELETE', path),
  };
}
