/**
 * Sends a request that needs a card to its network. The caller writes placeholders, the vault fills them in and hands back
 * the network's answer; no other process ever sees a number (DESIGN §6), not even when a network echoes it.
 *
 * Order of checks, first refusal wins: shape and template · host · token known to this caller, unused, unexpired. Then the
 * token is marked as used, durably, BEFORE anything is sent: after a crash nobody can say that the number did not leave.
 * The same operation may forward again, as an honest retry; it goes without the verification value, which the first
 * attempt used up, unless that attempt certainly reached no issuer (no connection, or 401). A body without a place for
 * the value leaves it where it is: an authentication comes before the charge that needs it.
 */
import { instant, wallNow } from '../base/clock.ts';
import { parseId } from '../base/ids.ts';
import { allowedTarget } from './allow-list.ts';
import { openNumber } from './envelope.ts';
import { type ForwardRequest, parseForward } from './forward-request.ts';
import { type NetworkAnswer, type NetworkOutcome, sendToNetwork } from './network.ts';
import { asksForCvv, fillTemplate } from './placeholders.ts';
import type { FieldError, ProblemCode } from './problems.ts';
import { scrubber } from './scrub.ts';
import type { CardRow } from './store.ts';
import type { TokenizeDeps } from './tokenize.ts';

export interface ForwardDeps extends TokenizeDeps {
  readonly allowedHosts: readonly string[];
}

export type Forwarded =
  | { readonly ok: true; readonly answer: NetworkAnswer }
  | { readonly ok: false; readonly code: ProblemCode; readonly errors?: readonly FieldError[] };

/** Handles POST /forward. @param timeoutHeader the request's `x-timeout-ms`. @throws store faults, before sending only. */
export async function forward(deps: ForwardDeps, body: unknown, timeoutHeader: unknown): Promise<Forwarded> {
  const parsed = parseForward(body, timeoutHeader);
  if (!parsed.ok) return { ok: false, code: 'bad_request', errors: parsed.errors };
  const { request } = parsed;
  const target = allowedTarget(request.url, deps.allowedHosts);
  if (target === null) return { ok: false, code: 'host_not_allowed' };
  const token = parseId('tok', request.token);
  if (token === null) return { ok: false, code: 'unknown_token' };
  const { operation, owner } = request;
  const claim = await deps.store.claim({ token, operation, owner, now: instant(wallNow()) });
  if (claim.outcome !== 'claimed') return { ok: false, code: claim.outcome };
  const number = openNumber(await deps.keyring.dataKey(claim.card.keyId), claim.card, claim.card);
  return send(deps, { request, target, card: claim.card, number });
}

interface Sending {
  readonly request: ForwardRequest;
  readonly target: URL;
  readonly card: CardRow;
  readonly number: string;
}

async function send({ cvvs }: ForwardDeps, { request, target, card, number }: Sending): Promise<Forwarded> {
  const held = asksForCvv(request.template) ? cvvs.take(request.token) : undefined;
  const { expiryMonth, expiryYear } = card;
  const body = fillTemplate(request.template, { number, expiryMonth, expiryYear, cvv: held?.cvv });
  const sent = await sendToNetwork({ url: target, headers: request.headers, body, timeoutMs: request.timeoutMs });
  if (held !== undefined && reachedNoIssuer(sent)) cvvs.putBack(request.token, held);
  if (!sent.ok) return { ok: false, code: sent.code };
  const scrub = scrubber({ number, cvv: held?.cvv });
  const headers = Object.entries(sent.answer.headers).map(([name, value]) => [name, scrub(value)]);
  const scrubbed = Buffer.from(scrub(sent.answer.body.toString('latin1')), 'latin1');
  return { ok: true, answer: { ...sent.answer, headers: Object.fromEntries(headers), body: scrubbed } };
}

/** A network looks at the access token before anything else. */
const reachedNoIssuer = (sent: NetworkOutcome): boolean =>
  sent.ok ? sent.answer.status === 401 : sent.code === 'network_unreachable';
