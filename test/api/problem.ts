/** What every refusal looks like: RFC 9457, with a code of the one table and the status that the table gives it. */
import assert from 'node:assert/strict';
import { PROBLEMS } from '../../src/api/problems.ts';

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: keyof typeof PROBLEMS;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
}

export interface Exchange {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface RawRequest {
  readonly method: string;
  readonly url: string;
  readonly bearer?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body's text as it goes out. */
  readonly text?: string | Uint8Array<ArrayBuffer> | undefined;
}

/** Any request, its answer unread. JSON unless the headers say otherwise. */
export async function exchange({ method, url, bearer, headers = {}, text }: RawRequest): Promise<Exchange> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Asserts that the answer is a problem, and one of `codes` when any are given. */
export function assertProblem(answer: Exchange, what: string, codes: readonly string[] = []): ProblemBody {
  const shown = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`;
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, shown);
  const problem = JSON.parse(answer.text) as ProblemBody;
  const line = PROBLEMS[problem.code];
  assert.ok(line !== undefined, `a code that is not in PROBLEMS: ${shown}`);
  assert.deepEqual([problem.status, line.status], [answer.status, answer.status], shown);
  assert.deepEqual([problem.type, problem.title], [`/problems/${problem.code}`, line.title], shown);
  assert.ok(typeof problem.detail === 'string' && problem.detail.length > 0, shown);
  for (const error of problem.errors ?? []) assert.match(error.pointer, /^(\/[^/]*)*$/, shown);
  assert.ok(answer.status < 500, `our fault: ${shown}`);
  if (codes.length > 0) assert.ok(codes.includes(problem.code), `not one of ${codes.join(', ')}: ${shown}`);
  return problem;
}
