/**
 * What the vault answers when it says no: problem details (RFC 9457) with a stable code. Invariant: no text here is made
 * from what the caller sent, because a card number may be anywhere in it, a field's name included.
 *
 * On /forward, where an answer may also be the network's own, every answer of the vault itself carries `x-vault-error`.
 */
import type { FastifyReply } from 'fastify';

/** Every refusal and fault the vault answers with; `status` is the HTTP status. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request is malformed' },
  bad_request: { status: 400, title: 'The forward request is malformed' },
  unauthorized: { status: 401, title: 'The bearer secret is missing or wrong' },
  host_not_allowed: { status: 403, title: 'Card numbers may not be sent to this address' },
  parent_not_allowed: { status: 403, title: 'This page may not show the card form' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  unknown_token: { status: 404, title: 'There is no such token' },
  token_used: { status: 409, title: 'The token has served another operation' },
  token_expired: { status: 410, title: 'The token has expired' },
  not_storable: { status: 409, title: 'Only a single-use token of this marketplace can become a stored card' },
  unknown_key: { status: 404, title: 'There is no such key' },
  key_in_use: { status: 409, title: 'The key is current, or something is still wrapped by it' },
  payload_too_large: { status: 413, title: 'The body is larger than 8 kB' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  invalid_card: { status: 422, title: 'The card cannot be accepted' },
  vault_fault: { status: 503, title: 'The vault cannot work at the moment; nothing was sent' },
  network_unreachable: { status: 502, title: 'The network refused the connection; it cannot have acted' },
  network_no_answer: { status: 504, title: 'The network gave no complete answer; it may have acted' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One field that is to blame: where (JSON Pointer, RFC 6901), a stable code, and words for a person. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** Answers with a problem. `errors` is listed only when there are any. */
export function sendProblem(reply: FastifyReply, code: ProblemCode, errors: readonly FieldError[] = []): FastifyReply {
  const { status, title } = PROBLEMS[code];
  const body = { type: 'about:blank', title, status, code, ...(errors.length > 0 ? { errors } : {}) };
  return reply.code(status).header('content-type', 'application/problem+json').send(JSON.stringify(body));
}

/** Answers /forward with a problem that cannot be taken for the network's answer. */
export function sendVaultError(reply: FastifyReply, code: ProblemCode, errors?: readonly FieldError[]): FastifyReply {
  return sendProblem(reply.header('x-vault-error', code), code, errors);
}
