/** Speaking to an installation: JSON over HTTP with an API key. Money in answers is revived, so that it can be formatted. */
import { fromJson, toPlain } from '../src/base/json.ts';
import { type Problem, Refused, Unreachable } from './errors.ts';

export type Query = Readonly<Record<string, string | undefined>>;

export interface Api {
  readonly url: string;
  get<Body>(path: string, query?: Query): Promise<Body>;
  /** `key` names the attempt (Idempotency-Key); a fresh one by default. */
  post<Body>(path: string, body: unknown, key?: string, headers?: Readonly<Record<string, string>>): Promise<Body>;
  /** Up to `max` rows of a list, over as many pages as that takes. */
  list<Row>(path: string, query: Query, max: number): Promise<Listed<Row>>;
  /** The lines of an answer of many, as they arrive. */
  lines(path: string, query: Query): AsyncIterable<string>;
}

export interface Listed<Row> {
  readonly data: readonly Row[];
  /** True when there are more than were asked for. */
  readonly more: boolean;
}

const TIMEOUT_MS = 240_000;
const PAGE = 100;

/** A client of `url`. All calls throw Refused or Unreachable. */
export function createApi(url: string, apiKey?: string): Api {
  const auth = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const get = <Body>(path: string, query: Query = {}): Promise<Body> =>
    exchange<Body>(`${url}${path}${searchOf(query)}`, { method: 'GET', headers: auth });
  return {
    url,
    get,
    post: (path, body, key = crypto.randomUUID(), headers = {}) =>
      exchange(`${url}${path}`, {
        method: 'POST',
        headers: { ...auth, 'content-type': 'application/json', 'idempotency-key': key, ...headers },
        body: JSON.stringify(toPlain(body)),
      }),
    list: async <Row>(path: string, query: Query, max: number) => {
      const data: Row[] = [];
      let cursor: string | undefined;
      do {
        const limit = String(Math.min(PAGE, max - data.length));
        const page = await get<{ data: readonly Row[]; next: string | null }>(path, { ...query, limit, cursor });
        data.push(...page.data);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined && data.length < max);
      return { data, more: cursor !== undefined };
    },
    lines: (path, query) => linesOf(`${url}${path}${searchOf(query)}`, auth),
  };
}

/** A part of a path as the user gave it: whatever is in it, it stays one part. */
export const part = (text: string): string => encodeURIComponent(text);

function searchOf(query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

async function* linesOf(url: string, headers: Readonly<Record<string, string>>): AsyncGenerator<string> {
  const response = await fetch(url, { headers, redirect: 'manual' }).catch((error: unknown) => unreachable(url, error));
  if (!response.ok || response.body === null) throw refusalOf(url, response.status, parse(await response.text()));
  let rest = '';
  try {
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    unreachable(url, error);
  }
  if (rest !== '') yield rest;
}

async function exchange<Body>(url: string, request: RequestInit): Promise<Body> {
  const { response, text } = await send(url, request);
  const body = parse(text);
  if (response.ok && body !== undefined) return fromJson<Body>(text);
  throw refusalOf(url, response.status, body);
}

function refusalOf(url: string, status: number, body: unknown): Refused | Unreachable {
  const problem = problemOf(body, status);
  if (problem !== null) return new Refused(problem);
  return new Unreachable(
    `${new URL(url).origin} answered ${status} without JSON we know; is it a Causeway installation?`,
  );
}

async function send(url: string, request: RequestInit): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { response, text: await response.text() };
  } catch (error) {
    return unreachable(url, error);
  }
}

function unreachable(url: string, error: unknown): never {
  throw new Unreachable(`cannot reach ${new URL(url).origin}: ${reasonOf(error)}`, { cause: error });
}

/** fetch says "fetch failed" and keeps the reason in its cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const { code, message: deeper } = (cause ?? {}) as { code?: string; message?: string };
  return code ?? (deeper === undefined || deeper === '' ? message : deeper);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A problem of RFC 9457, or the sandbox's shorter {error, message}; null for anything else. */
function problemOf(body: unknown, status: number): Problem | null {
  if (typeof body !== 'object' || body === null) return null;
  const members = body as Readonly<Record<string, unknown>>;
  if (typeof members.title === 'string' && typeof members.code === 'string' && typeof members.detail === 'string')
    return { ...members, title: members.title, status, code: members.code, detail: members.detail };
  if (typeof members.error === 'string' && typeof members.message === 'string')
    return { title: 'The sandbox refused', status, code: members.error, detail: members.message };
  return null;
}
