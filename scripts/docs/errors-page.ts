/** docs/generated/errors.md: every code a client can meet, from the table that answers with it. */
import type { FastifyReply } from 'fastify';
import { PROBLEMS, sendProblem } from '../../src/api/problems.ts';
import { code, page, table } from './page.ts';

export function errorsPage(): string {
  const rows = Object.entries(PROBLEMS).map(([name, { status, title }]) => [
    String(status),
    code(name),
    title,
    retryAfterOf(name),
  ]);
  return page(
    'Errors',
    '`src/api/problems.ts`',
    'Errors of the REST API are problem details (RFC 9457), `application/problem+json`: `type` is `/problems/<code>`, `code` ' +
      'is stable, `detail` is for people, `errors` names fields by JSON Pointer, further members are facts of the refusal. ' +
      'The vault answers with codes of its own (`src/vault/problems.ts`).',
    table(['status', 'code', 'title', 'Retry-After'], rows),
  );
}

/** The header that goes with a code, learned by sending the problem to a reply that only listens. */
function retryAfterOf(name: string): string {
  let seconds = '';
  const listener = {
    header: (field: string, value: string) => {
      if (field === 'retry-after') seconds = `${value} s`;
      return listener;
    },
    code: () => listener,
    type: () => listener,
    send: () => listener,
  };
  // sendProblem uses these four methods of a reply and no others.
  sendProblem(listener as unknown as FastifyReply, { code: name, detail: '' });
  return seconds;
}
