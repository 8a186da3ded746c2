/**
 * A small HTTP server over node:http. Plain sockets, because a sandbox network must be able to do what real ones do at
 * their worst: hang up before or after acting, answer broken JSON, answer late. Routes are matched by method and path
 * pattern (`/api/v2/payments/:id`); the first one that fits wins.
 */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Reply =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
    }
  /** The socket is destroyed without an answer. */
  | { readonly hangUp: true };

export interface Route {
  readonly method: string;
  readonly pattern: string;
  readonly handle: (request: Request) => Reply | Promise<Reply>;
}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 64 * 1024 * 1024;

/** Listens on loopback; port 0 picks a free one. */
export async function serve(port: number, routes: readonly Route[]): Promise<RunningServer> {
  const match = matcher(routes);
  const server = createServer((incoming, outgoing) => {
    answer(match, incoming).then(
      (reply) => write(reply, incoming, outgoing),
      (cause: unknown) => write(failure(cause), incoming, outgoing),
    );
  });
  server.keepAliveTimeout = 60_000;
  await listen(server, port);
  const address = server.address() as AddressInfo;
  return { port: address.port, close: () => close(server) };
}

export const json = (status: number, value: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item)),
});

/** `{error, message}`: how the clock, the bank and every admin endpoint refuse. */
export const problem = (status: number, error: string, message: string): Reply => json(status, { error, message });

/** The JSON object in the body, or null when it is anything else. */
export function bodyObject(request: Request): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** A header sent once, or the empty text. */
export function header(request: Request, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

async function answer(match: ReturnType<typeof matcher>, incoming: IncomingMessage): Promise<Reply> {
  const method = incoming.method ?? 'GET';
  const url = new URL(incoming.url ?? '/', 'http://sandbox');
  const body = await readBody(incoming);
  const found = match(method, url.pathname);
  if (found === null) return problem(404, 'no_route', `${method} ${url.pathname}`);
  const { route, params } = found;
  return route.handle({ method, path: url.pathname, params, query: url.searchParams, headers: incoming.headers, body });
}

function matcher(routes: readonly Route[]) {
  const compiled = routes.map((route) => ({ route, parts: route.pattern.split('/') }));
  return (method: string, path: string): { route: Route; params: Record<string, string> } | null => {
    const parts = path.split('/');
    for (const candidate of compiled) {
      if (candidate.route.method !== method || candidate.parts.length !== parts.length) continue;
      const params: Record<string, string> = {};
      const fits = candidate.parts.every((part, index) => {
        const actual = parts[index] ?? '';
        if (!part.startsWith(':')) return part === actual;
        params[part.slice(1)] = safeDecode(actual);
        return actual !== '';
      });
      if (fits) return { route: candidate.route, params };
    }
    return null;
  };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > BODY_LIMIT_BYTES) throw new Error('body too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function write(reply: Reply, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if ('hangUp' in reply) {
    incoming.socket.destroy();
    return;
  }
  const body = reply.body ?? '';
  outgoing.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(body) });
  outgoing.end(body);
}

function failure(cause: unknown): Reply {
  process.stderr.write(`${cause instanceof Error ? cause.stack : String(cause)}\n`);
  return problem(500, 'internal_error', 'the sandbox network failed; see its log');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
