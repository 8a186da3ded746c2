/**
 * How a command can end, and with which exit code: 0 done, 1 refused or a law does not hold, 2 wrong usage, 3 not reachable,
 * 130 the person stopped watching (128 + SIGINT, as shells have it). Scripts rely on these numbers.
 */

export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An answer of RFC 9457: what a server says when it says no. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
  /** Facts of this problem. */
  readonly [fact: string]: unknown;
}

/** The server said no. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.title} (${problem.code})`);
    this.problem = problem;
  }
}

/** Nobody answered at the address, or somebody else than we look for. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** The command cannot be carried out as it was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The exit code and the words for what was thrown; null for anything that is a bug. */
export function explain(error: unknown): { readonly code: ExitCode; readonly text: string } | null {
  if (error instanceof Refused) return { code: EXIT.refused, text: problemText(error.problem) };
  if (error instanceof Unreachable) return { code: EXIT.unreachable, text: error.message };
  if (error instanceof UsageError) return { code: EXIT.usage, text: error.message };
  return null;
}

const KNOWN = ['type', 'title', 'status', 'code', 'detail', 'errors'];

/** Title and code, detail, then each field at fault and each fact on a line of its own. */
function problemText(problem: Problem): string {
  const fields = (problem.errors ?? []).map(
    ({ pointer, code, detail }) => `  ${pointer === '' ? '(body)' : pointer}: ${detail} (${code})`,
  );
  const facts = Object.entries(problem)
    .filter(([name]) => !KNOWN.includes(name))
    .map(([name, value]) => `  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [`${problem.title} (${problem.status} ${problem.code})`, `  ${problem.detail}`, ...fields, ...facts].join(
    '\n',
  );
}
